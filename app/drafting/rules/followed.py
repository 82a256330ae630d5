"""The tables of decisions and actions: all that is open, what is due first, and what is over until it was told."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app import text
from app.agenda.models import ItemKind, Level, SectionKey
from app.drafting.rules.order import ACTIONS, DECISIONS, SECRET_ACTIONS, SECRET_DECISIONS
from app.drafting.rules.words import day
from app.drafting.schemas import DraftInputs, FollowedThing, Proposal, Reason, Rule

LONGEST_TITLE = 140
"""Longer titles are cut in a line; the decision itself has them whole."""


@dataclass(frozen=True, slots=True)
class Table:
    """One grouped item. Confidential lines stand in an item of their own, so every edition has what it may have."""

    key: str
    rule: Rule
    title: str
    confidential: bool = False


TABLES = (
    Table(DECISIONS, Rule.DECISION_DUE, "Stand der Beschlüsse"),
    Table(SECRET_DECISIONS, Rule.DECISION_DUE, "Stand der vertraulichen Beschlüsse", confidential=True),
    Table(ACTIONS, Rule.ACTION_OVERDUE, "Stand der Aufträge"),
    Table(SECRET_ACTIONS, Rule.ACTION_OVERDUE, "Stand der vertraulichen Aufträge", confidential=True),
)


def of_followed(inputs: DraftInputs) -> list[Proposal]:
    """The grouped proposals of decisions and actions, each only where it has lines."""
    found = []
    for table in TABLES:
        lines = [
            one
            for one in inputs.followed
            if one.rule is table.rule and (one.level is Level.CONFIDENTIAL) is table.confidential
        ]
        if lines:
            found.append(_of_table(table, lines, inputs.meeting.on))
    return found


def _of_table(table: Table, lines: Iterable[FollowedThing], meeting_on: dt.date) -> Proposal:
    return Proposal(
        key=table.key,
        section=SectionKey.IMPLEMENTATION,
        kind=ItemKind.REPORT,
        title=table.title,
        minutes=0,
        score=0,
        reasons=tuple(
            Reason(
                one.rule,
                line(one, meeting_on),
                since=one.closed_on or one.due_on,
                thing=one.key,
                closed=one.closed_on is not None,
            )
            for one in sorted(lines, key=lambda one: _place(one, meeting_on))
        ),
        level=Level.CONFIDENTIAL if table.confidential else Level.INTERNAL,
    )


def is_due(one: FollowedThing, meeting_on: dt.date) -> bool:
    """Whether it is to be reported at the meeting on *meeting_on*: due on or before that day."""
    if one.closed_on is not None:
        return False
    return one.at_next if one.due_on is None else one.due_on <= meeting_on


def line(one: FollowedThing, meeting_on: dt.date) -> str:
    """Fällig am 12.05.2026: SKIP 2026/03 „Flächen sichern“ (12.11.2025), in Umsetzung"""
    title = one.title if len(one.title) <= LONGEST_TITLE else f"{one.title[: LONGEST_TITLE - 1].rstrip()}…"
    named = f"{one.number} „{text.one_line(title)}“ ({day(one.taken_on)}), {one.state}"
    if one.closed_on is not None:
        return f"Erledigt: {named}, Stand {day(one.closed_on)}"
    if is_due(one, meeting_on):
        return f"Fällig am {day(one.due_on)}: {named}" if one.due_on else f"Fällig: {named}"
    word = "Frist" if one.rule is Rule.ACTION_OVERDUE else "Wiedervorlage"
    return f"Offen: {named}, {f'{word} {day(one.due_on)}' if one.due_on else 'ohne Termin'}"


def _place(one: FollowedThing, meeting_on: dt.date) -> tuple[int, dt.date, str, str]:
    """Due first, the longest due before all; then open; then what is over."""
    rank = 2 if one.closed_on is not None else 0 if is_due(one, meeting_on) else 1
    return rank, one.closed_on or one.due_on or dt.date.max, text.number_key(one.number), one.key
