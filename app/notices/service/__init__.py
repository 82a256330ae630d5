"""Making, sending and choosing notices."""
