"""Papers: files with versions, level and hash; link tables belong to their owners."""
