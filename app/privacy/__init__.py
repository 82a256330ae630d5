"""What is stored about a person: handed out, removed, kept as long as its kind may be."""
