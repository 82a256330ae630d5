"""The JSON API, version 1: one thin file per subject."""
