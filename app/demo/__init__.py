"""Demo data: the real structure with invented projects, statuses and persons, marked as such."""
