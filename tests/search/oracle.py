"""What the databases decide in searches, said once more in plain words."""

from app.search.rules.words import Term


def matches(terms: list[Term], where: str) -> bool:
    """Whether a folded text holds what a search asks for."""
    wanted = [term for term in terms if not term.excluded]
    return bool(wanted) and all(any(one in where for one in term.needles) != term.excluded for term in terms)
