"""Personal links: addresses that are keys, for one purpose, one person and a time, used without a sign-in."""
