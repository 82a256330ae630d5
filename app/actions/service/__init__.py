"""What people do with action items, one function for each act."""
