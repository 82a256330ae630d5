"""When an item began and ended: how far it is in words, what is left of its planned time, and which times hold."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from app.clock import BERLIN
from app.errors import Invalid


class Progress(StrEnum):
    """How far an item is: offen, läuft, fertig, abgesetzt."""

    OPEN = "offen"
    RUNNING = "läuft"
    DONE = "fertig"
    WITHDRAWN = "abgesetzt"


class Timed(Protocol):
    """What the rules look at in an item and its note."""

    @property
    def minutes(self) -> int:
        """The planned minutes."""

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken off the agenda."""

    @property
    def outcome(self) -> object | None:
        """What became of it."""

    @property
    def started_at(self) -> dt.datetime | None:
        """When it began."""

    @property
    def ended_at(self) -> dt.datetime | None:
        """When it ended."""


def progress_of(point: Timed) -> Progress:
    """How far an item is: its times say it first, without any its outcome."""
    if point.withdrawn:
        return Progress.WITHDRAWN
    if point.started_at is not None:
        return Progress.RUNNING if point.ended_at is None else Progress.DONE
    return Progress.DONE if point.outcome is not None else Progress.OPEN


def minutes_left(point: Timed, now: dt.datetime) -> int | None:
    """Planned minutes left of a running item, negative when it is over them; None where it does not run."""
    if point.started_at is None or progress_of(point) is not Progress.RUNNING:
        return None
    return point.minutes - int((now - point.started_at).total_seconds() // 60)


def still_planned(points: Sequence[Timed], now: dt.datetime) -> int:
    """Planned minutes of what is still to come, with what is left of the running item."""
    left = sum(point.minutes for point in points if progress_of(point) is Progress.OPEN)
    return left + sum(max(minutes_left(point, now) or 0, 0) for point in points)


def moment_at(start: dt.datetime, end: dt.datetime, typed: dt.time) -> dt.datetime:
    """The moment of a time of day during a meeting that is planned from *start* to *end*.

    It is on the meeting's day in Berlin; where the meeting goes beyond midnight, early hours belong to the next day.
    """
    day, last = start.astimezone(BERLIN), end.astimezone(BERLIN)
    on = day.date()
    if last.date() > on and typed < day.time() and typed.hour < 12:
        on += dt.timedelta(days=1)
    return dt.datetime.combine(on, typed, BERLIN).astimezone(dt.UTC)


def check_times(started: dt.datetime | None, ended: dt.datetime | None, now: dt.datetime) -> None:
    """Invalid where an item would end without or before its beginning, or later than now."""
    if ended is not None and started is None:
        raise Invalid({"started_at": "Bitte geben Sie auch den Beginn an."})
    if started is not None and ended is not None and ended < started:
        raise Invalid({"ended_at": "Das Ende muss nach dem Beginn liegen."})
    for name, moment in (("started_at", started), ("ended_at", ended)):
        if moment is not None and moment > now:
            raise Invalid({name: "Diese Uhrzeit liegt in der Zukunft."})
