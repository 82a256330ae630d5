"""The German handbook: pages written in Markdown beside the templates, read once, and a search over them."""
