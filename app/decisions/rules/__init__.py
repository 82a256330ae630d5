"""Rules about decisions: pure functions and tables."""
