"""Papers (Vorlagen, Anlagen, Tischvorlagen): files with versions and a level; their owners say where they hang."""
