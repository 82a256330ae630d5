"""Pure rules of signing in: what a provider said, one-time codes, recovery codes, delays, names of browsers."""
