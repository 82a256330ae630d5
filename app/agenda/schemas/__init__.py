"""Shapes of the agenda: ``frozen`` is what a release keeps for ever, ``wishes`` is what people send."""
