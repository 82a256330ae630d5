"""Reading for the search: what is indexed of an object, which entries match, and which of them somebody may read."""
