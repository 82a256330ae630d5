"""Searching decisions by parts of words: what is folded, and how a search is read."""

from collections.abc import Iterable

from app import text

LONGEST_SEARCH = 200


def folded(parts: Iterable[str]) -> str:
    """The texts of a decision as the register searches them: levelled, one line for each."""
    return "\n".join(" ".join(text.fold(part).split()) for part in parts)


def patterns(search: str) -> list[str]:
    """One LIKE pattern (escape ``\\``) for each word of a search; every one must be found, wherever in a word.

    So "KI" is found, and "Flächen" in "Gewerbeflächenkonzept", which word indexes miss.
    """
    words = text.fold(search[:LONGEST_SEARCH]).split()
    return ["%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in words]
