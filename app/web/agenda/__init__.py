"""Pages of an agenda, from proposals through releases to the chair's notes."""
