"""What is true of this installation as a whole: whether it shows invented demo data, and how long what is kept."""
