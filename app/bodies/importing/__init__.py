"""The import of institutions, persons, seats and who sits there: checked rows -> plan; all of it pure."""
