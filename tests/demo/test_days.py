"""The demo's calendar holds for every day on which somebody may make it."""

import datetime as dt

import pytest

from app.demo.days import SPREAD, Days, days_of, release_day, working_day
from app.meetings.rules.deadlines import DEFAULT_OFFSETS, DeadlineKind, deadline, is_working_day

pytestmark = pytest.mark.once
DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(3 * 366)]


def last_report(days: Days, round_: int) -> dt.date:
    return max(days.report(round_, place) for place in range(SPREAD))


def test_meetings_lie_in_order_on_working_days() -> None:
    for today in DAYS:
        days = days_of(today)
        story = [days.setup, days.first, days.second, days.special, days.cancelled, days.next, days.later]
        assert all(is_working_day(day) for day in story), today
        assert story == sorted(story), today
        assert days.cancelled < today < days.next, today
        assert dt.timedelta(weeks=9) <= days.next - today <= dt.timedelta(weeks=10, days=4), today


def test_reports_come_in_before_the_agenda_is_drafted_and_released_in_time() -> None:
    for today in DAYS:
        days = days_of(today)
        for round_, meeting in ((1, days.first), (2, days.second)):
            released = release_day(meeting)
            drafted = working_day(released - dt.timedelta(days=1), forward=False)
            assert last_report(days, round_) < drafted < released, today
            assert released < deadline(meeting, DEFAULT_OFFSETS[DeadlineKind.INVITATION]), today
        assert days.setup < days.report(1, 0), today
        assert days.second < days.between < min(days.report(3, place) for place in range(SPREAD)), today
        assert last_report(days, 3) < days.after(-8), today


def test_the_period_of_the_demo_holds_today_and_the_whole_story() -> None:
    for today in DAYS:
        days = days_of(today)
        first, last = days.period
        assert first <= days.setup.year <= days.later.year <= last, today
