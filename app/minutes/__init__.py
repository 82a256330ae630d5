"""Minutes: what is written while people talk, its review, approval and addenda; closing a meeting with its results."""
