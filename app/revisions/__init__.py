"""Editing together: autosaved texts, their closed revisions, and who is writing where."""
