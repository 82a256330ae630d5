"""Moments of a meeting: what is meant where nobody said a time, and which times cannot be (eigene Festlegung)."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Protocol

from app import clock, text
from app.errors import Invalid
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life

BEFORE, AFTER = dt.timedelta(hours=3), dt.timedelta(hours=12)
"""How long before its beginning and after its end people may come to or leave a meeting."""


class Span(Protocol):
    """Something that lasts from–until; None: still."""

    from_at: dt.datetime
    until_at: dt.datetime | None


def coming(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """When somebody came of whom no time is told: now, or the beginning of a meeting that is not running live."""
    return now if is_live(meeting) else meeting.starts_at


def opening(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """When those came who were there from the beginning: at the planned beginning, or now if that is still to come."""
    return min(now, meeting.starts_at) if is_live(meeting) else meeting.starts_at


def leaving(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """When somebody left of whom no time is told: now, or the end of a meeting that is not running live."""
    return now if is_live(meeting) else meeting.ends_at


def closing(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """The end of a meeting that is closed now: this moment, but its planned end where it is closed on a later day."""
    same_day = now < clock.end_of_day(meeting.ends_at.astimezone(clock.BERLIN).date())
    return now if same_day and not meeting.entered_afterwards and now >= meeting.starts_at else meeting.ends_at


def is_live(meeting: Meeting) -> bool:
    """Whether the meeting is running while people write."""
    return meeting.state is MeetingState.IN_SESSION and not meeting.entered_afterwards


def checked(meeting: Meeting, at: dt.datetime, now: dt.datetime, field: str) -> dt.datetime:
    """*at* in UTC if it can belong to the meeting; Invalid at *field* otherwise."""
    if not meeting.starts_at - BEFORE <= at <= meeting.ends_at + AFTER:
        raise Invalid(
            {field: f"Diese Zeit liegt zu weit weg von der Sitzung am {text.date(life.day_of(meeting))}. Bitte prüfen."}
        )
    if at > now:
        raise Invalid({field: f"Diese Zeit liegt noch vor uns; es ist {text.time(now)} Uhr."})
    return at.astimezone(dt.UTC)


def checked_span(begin: dt.datetime, end: dt.datetime | None, field: str) -> None:
    """Refuse an end before the beginning."""
    if end is not None and end < begin:
        raise Invalid({field: f"Das Ende liegt vor dem Beginn um {text.time(begin)} Uhr."})


def meets(row: Span, begin: dt.datetime, end: dt.datetime | None) -> bool:
    """Whether *row* and the span have a moment in common; an end belongs to neither."""
    starts_before = end is None or row.from_at < end
    return starts_before and (row.until_at is None or begin < row.until_at)


def parse_time(meeting: Meeting, typed: str, field: str) -> dt.datetime | None:
    """10:05 as people type it, on the day of the meeting (after midnight where it goes on so long); None for nothing.

    The hour that comes twice when the clocks change is meant to be the first one.
    """
    typed = typed.strip()
    if not typed:
        return None
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", typed)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Invalid({field: "Bitte geben Sie die Zeit so ein: 10:05."})
    day = life.day_of(meeting)
    moments = [
        dt.datetime.combine(one, dt.time(int(found[1]), int(found[2])), clock.BERLIN).astimezone(dt.UTC)
        for one in (day, day + dt.timedelta(days=1))
    ]
    late = moments[0] < meeting.starts_at - BEFORE and moments[1] <= meeting.ends_at + AFTER
    return moments[1] if late else moments[0]


def last_end(rows: Iterable[Span], meeting: Meeting) -> dt.datetime:
    """The end of a held meeting as it is recorded: when the last ones left, else the planned end."""
    return max((row.until_at for row in rows if row.until_at is not None), default=meeting.ends_at)
