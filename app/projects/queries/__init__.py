"""Reading projects, one file per subject; every statement starts from ``readable_projects`` or a project at hand."""
