"""Reading circular procedures, a file for each subject."""
