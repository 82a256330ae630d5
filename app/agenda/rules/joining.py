"""Joining several proposals into one item: what its title, section, minutes and texts begin as."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app import text
from app.agenda.models import ItemKind, Level, Proposal, SectionKey

PRECEDENCE = (
    SectionKey.MAIN_TOPIC,
    SectionKey.DECISION,
    SectionKey.DEBATE,
    SectionKey.IMPLEMENTATION,
    SectionKey.FORMALITIES,
    SectionKey.CONSENT,
    SectionKey.MISCELLANEOUS,
)
"""The section of what was joined: the first of these (domain §4: Beschlussfassung before Beratung before the rest)."""

_LEVELS = (Level.PUBLIC, Level.INTERNAL, Level.CONFIDENTIAL)
_CLAUSE = re.compile(r"^\s*\d{1,2}\.\s+", re.MULTILINE)
LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an item of several proposals begins as; every part may be edited."""

    title: str
    section: SectionKey
    kind: ItemKind
    minutes: int
    presenter: str
    occasion: str
    proposed_decision: str
    level: Level


def suggest(proposals: Sequence[Proposal]) -> Suggestion:
    """All titles, the weightiest section, the longest time, all texts one after the other, the strictest level."""
    lead = min(proposals, key=lambda one: PRECEDENCE.index(one.section))
    return Suggestion(
        title=_title([one.title for one in proposals]),
        section=lead.section,
        kind=lead.kind,
        minutes=max(one.minutes for one in proposals),
        presenter=_cut("; ".join(dict.fromkeys(one.presenter for one in proposals if one.presenter)), 300),
        occasion="\n".join(f"{one.title}: {one.occasion}" for one in proposals if one.occasion),
        proposed_decision=joined_clauses(one.proposed_decision for one in proposals),
        level=max((one.level for one in proposals), key=_LEVELS.index),
    )


def joined_clauses(texts: Iterable[str]) -> str:
    """Proposed decisions one below the other; numbered clauses of several are counted through."""
    parts = [part for part in map(text.clean, texts) if part]
    whole = "\n".join(parts)
    if len(parts) < 2 or not all(_CLAUSE.match(part) for part in parts):
        return whole
    count = iter(range(1, 1000))
    return _CLAUSE.sub(lambda _: f"{next(count)}. ", whole)


def _title(titles: Sequence[str]) -> str:
    whole = text.joined(list(dict.fromkeys(titles)))
    return whole if len(whole) <= LONGEST_TITLE else _cut(titles[0], LONGEST_TITLE - 7) + " u. a."


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
