"""Reading notices: whom something concerns, what waits, and what each of them is told."""
