"""Pages of circular procedures: their list, one of them, and the form of a draft."""
