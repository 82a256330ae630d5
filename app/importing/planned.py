"""What an import would do to a thing, in words that every preview uses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app import text

_LONGEST = 120


class Outcome(StrEnum):
    """What an import does to a thing; the value is the word of the summary."""

    NEW = "neu"
    CHANGED = "geändert"
    CORRECTED = "berichtigt"
    UNCHANGED = "unverändert"


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after, as people read them; "" = empty. ``name`` is what the history calls the value."""

    label: str
    before: str
    after: str
    name: str = field(default="", compare=False)


def summary_of(outcomes: Iterable[Outcome]) -> str:
    """neu 3, geändert 1, berichtigt 0, unverändert 184"""
    counts = Counter(outcomes)
    return ", ".join(f"{outcome.value} {counts[outcome]}" for outcome in Outcome)


def change_line(change: Change) -> str:
    """Ampel: grün → rot"""
    return f"{change.label}: {shortened(change.before) or 'leer'} → {shortened(change.after) or 'leer'}"


def shortened(words: str) -> str:
    """*words* on one line, cut after 120 characters."""
    line = text.one_line(words)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
