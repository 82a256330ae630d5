"""Decisions: wording in clauses, outcome, votes, gap-free numbers, and what became of them (Beschlusskontrolle)."""
