"""Demo data: real institutions, structure, meetings and projects without status, and an invented story beside them."""
