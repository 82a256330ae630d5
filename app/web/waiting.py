"""What waits for a person: the one shape of every line under "Das wartet auf Sie"."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app import clock, text
from app.actor import Actor

LAST_DAYS = 14
"""So many days before the end the line counts them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits: words (verb and object), where it is done, and a smaller second line.

    ``until`` is the last day for it. ``due`` says instead in words since when or how far it waits.
    """

    words: str
    address: str
    due: str = ""
    note: str = ""
    until: dt.date | None = None

    @property
    def when(self) -> str:
        """bis 12.05.2026; in its last days: bis 12.05.2026, noch 3 Tage; afterwards: war bis 12.05.2026 fällig"""
        if self.due or self.until is None:
            return self.due
        day, left = text.date(self.until), (self.until - clock.today()).days
        if left < 0:
            return f"war bis {day} fällig"
        return f"bis {day}{_left(left) if left <= LAST_DAYS else ''}"


def _left(days: int) -> str:
    return {0: ", heute", 1: ", morgen"}.get(days, f", noch {days} Tage")


Source = Callable[[Session, Actor], Iterator[Waiting]]
"""Tells what waits for the actor in one subject: only what this actor may do, in a fixed number of queries."""


def soonest(lines: Iterable[Waiting]) -> list[Waiting]:
    """By their last day; lines without one come last, in the order given."""
    return sorted(lines, key=lambda one: one.until or dt.date.max)
