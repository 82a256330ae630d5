"""Bodies (Gremien): seats and who holds them, sections of the agenda, rules with their provenance."""
