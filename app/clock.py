"""The one clock: every "now" and "today" of the application is asked here, so that tests can set it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_fixed: dt.datetime | None = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _fixed or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The calendar day that it is in Berlin."""
    return now().astimezone(BERLIN).date()


def end_of_day(day: dt.date) -> dt.datetime:
    """The first moment after *day* in Berlin: a deadline on *day* ends at 24:00 there."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BERLIN).astimezone(dt.UTC)


@contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at *moment* (aware); for tests and for demo data that tells a story from the past."""
    global _fixed
    before, _fixed = _fixed, moment.astimezone(dt.UTC)
    try:
        yield
    finally:
        _fixed = before
