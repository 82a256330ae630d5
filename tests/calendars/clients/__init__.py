"""Real calendar programs that subscribe to a running server; run by hand, see ``__main__``."""
