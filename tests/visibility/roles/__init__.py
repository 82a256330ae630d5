"""What each role sees, one file each: a table of objects and channels, written by hand after domain §6.

Files marked ``once`` walk on SQLite only (``expectations.ON_BOTH`` says who walks on both).
"""
