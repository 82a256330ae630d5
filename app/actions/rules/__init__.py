"""Pure rules of action items: words, rights, dates and steps."""
