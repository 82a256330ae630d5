"""Lines of "Das wartet auf Sie": their day in words, and their order."""

import datetime as dt

import pytest

from app.web.waiting import Waiting, soonest

pytestmark = pytest.mark.once
TODAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (Waiting("Abstimmen", "/u"), ""),
        (Waiting("Abstimmen", "/u", until=TODAY), "bis 02.03.2026, heute"),
        (Waiting("Abstimmen", "/u", until=TODAY + dt.timedelta(days=14)), "bis 16.03.2026, noch 14 Tage"),
        (Waiting("Abstimmen", "/u", until=TODAY + dt.timedelta(days=15)), "bis 17.03.2026"),
        (Waiting("Abstimmen", "/u", until=TODAY - dt.timedelta(days=1)), "war bis 01.03.2026 fällig"),
        (Waiting("Abstimmen", "/u", due="seit gestern", until=TODAY), "seit gestern"),
    ],
)
def test_the_day_is_said_in_words(line, said):
    assert line.when == said


def test_the_soonest_comes_first_and_what_has_no_day_last():
    days = (None, 3, -4, None, 0)
    lines = [
        Waiting(str(place), "/", until=None if day is None else TODAY + dt.timedelta(days=day))
        for place, day in enumerate(days)
    ]
    assert [line.words for line in soonest(lines)] == ["2", "4", "1", "0", "3"]
