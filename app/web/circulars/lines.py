"""Circular procedures as pages show them: a line of the list, a seat with its answer, the clauses in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.circulars.models import Ballot, BallotRole, Circular, CircularSeat, CircularState
from app.circulars.queries.answers import ballots_of, seats_asked
from app.circulars.queries.names import person_names, seat_names
from app.circulars.rules.counting import counting, is_in_time, tally
from app.circulars.rules.rights import sees_tally
from app.circulars.rules.words import ROLE_WORDS, STATE_WORDS, VOTE_WORDS, procedure_word
from app.db import ident
from app.decisions.models import Clause, Decision
from app.decisions.queries import clauses_of
from app.decisions.rules.words import VERB_WORDS
from app.people.queries import load_persons, names_on
from app.web.tables import Column, Kind

ENDED_OPEN = "beendet, Ergebnis noch nicht festgestellt"
ORDER = (CircularState.RUNNING, CircularState.DRAFT)


@dataclass(frozen=True, slots=True)
class CircularLine:
    """A procedure in a list. ``answered`` is "" for people who may not see it before the end."""

    id: int
    title: str
    body: str
    state: str
    running: bool
    ends_on: dt.date | None
    answered: str
    result: str
    decision_id: int | None
    number: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat that is asked, with the answer that counts ("" where there is none)."""

    seat_id: int
    name: str
    member: str
    chair: bool
    procedure: str = ""
    vote: str = ""
    how: str = ""
    at: dt.datetime | None = None
    remark: str = ""
    reason: str = ""
    role: BallotRole | None = None


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in words: what the body does, the text, and who shall do it until when."""

    verb: str
    text: str
    who: str


COLUMNS: list[Column[CircularLine]] = [
    Column("Gegenstand", lambda row: row.title, Kind.NAME),
    Column("Gremium", lambda row: row.body),
    Column("Stand", lambda row: row.state),
    Column("Antworten bis", lambda row: row.ends_on, Kind.DATE),
    Column("Antworten", lambda row: row.answered),
    Column("Ergebnis", lambda row: row.result),
    Column("Beschluss", lambda row: row.number, Kind.CODE),
]


def circular_lines(
    session: Session, actor: Actor, rows: Sequence[tuple[Circular, Decision]], bodies: Mapping[int, str]
) -> list[CircularLine]:
    """Readable procedures as lines: running ones by their end, then drafts, then the others; two queries."""
    ids = [ident(circular) for circular, _ in rows]
    seats, ballots = seats_asked(session, ids), ballots_of(session, ids)
    found = []
    for circular, decision in sorted(rows, key=_place):
        answered = ""
        if circular.ends_at is not None and sees_tally(actor, circular):
            counted = counting(ballots.get(ident(circular), ()), circular.ends_at)
            sum_up = tally(seats.get(ident(circular), ()), counted)
            answered = f"{sum_up.answered} von {sum_up.seats}"
        found.append(
            CircularLine(
                id=ident(circular),
                title=decision.title,
                body=bodies.get(circular.body_id, ""),
                state=state_words(circular),
                running=circular.state is CircularState.RUNNING,
                ends_on=circular.ends_on,
                answered=answered,
                result=circular.outcome_note,
                decision_id=decision.id if decision.number else None,
                number=decision.number,
            )
        )
    return found


def _place(row: tuple[Circular, Decision]) -> tuple[int, dt.date, int]:
    circular = row[0]
    rank = ORDER.index(circular.state) if circular.state in ORDER else len(ORDER)
    return rank, (circular.ends_on or dt.date.max) if rank == 0 else dt.date.max, -ident(circular)


def state_words(circular: Circular) -> str:
    """läuft; after the end of a running one that its result is not established yet."""
    over = circular.ends_at is not None and not is_in_time(clock.now(), circular.ends_at)
    return ENDED_OPEN if circular.state is CircularState.RUNNING and over else STATE_WORDS[circular.state]


def seat_lines(
    session: Session, circular: Circular, seats: Sequence[CircularSeat], ballots: Sequence[Ballot]
) -> list[SeatLine]:
    """The seats asked, each with the answer that counts; who may see them is the caller's matter."""
    on = circular.started_at.astimezone(clock.BERLIN).date() if circular.started_at else clock.today()
    names = seat_names(session, [seat.seat_id for seat in seats], on)
    given: dict[int, Ballot] = dict(counting(ballots, circular.ends_at)) if circular.ends_at else {}  # type: ignore[arg-type]
    people = person_names(session, {one.person_id for one in given.values() if one.person_id is not None})
    found = []
    for seat in seats:
        name, one = names[seat.seat_id], given.get(seat.seat_id)
        line = SeatLine(seat.seat_id, name.words, name.member, seat.chair)
        if one is not None:
            line = SeatLine(
                seat.seat_id,
                name.words,
                name.member,
                seat.chair,
                procedure=procedure_word(one.procedure_agreed),
                vote=VOTE_WORDS[one.vote],
                how=_how(one, people),
                at=one.cast_at,
                remark=one.remark,
                reason=one.reason,
                role=one.role,
            )
        found.append(line)
    return found


def _how(one: Ballot, people: Mapping[int, str]) -> str:
    who = people.get(one.person_id or 0, "")
    return f"{ROLE_WORDS[one.role]}{f', {who}' if who else ''}"


def clause_lines(session: Session, decision: Decision) -> list[ClauseLine]:
    """The clauses of a resolution in words."""
    clauses = clauses_of(session, [ident(decision)]).get(ident(decision), [])
    names = names_on(session, {one.organisation_id for one in clauses if one.organisation_id}, clock.today())
    people = load_persons(session, {one.person_id for one in clauses if one.person_id})
    found = []
    for one in clauses:
        who = names[one.organisation_id].long if one.organisation_id in names else ""
        person = people[one.person_id].name if one.person_id in people else ""
        found.append(ClauseLine(VERB_WORDS[one.verb], one.text, _who(one, who, person)))
    return found


def _who(clause: Clause, organisation: str, person: str) -> str:
    due = f"bis {text.date(clause.due_on)}" if clause.due_on else ""
    return ", ".join(part for part in (organisation, person, due) if part)
