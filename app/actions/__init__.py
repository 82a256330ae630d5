"""Action items: who does what until when, from a clause or by hand, with their dated progress."""
