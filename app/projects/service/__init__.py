"""What people do with projects and their status, one file per subject."""
