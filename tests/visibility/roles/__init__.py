"""What each role sees, one file each: a table of objects and channels, written by hand after domain §6."""
