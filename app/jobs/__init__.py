"""Work for later: a queue in the caller's own transaction, and the worker that takes from it."""
