"""Pure rules of attendance: settings, who votes, quorum, words."""
