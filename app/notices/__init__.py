"""Notices and reminders: who is told of what by mail, at once or once a day, and what is new for somebody."""
