"""Pure rules of the agenda, one file per subject."""
