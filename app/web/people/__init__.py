"""Pages of bodies, persons, institutions and accounts."""
