"""What people do with minutes, one function for each act."""
