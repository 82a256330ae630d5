"""Which answers count, what they add up to, and what comes of a circular procedure (domain §5)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app import clock, text
from app.circulars.models import BallotRole, Vote
from app.circulars.rules.settings import CircularRules


class Given(Protocol):
    """What counting must know of an answer; ``id`` orders answers of one moment."""

    id: int | None
    seat_id: int
    role: BallotRole
    procedure_agreed: bool
    vote: Vote
    cast_at: dt.datetime


class Asked(Protocol):
    """What counting must know of a seat that is asked."""

    seat_id: int
    chair: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers that count, over the seats asked; ``chair``: whether the chair's is among them, None without one."""

    seats: int
    answered: int
    yes: int
    no: int
    abstentions: int
    objections: int
    chair: bool | None

    @property
    def complete(self) -> bool:
        """Whether every seat has answered."""
        return self.answered == self.seats


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: ``sentence`` says why, ``quorum`` whether enough answered."""

    adopted: bool
    sentence: str
    quorum: str


def is_in_time(cast_at: dt.datetime, ends_at: dt.datetime) -> bool:
    """Whether an answer came before the end: 24:00 of the last day is too late."""
    return cast_at < ends_at


def counting(ballots: Iterable[Given], ends_at: dt.datetime) -> dict[int, Given]:
    """By seat the answer that counts: the last in time, a deputy's only while the member has not answered.

    An answer on behalf is the member's own, only written down by the secretariat.
    """
    found: dict[int, Given] = {}
    for one in sorted(ballots, key=lambda one: (one.cast_at, one.id or 0)):
        before = found.get(one.seat_id)
        void = one.role is BallotRole.DEPUTY and before is not None and before.role is not BallotRole.DEPUTY
        if is_in_time(one.cast_at, ends_at) and not void:
            found[one.seat_id] = one
    return found


def tally(seats: Iterable[Asked], answers: Mapping[int, Given]) -> Tally:
    """What the counting *answers* of the *seats* add up to; answers for other seats are none."""
    asked = list(seats)
    given = [answers[seat.seat_id] for seat in asked if seat.seat_id in answers]
    votes = [one.vote for one in given]
    chairs = [seat.seat_id in answers for seat in asked if seat.chair]
    return Tally(
        seats=len(asked),
        answered=len(given),
        yes=votes.count(Vote.YES),
        no=votes.count(Vote.NO),
        abstentions=votes.count(Vote.ABSTENTION),
        objections=sum(not one.procedure_agreed for one in given),
        chair=any(chairs) if chairs else None,
    )


def needed(seats: int, share: int) -> int:
    """How many seats must answer: more than *share* percent of them."""
    return seats * share // 100 + 1


def result_of(found: Tally, rules: CircularRules) -> Result:
    """Adopted when nobody objects to the procedure, enough seats answered and yes exceeds no (domain §5)."""
    enough = found.answered >= needed(found.seats, rules.share)
    chair = found.chair is not False or not rules.chair
    quorum = _quorum(found, rules, enough, chair)
    if found.objections and rules.objection:
        who = text.counted(found.objections, "Sitz hat", "Sitze haben")
        return Result(False, f"{who} dem Umlaufverfahren widersprochen.", quorum)
    if not enough or not chair:
        return Result(False, quorum, quorum)
    if found.yes > found.no:
        return Result(True, f"Beschlossen mit {votes_in_words(found)}.", quorum)
    why = "Stimmengleichheit" if found.yes == found.no else "mehr Nein als Ja"
    return Result(False, f"Abgelehnt ({why}): {votes_in_words(found)}.", quorum)


def _quorum(found: Tally, rules: CircularRules, enough: bool, chair: bool) -> str:
    said = f"{found.answered} von {text.counted(found.seats, 'Sitz', 'Sitzen')} haben geantwortet"
    if not enough:
        return f"Nur {said}; nötig sind {needed(found.seats, rules.share)}."
    if not chair:
        return f"{said}, aber nicht der Vorsitz; seine Antwort ist nötig."
    return f"{said}, nötig waren {needed(found.seats, rules.share)}."


def votes_in_words(found: Tally) -> str:
    """7 Ja, 1 Nein, 2 Enthaltungen"""
    return f"{found.yes} Ja, {found.no} Nein, {text.counted(found.abstentions, 'Enthaltung', 'Enthaltungen')}"


def may_establish(now: dt.datetime, ends_at: dt.datetime, found: Tally, rules: CircularRules) -> bool:
    """Whether the result may be established: the end has passed, or all seats have answered and the rules allow it."""
    return not is_in_time(now, ends_at) or (rules.early and found.complete)


def end_in_words(ends_at: dt.datetime) -> str:
    """16.03.2026 um 24:00 Uhr: the last day of which *ends_at* is the end."""
    last = (ends_at.astimezone(clock.BERLIN) - dt.timedelta(microseconds=1)).date()
    return f"{text.date(last)} um 24:00 Uhr"


def late_sentence(now: dt.datetime, ends_at: dt.datetime) -> str:
    """What whoever answers too late is told; it names both times."""
    came = f"{now.astimezone(clock.BERLIN):%d.%m.%Y um %H:%M:%S} Uhr"
    return (
        f"Das Umlaufverfahren endete am {end_in_words(ends_at)}; Ihre Antwort kam am {came} an. "
        "Sie wurde nicht gezählt und nicht gespeichert."
    )
