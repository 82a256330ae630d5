"""Pure rules of papers: names of files, what may be uploaded and how it is looked into, German words."""
