"""Pages of projects: list, forms, reports, story, import."""
