"""From project status to agenda proposals: the rules, their reasons, and the delta between then and now."""
