"""The German pages: one file per subject, named like its template folder."""
