"""When notices go out: the pause of a bundle, the slot of the day in Berlin, and the steps of reminders."""

import datetime as dt
from collections.abc import Iterable

from app.clock import BERLIN
from app.meetings.rules.deadlines import ONE_DAY, is_working_day
from app.notices.schemas import Told

PAUSE = dt.timedelta(minutes=10)
"""A bundle goes out when nothing was added to it for so long."""
PATIENCE = dt.timedelta(hours=1)
"""… and at the latest so long after its first notice."""
LOST = dt.timedelta(days=1)
"""A notice that waits for longer goes with the mail of the day."""
DUE_STEPS = (2, 14)
"""Days before a date at which people are reminded (nearest first): after a pause only the nearest one is told."""
CLOSING_DAYS = 2
REGISTRATION_DAYS = 7


def is_quiet(moments: list[dt.datetime], now: dt.datetime) -> bool:
    """Whether a bundle with notices of these *moments* goes out now."""
    return max(moments) + PAUSE <= now or min(moments) + PATIENCE <= now


def slot_of(day: dt.date, hour: int) -> dt.datetime:
    """The moment (UTC) at which the work of *day* begins: that hour in Berlin, in summer and winter."""
    return dt.datetime.combine(day, dt.time(hour), BERLIN).astimezone(dt.UTC)


def is_time(now: dt.datetime, hour: int) -> bool:
    """Whether the work of the day may be done now: on a working day, from the set hour on."""
    day = now.astimezone(BERLIN).date()
    return is_working_day(day) and now >= slot_of(day, hour)


def next_slot(now: dt.datetime, hour: int) -> dt.datetime:
    """The next moment after *now* at which the daily work is due."""
    day = now.astimezone(BERLIN).date()
    while not is_working_day(day) or slot_of(day, hour) <= now:
        day += ONE_DAY
    return slot_of(day, hour)


def next_date(several: Iterable[Told], today: dt.date) -> dt.date | None:
    """The next day until which something of what is told is to be done; None where none lies ahead."""
    return min((one.until for one in several if one.until is not None and one.until >= today), default=None)


def due_step(days_left: int) -> int | None:
    """The step of a reminder that holds *days_left* days before a date: 2, 14 or (None) none, nor after the date."""
    return next((step for step in DUE_STEPS if 0 <= days_left <= step), None)


def week_of_delay(due_on: dt.date, today: dt.date) -> int:
    """The week of a delay, from 0: once, then weekly."""
    return max(0, ((today - due_on).days - 1) // 7)
