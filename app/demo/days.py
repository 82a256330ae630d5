"""The calendar of the demo: every day counts from the day it is made, and work is done on working days."""

import datetime as dt
from dataclasses import dataclass

from app.clock import BERLIN
from app.meetings.rules.deadlines import DEFAULT_OFFSETS, DeadlineKind, deadline, is_working_day

SPREAD = 20
"""Over how many days the reports of one round come in."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the story. ``first`` and ``second`` are held meetings, ``next`` is the one being prepared."""

    today: dt.date
    setup: dt.date
    first: dt.date
    second: dt.date
    special: dt.date
    cancelled: dt.date
    next: dt.date
    later: dt.date

    @property
    def period(self) -> tuple[int, int]:
        """First and last year of the demo's plan period."""
        return self.setup.year, self.setup.year + 4

    @property
    def between(self) -> dt.date:
        """A day after the second meeting and before the last round."""
        return self.after(-100)

    def after(self, days: int) -> dt.date:
        """The working day *days* calendar days from today, or the next one; before today: the one before."""
        return working_day(self.today + dt.timedelta(days=days), forward=days > 0)

    def report(self, round_: int, place: int) -> dt.date:
        """The Stand of the report number *place* in a round (1, 2, 3); never after the drafting that needs it."""
        begins = (
            self.first - dt.timedelta(days=50),
            self.second - dt.timedelta(days=50),
            self.today - dt.timedelta(days=36),
        )[round_ - 1]
        return working_day(begins + dt.timedelta(days=place * 7 % SPREAD))


def days_of(today: dt.date) -> Days:
    """The story's days for a demo made on *today*."""

    def at(days: int) -> dt.date:
        return working_day(today + dt.timedelta(days=days))

    return Days(
        today=today,
        setup=at(-432),
        first=at(-364),
        second=at(-182),
        special=at(-84),
        cancelled=at(-47),
        next=at(66),
        later=at(248),
    )


def working_day(day: dt.date, *, forward: bool = True) -> dt.date:
    """*day*, or the nearest working day after (before) it."""
    step = dt.timedelta(days=1 if forward else -1)
    while not is_working_day(day):
        day += step
    return day


def release_day(meeting: dt.date) -> dt.date:
    """The working day before the invitation of a meeting is due."""
    due = deadline(meeting, DEFAULT_OFFSETS[DeadlineKind.INVITATION])
    return working_day(due - dt.timedelta(days=1), forward=False)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment in Berlin."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)
