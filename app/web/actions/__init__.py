"""The pages of action items: the list with its files and many at once, one action with its reports, the form."""
