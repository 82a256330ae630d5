"""What people do about privacy, one function each."""
