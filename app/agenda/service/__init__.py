"""What people do with an agenda, one file per subject."""
