"""Searching decisions by parts of words: what is folded, and how a search is read."""

import re
from collections.abc import Iterable

from app import text

LONGEST_SEARCH = 200
SHORT = 2
"""Words of so many letters are found whole only: "KI" in "KI-Strategie", but not in "SKIP"."""

_WORD = re.compile(r"\w+")


def folded(parts: Iterable[str]) -> str:
    """The texts of a decision as the register searches them: levelled, one line for each, then its short words."""
    lines = [" ".join(text.fold(part).split()) for part in parts]
    short = sorted({word for line in lines for word in _WORD.findall(line) if len(word) <= SHORT})
    return "\n".join([*lines, f" {' '.join(short)} "])


def patterns(search: str) -> list[str]:
    """One LIKE pattern (escape ``\\``) for each word of a search; every one must be found, wherever in a word.

    So "Flächen" is found in "Gewerbeflächenkonzept", which word indexes miss; short words are found whole.
    """
    words = text.fold(search[:LONGEST_SEARCH]).split()
    return [_pattern(word) for word in words]


def _pattern(word: str) -> str:
    safe = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"% {safe} %" if len(word) <= SHORT and word.isalnum() else f"%{safe}%"
