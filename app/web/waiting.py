"""What waits for a person: the one shape of every line under "Das wartet auf Sie"."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app import clock, text
from app.actor import Actor


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
        """bis 12.05.2026; afterwards: war bis 12.05.2026 fällig"""
        if self.due or self.until is None:
            return self.due
        day = text.date(self.until)
        return f"bis {day}" if self.until >= clock.today() else f"war bis {day} fällig"


Source = Callable[[Session, Actor], Iterator[Waiting]]
"""Tells what waits for the actor in one subject: only what this actor may do, in a fixed number of queries."""


def soonest(lines: Iterable[Waiting]) -> list[Waiting]:
    """By their last day; lines without one come last, in the order given."""
    return sorted(lines, key=lambda one: one.until or dt.date.max)
