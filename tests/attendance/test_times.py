"""Moments of a meeting: what is typed as hours and minutes, what cannot be, when a meeting ends."""

import datetime as dt

import pytest

from app import clock
from app.attendance.rules import times
from app.errors import Invalid
from app.meetings.models import Meeting, MeetingState

pytestmark = pytest.mark.once


def held(start: dt.datetime, hours: float = 2, **fields) -> Meeting:
    begin = start.astimezone(dt.UTC)
    fields = {"state": MeetingState.IN_SESSION, "entered_afterwards": False, **fields}
    return Meeting(starts_at=begin, ends_at=begin + dt.timedelta(hours=hours), **fields)


def at(*parts: int, fold: int = 0) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=clock.BERLIN, fold=fold)  # type: ignore[arg-type, misc]


def test_hours_and_minutes_are_those_of_the_meetings_day_in_berlin():
    meeting = held(at(2026, 5, 12, 10))
    assert times.parse_time(meeting, "10:05", "at") == at(2026, 5, 12, 10, 5)
    assert times.parse_time(meeting, " 9.45 ", "at") == at(2026, 5, 12, 9, 45)
    assert times.parse_time(meeting, "", "at") is None
    for wrong in ("24:00", "9:60", "zehn", "10"):
        with pytest.raises(Invalid):
            times.parse_time(meeting, wrong, "at")


def test_after_midnight_the_next_day_is_meant():
    meeting = held(at(2026, 5, 12, 22), hours=4)
    assert times.parse_time(meeting, "23:30", "at") == at(2026, 5, 12, 23, 30)
    assert times.parse_time(meeting, "1:15", "at") == at(2026, 5, 13, 1, 15)


def test_the_hour_that_comes_twice_is_the_first_one_and_the_span_is_true():
    meeting = held(at(2026, 10, 24, 23), hours=6)
    typed = times.parse_time(meeting, "2:30", "at")
    assert typed == at(2026, 10, 25, 2, 30, fold=0).astimezone(dt.UTC)
    after = times.parse_time(meeting, "3:30", "until")
    assert typed is not None
    assert after is not None
    assert after - typed == dt.timedelta(hours=2)


def test_a_meeting_ends_when_it_is_closed_or_as_planned():
    meeting = held(at(2026, 5, 12, 10))
    assert times.closing(meeting, at(2026, 5, 12, 13)) == at(2026, 5, 12, 13)
    assert times.closing(meeting, at(2026, 5, 12, 23, 59)) == at(2026, 5, 12, 23, 59)
    assert times.closing(meeting, at(2026, 5, 13, 0, 0)) == meeting.ends_at
    assert times.closing(held(at(2026, 5, 12, 10), entered_afterwards=True), at(2026, 5, 12, 13)) == meeting.ends_at
