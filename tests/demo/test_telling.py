"""What invented projects report: complete, varied, and the same every time."""

import datetime as dt
from collections import Counter

import pytest

from app.demo.days import days_of
from app.demo.reading import plots, sentences
from app.demo.telling import Tale, Teller
from app.projects.models import Light

pytestmark = pytest.mark.once
DAYS = days_of(dt.date(2026, 3, 2))


def tales() -> dict[str, Tale]:
    teller = Teller(DAYS)
    return {plot.code: teller.tale(plot, place) for place, plot in enumerate(plots())}


def test_equal_days_tell_equal_stories() -> None:
    assert tales() == tales()


def test_every_plot_has_what_it_names() -> None:
    for plot in plots():
        assert len(plot.path) == 3, plot.code
        assert set(plot.path) <= set("gyrn."), plot.code
        assert plot.kind in sentences(), plot.code
        reported = {f"r{number}" for number, sign in enumerate(plot.path, 1) if sign != "."}
        for told in (plot.tell, plot.next, plot.risk, plot.parts, plot.phase, plot.need, plot.correct):
            assert set(told) <= reported, plot.code
        red = {f"r{number}" for number, sign in enumerate(plot.path, 1) if sign in "rn"}
        first_is_fact = {"r1"}
        assert red - first_is_fact <= set(plot.tell), f"{plot.code}: red is told by hand"


def test_lights_follow_the_plot_and_the_worst_part_never_contradicts_green_silently() -> None:
    for plot in plots():
        for key, told in tales()[plot.code].rounds.items():
            status = told.status
            wished = {"g": Light.GREEN, "y": Light.YELLOW, "r": Light.RED, "n": None}[plot.path[int(key[1]) - 1]]
            assert status.light is wished, plot.code
            parts = {status.light_schedule, status.light_cost, status.light_content}
            if key not in plot.parts and wished is not None:
                assert wished in parts, plot.code
                assert not (Light.RED in parts and wished is not Light.RED), plot.code


def test_words_are_filled_in_and_varied() -> None:
    summaries = [told.status.summary for tale in tales().values() for told in tale.reports]
    assert len(summaries) > 300
    assert not any("{" in words or "}" in words for words in summaries)
    assert all(len(words) > 20 for words in summaries)
    most = Counter(summaries).most_common(1)[0]
    assert most[1] <= 6, most
    assert len(set(summaries)) > 230
