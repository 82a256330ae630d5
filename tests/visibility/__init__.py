"""Who sees what: every role, every channel, every object, on every route that exists."""
