"""Pages of the topic backlog and of registered topics."""
