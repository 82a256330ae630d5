"""Pure rules about projects and their status, one file per subject."""
