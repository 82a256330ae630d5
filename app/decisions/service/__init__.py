"""What people do with decisions, a file for each subject."""
