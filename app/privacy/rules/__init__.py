"""Pure rules of privacy: gaps in public texts, and what becomes of every reference to a person."""
