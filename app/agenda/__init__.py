"""The agenda of a meeting: items and proposals, the topic backlog, and releases with their frozen versions."""
