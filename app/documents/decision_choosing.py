"""Assembles the extract of a decision and the register of a year as one reader may see them."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda.queries import numbers_of_items
from app.bodies import rules as settings
from app.bodies.models import Body
from app.bodies.queries import load_rules, name_on
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision, DecisionProject
from app.decisions.queries.clause_lines import ClauseLine, clause_lines
from app.decisions.queries.following import meetings_of
from app.decisions.rules.following import WORDS as STATE_WORDS
from app.decisions.rules.numbers import number_shown
from app.decisions.rules.words import outcome_word, taking_words
from app.decisions.schemas import read_statuses
from app.documents.decision_values import (
    ClauseValues,
    DecisionValues,
    ExtractValues,
    HouseValues,
    ProjectValues,
    RegisterValues,
)
from app.installation.queries import is_demo
from app.meetings.models import Meeting
from app.meetings.queries import load_meeting
from app.meetings.rules import life
from app.minutes.queries import find_minutes
from app.visibility import LEVEL_WORDS, Matter, reads

RESERVATION = "Vorbehaltlich der Genehmigung der Niederschrift"


def choose_extract(session: Session, actor: Actor, body: Body, decision: Decision) -> ExtractValues:
    """The extract of a readable decision of *body*, with its reservation until the minutes are approved."""
    values = _values(session, actor, [decision])[0]
    meeting_id = queries.meeting_of(session, decision)
    meeting = load_meeting(session, meeting_id) if meeting_id is not None else None
    reservation, approval = _standing(session, meeting)
    return ExtractValues(
        house=_house(session, body, decision.decided_on or actor.on),
        decision=values,
        reservation=reservation,
        approval=approval,
        provisional=not decision.number,
        made_at=clock.now(),
        changed_at=decision.changed_at,
    )


def choose_register(session: Session, actor: Actor, body: Body, year: int) -> RegisterValues:
    """The readable decisions of *body* in a year, oldest first."""
    wanted = queries.DecisionFilter(body_id=ident(body), year=year)
    rows = queries.list_decisions(session, actor, wanted, oldest_first=True)
    return RegisterValues(
        house=_house(session, body, dt.date(year, 12, 31)),
        year=year,
        edition=_edition(actor, ident(body)),
        decisions=tuple(_values(session, actor, rows)),
        made_at=clock.now(),
        changed_at=max((row.changed_at for row in rows), default=clock.now()),
    )


def _edition(actor: Actor, body_id: int) -> str:
    """Which of the decisions the reader gets, in a word for the footer."""
    if reads(actor, Matter.CONFIDENTIAL, body_id):
        return "vollständig"
    return "ohne Vertrauliches" if reads(actor, Matter.INTERNAL, body_id) else "Auswahl"


def _standing(session: Session, meeting: Meeting | None) -> tuple[str, str]:
    """The reservation, and the sentence about the approval; one of them, or none where there is no meeting."""
    if meeting is None:
        return "", ""
    minutes = find_minutes(session, ident(meeting))
    if minutes is None or minutes.approved_on is None:
        return RESERVATION, ""
    approved = text.date(minutes.approved_on)
    return "", f"Die Niederschrift der {life.label_with_date(meeting)} wurde am {approved} genehmigt."


def _house(session: Session, body: Body, on: dt.date) -> HouseValues:
    book = load_rules(session, ident(body))
    return HouseValues(
        demo=is_demo(session),
        body=name_on(body, on),
        short_name=body.short_name,
        letterhead=tuple(line for line in str(book[settings.LETTERHEAD]).split("\n") if line),
        sender=book[settings.SENDER],
        reference=book[settings.REFERENCE],
    )


def _values(session: Session, actor: Actor, rows: Sequence[Decision]) -> list[DecisionValues]:
    """Decisions in words; a number of queries that does not grow with them, but with their days and meetings."""
    ids = [ident(row) for row in rows]
    whole = queries.ids_read_whole(session, actor, ids)
    clauses, links = clause_lines(session, rows, actor.on), queries.projects_of(session, ids)
    places = _places(session, rows)
    others = _others(session, actor, rows)
    return [
        _value(row, clauses.get(ident(row), ()), links.get(ident(row), ()), places, others, whole=ident(row) in whole)
        if not row.void_reason
        else DecisionValues(
            number=row.number,
            title="",
            decided_on=row.decided_on,
            place=places.get(ident(row), ""),
            void_reason=row.void_reason,
        )
        for row in rows
    ]


def _value(
    row: Decision,
    clauses: Sequence[ClauseLine],
    links: Sequence[DecisionProject],
    places: Mapping[int, str],
    others: Mapping[int, tuple[str, str]],
    *,
    whole: bool,
) -> DecisionValues:
    replaces, replaced_by = others.get(ident(row), ("", ""))
    taken_over = bool(row.number) and row.serial is None
    how = taking_words(row.taking, row.yes, row.no, row.abstentions, chair=row.chair_vote)
    there = "" if row.present is None else f"{row.present} von {row.entitled} stimmberechtigten Sitzen"
    return DecisionValues(
        number=number_shown(row),
        title=row.title,
        decided_on=row.decided_on,
        place=places.get(ident(row), ""),
        outcome=outcome_word(row.outcome),
        taking=how if whole and not taken_over else "",
        present=there if whole else "",
        quorum=row.quorum if whole else "",
        level=LEVEL_WORDS[row.level],
        wording=row.wording,
        clauses=tuple(
            ClauseValues(position=one.position, verb=one.verb, text=one.text, whom=one.whom, due_on=one.due_on)
            for one in clauses
        ),
        projects=_projects(row, links) if whole else (),
        replaces=replaces,
        replaced_by=replaced_by,
        state=STATE_WORDS[row.state] if whole and row.number else "",
        source=row.source if whole else "",
    )


def _projects(row: Decision, links: Sequence[DecisionProject]) -> tuple[ProjectValues, ...]:
    """The projects as they were frozen with the number; a provisional decision names none yet."""
    known = read_statuses(row.statuses)
    then = [known[one.project_id] for one in links if one.project_id in known]
    return tuple(ProjectValues(code=one.code, title=one.title, light=one.light) for one in then)


def _places(session: Session, rows: Sequence[Decision]) -> dict[int, str]:
    """In which meeting, at which item."""
    numbers = numbers_of_items(session, [row.item_id for row in rows if row.item_id is not None])
    found = {}
    meetings = meetings_of(session, rows)
    known = {key: load_meeting(session, key) for key in set(meetings.values())}
    for row in rows:
        meeting = known.get(meetings[ident(row)]) if ident(row) in meetings else None
        if meeting is not None:
            number = numbers.get(row.item_id or 0, "")
            found[ident(row)] = f"{life.label_with_date(meeting)}{f', TOP {number}' if number else ''}"
    return found


def _others(session: Session, actor: Actor, rows: Sequence[Decision]) -> dict[int, tuple[str, str]]:
    """What each replaces and by what it is replaced, as far as the reader may know."""
    ids = [ident(row) for row in rows]
    earlier = queries.readable_numbers(session, actor, [row.replaces_id for row in rows if row.replaces_id])
    later = queries.replacing_numbers(session, actor, ids)
    return {ident(row): (earlier.get(row.replaces_id or 0, ""), later.get(ident(row), "")) for row in rows}
