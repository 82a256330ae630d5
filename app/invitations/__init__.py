"""Invitations by mail: who is told what of a meeting, what changed since, and what came back as an answer."""
