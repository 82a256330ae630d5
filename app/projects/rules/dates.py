"""Dates that move: milestones and ends of projects, as they were told over time."""

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dating:
    """A date as told: the first telling is the original one, the last the current one; ``moves`` counts changes."""

    original: dt.date | None
    current: dt.date | None
    moves: int = 0

    @property
    def moved(self) -> bool:
        """Whether the date is another one than at first."""
        return self.original != self.current


def dating(told: Mapping[dt.date, dt.date | None]) -> Dating:
    """The history of a date from ``{told_on: date}``; telling the same date again is no move."""
    dates = [told[day] for day in sorted(told)]
    if not dates:
        return Dating(None, None)
    moves = sum(before != after for before, after in itertools.pairwise(dates))
    return Dating(dates[0], dates[-1], moves)


def known_on(told: Mapping[dt.date, dt.date | None], day: dt.date) -> dt.date | None:
    """The date as it was known on *day*; None if nobody had told one."""
    tellings = [told_on for told_on in told if told_on <= day]
    return told[max(tellings)] if tellings else None
