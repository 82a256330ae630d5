"""What people send about minutes."""
