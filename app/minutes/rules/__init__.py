"""Rules of minutes as pure functions."""
