"""Pure rules of notices: the table of kinds, and when reminders and mails are due."""
