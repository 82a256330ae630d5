"""When notices go out and on which days people are reminded, as arithmetic."""

import datetime as dt

import pytest

from app.clock import BERLIN
from app.notices.rules.timing import due_step, is_quiet, is_time, week_of_delay

pytestmark = pytest.mark.once

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("minutes_ago", "goes"), [([9], False), ([10], True), ([59, 9], False), ([60, 9], True), ([30, 10], True)]
)
def test_a_bundle_waits_for_a_pause_but_never_longer_than_an_hour(minutes_ago: list[int], goes: bool) -> None:
    assert is_quiet([NOW - dt.timedelta(minutes=one) for one in minutes_ago], NOW) is goes


@pytest.mark.parametrize(("days_left", "step"), [(15, None), (14, 14), (3, 14), (2, 2), (1, 2), (0, 2), (-1, None)])
def test_only_the_nearest_step_before_a_day_is_told_and_none_after_it(days_left: int, step: int | None) -> None:
    assert due_step(days_left) == step


@pytest.mark.parametrize(("days_late", "week"), [(1, 0), (7, 0), (8, 1), (14, 1), (15, 2)])
def test_a_delay_is_told_once_and_then_weekly(days_late: int, week: int) -> None:
    today = NOW.date()
    assert week_of_delay(today - dt.timedelta(days=days_late), today) == week


def test_the_work_of_the_day_begins_at_its_hour_in_berlin_on_working_days() -> None:
    assert not is_time(dt.datetime(2026, 7, 1, 6, 59, tzinfo=BERLIN), 7)
    assert is_time(dt.datetime(2026, 7, 1, 5, tzinfo=dt.UTC), 7)
    assert not is_time(dt.datetime(2026, 3, 1, 12, tzinfo=BERLIN), 7), "a Sunday"
    assert not is_time(dt.datetime(2026, 4, 6, 12, tzinfo=BERLIN), 7), "Easter Monday"
