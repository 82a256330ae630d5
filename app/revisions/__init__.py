"""Texts that several people write: what each wrote in a stretch, what stood before, and who is at it now."""
