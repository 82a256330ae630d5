"""What is done with invitations: planned, written, sent, answered by link, answered by mail."""
