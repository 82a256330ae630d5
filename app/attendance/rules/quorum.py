"""Whether a body may decide: by its own rule, in a sentence that says why (domain §5, model of § 90 VwVfG)."""

from dataclasses import dataclass

from app.attendance.rules.settings import QUORUM, QuorumModel
from app.attendance.rules.votes import Count, count_votes
from app.attendance.schemas import Room
from app.bodies.rules import RuleBook

LEAST = 3
"""§ 90 Abs. 1 VwVfG: at least three members entitled to vote."""

NO_RULE = "Für die Beschlussfähigkeit hat das Gremium keine Regel."
AGAIN = (
    "beschlussfähig ohne Rücksicht auf die Zahl der Anwesenden: zweite Einladung zu derselben Sache mit diesem Hinweis"
)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether the body is quorate (None: it has no rule), in a German sentence."""

    met: bool | None
    sentence: str


def quorum(book: RuleBook, room: Room) -> Quorum:
    """Whether the people of *room* may decide, by the rule of the body."""
    if book[QUORUM] != QuorumModel.VWVFG:
        return Quorum(None, NO_RULE)
    count = count_votes(room)
    seats = _seats(count)
    if room.repeat is not None and room.repeat.says_so and room.repeat.for_item:
        return Quorum(True, f"{seats} anwesend; {AGAIN}.")
    missing = _missing(room, count)
    if missing:
        return Quorum(False, f"Nicht beschlussfähig: {seats} anwesend, {missing}.")
    return Quorum(True, f"Beschlussfähig: {seats} anwesend.")


def _missing(room: Room, count: Count) -> str:
    if not room.invited:
        return "aber es wurden nicht alle eingeladen"
    needed = max(count.entitled // 2 + 1, LEAST)
    return f"nötig sind {needed}" if count.present < needed else ""


def _seats(count: Count) -> str:
    return f"{count.present} von {count.entitled} stimmberechtigten Sitzen"
