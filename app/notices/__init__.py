"""Notices and reminders: what people are told by mail, when, and what each of them chose."""
