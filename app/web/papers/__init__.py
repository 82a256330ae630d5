"""Papers wherever they hang: at a meeting and its items, a project, a registered topic, an entry of the backlog."""
