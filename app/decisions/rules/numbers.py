"""The numbers of decisions and actions: "SKIP 2026/03" and "A 2026/014" (domain §5)."""

from collections.abc import Mapping

from app.decisions.models import Decision, SeriesKind
from app.decisions.rules.words import PROVISIONAL

_DIGITS: Mapping[SeriesKind, int] = {SeriesKind.DECISION: 2, SeriesKind.ACTION: 3}
_PREFIX: Mapping[SeriesKind, str] = {SeriesKind.ACTION: "A"}


def number_text(short_name: str, kind: SeriesKind, year: int, serial: int) -> str:
    """SKIP 2026/03 for the third decision of the body *short_name*, A 2026/014 for an action."""
    return f"{_PREFIX.get(kind, short_name)} {year}/{serial:0{_DIGITS[kind]}d}"


def number_shown(decision: Decision) -> str:
    """The number of a decision as pages and documents show it; "vorläufig" before it has one."""
    if not decision.number:
        return PROVISIONAL
    return f"{decision.number} (nicht vergeben)" if decision.void_reason else decision.number
