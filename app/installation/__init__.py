"""What is true of this installation as a whole: for now, whether it shows invented demo data."""
