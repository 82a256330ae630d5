"""Followed decisions as lines of lists, on the page and in files."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.bodies.queries import load_bodies
from app.db import ident
from app.decisions import queries
from app.decisions.models import Clause, Decision, FollowUp, FollowUpState
from app.decisions.queries.following import follow_ups_of, meetings_of, next_meeting
from app.decisions.rules.following import CLOSED, WORDS, due_words, is_due, possible
from app.meetings.models import Meeting
from app.meetings.queries import list_meetings
from app.meetings.rules import life
from app.people.queries import names_on
from app.visibility import Level
from app.web.tables import Column, Kind

UNFOLLOWED = "nicht nachgehalten"
"""Said of decisions that ask nothing of anybody: rejected ones, and those only taken note of."""


@dataclass(frozen=True, slots=True)
class FollowLine:
    """A followed decision. ``due``: in words; ``late``: its date has come; ``next_meeting``: it will be told there.

    ``choices``: the states that an entry may have, where the reader may make one. ``reported``: the meeting that was
    told that it is over.
    """

    id: int
    version: int
    number: str
    title: str
    body: str
    decided_on: dt.date | None
    meeting: str
    meeting_id: int | None
    state: FollowUpState
    due_on: dt.date | None
    due: str
    late: bool
    next_meeting: bool
    institutions: str
    last: FollowUp | None
    done_on: dt.date | None
    reported: str
    confidential: bool
    choices: tuple[tuple[str, str], ...]
    followed: bool = True

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state] if self.followed else UNFOLLOWED

    @property
    def closed(self) -> bool:
        """Whether nothing is followed any more."""
        return self.state in CLOSED

    @property
    def rank(self) -> tuple[int, dt.date]:
        """Due first, the longest due before all; then open by date; then what is over."""
        if self.closed:
            return 3, self.decided_on or dt.date.max
        rank = 0 if self.late else 1 if self.next_meeting else 2
        return rank, self.due_on or self.decided_on or dt.date.max


COLUMNS: list[Column[FollowLine]] = [
    Column("Nummer", lambda row: row.number, Kind.CODE),
    Column("Beschluss", lambda row: row.title, Kind.NAME),
    Column("Gremium", lambda row: row.body),
    Column("Beschlossen am", lambda row: row.decided_on, Kind.DATE),
    Column("Sitzung", lambda row: row.meeting),
    Column("Stand der Umsetzung", lambda row: row.word),
    Column("Wiedervorlage", lambda row: row.due_on if row.followed else None, Kind.DATE),
    Column("Fällig", lambda row: row.due if row.followed else ""),
    Column("Zuständig", lambda row: row.institutions),
    Column("Letzter Eintrag", lambda row: row.last.text if row.last else ""),
    Column("Grund", lambda row: row.last.reason if row.last else ""),
    Column("Stand vom", lambda row: row.last.as_of if row.last else None, Kind.DATE),
    Column("Umgesetzt am", lambda row: row.done_on, Kind.DATE),
    Column("Berichtet in", lambda row: row.reported),
    Column("Vertraulich", lambda row: "ja" if row.confidential else "nein"),
]


def follow_lines(session: Session, actor: Actor, decisions: Sequence[Decision]) -> list[FollowLine]:
    """The lines of decisions, due first; a fixed number of queries, and one for each body."""
    ids = [ident(one) for one in decisions]
    clauses = queries.clauses_of(session, ids)
    named = {clause.organisation_id for there in clauses.values() for clause in there if clause.organisation_id}
    names = {key: name.short for key, name in names_on(session, named, clock.today()).items()}
    entries, places = follow_ups_of(session, ids), meetings_of(session, decisions)
    meetings = {ident(one): one for one in list_meetings(session, actor)} if decisions else {}
    bodies = {key: body.short_name for key, body in load_bodies(session).items()}
    coming = {one: next_meeting(session, one, clock.now()) for one in {decision.body_id for decision in decisions}}
    lines = [
        _line(
            actor,
            one,
            bodies[one.body_id],
            meetings.get(places.get(ident(one), 0)),
            coming[one.body_id],
            _institutions(clauses.get(ident(one), ()), names),
            entries.get(ident(one), []),
            meetings.get(one.reported_in_id or 0),
        )
        for one in decisions
    ]
    return sorted(lines, key=lambda line: (*line.rank, text.number_key(line.number), line.id))


def _institutions(clauses: Sequence[Clause], names: dict[int, str]) -> str:
    return ", ".join(dict.fromkeys(names[one.organisation_id] for one in clauses if one.organisation_id in names))


def _line(
    actor: Actor,
    decision: Decision,
    body: str,
    meeting: Meeting | None,
    coming: Meeting | None,
    institutions: str,
    entries: Sequence[FollowUp],
    reported: Meeting | None,
) -> FollowLine:
    today, running = clock.today(), decision.state not in CLOSED
    due = due_words(decision.state, decision.due_on, today)
    if running and decision.due_on is None and coming is not None:
        due = f"{due} ({text.date(life.day_of(coming))})"
    may = actor.has(Role.SECRETARIAT, decision.body_id)
    at_next = running and (decision.due_on is None or (coming is not None and decision.due_on <= life.day_of(coming)))
    return FollowLine(
        id=ident(decision),
        version=decision.version,
        number=decision.number,
        title=decision.title,
        body=body,
        decided_on=decision.decided_on,
        meeting=life.label_with_date(meeting) if meeting else "",
        meeting_id=meeting.id if meeting else None,
        state=decision.state,
        due_on=decision.due_on,
        due=due,
        late=is_due(decision.state, decision.due_on, today),
        next_meeting=at_next,
        institutions=institutions,
        last=entries[-1] if entries else None,
        done_on=decision.done_on,
        reported=life.label_with_date(reported) if reported else "",
        confidential=decision.level is Level.CONFIDENTIAL,
        choices=tuple((one.value, WORDS[one]) for one in possible(decision.state)) if may else (),
    )
