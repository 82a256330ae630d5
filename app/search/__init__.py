"""Full text search over everything somebody may read."""
