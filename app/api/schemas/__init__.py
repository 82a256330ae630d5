"""Shapes of the API, one file per subject: what programs read, and the few wishes that pages do not send."""
