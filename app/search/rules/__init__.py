"""How texts are folded, searches read, hits ranked and shown, as pure functions."""
