"""The pure rules of actions: how one stood on a day, what a step must hold, words for being late."""

import datetime as dt

import pytest

from app.actions.models import ActionState
from app.actions.rules.steps import Standing, Step, days_late, require_step, standing
from app.actions.rules.words import due_words, late_words, moved_words
from app.actions.schemas import ProgressIn
from app.errors import Forbidden, Invalid

pytestmark = pytest.mark.once

OPEN, WORK, DONE, DROPPED = ActionState
TODAY = dt.date(2026, 3, 2)


def day(number: int, month: int = 2) -> dt.date:
    return dt.date(2026, month, number)


STEPS = [
    Step(day(3), WORK, "begonnen"),
    Step(day(5), WORK, "", due_before=day(10), due_on=day(20)),
    Step(day(9), DONE, "liegt vor"),
    Step(day(9), DONE, "noch ein Wort"),
    Step(day(14), WORK, "doch nicht"),
]


@pytest.mark.parametrize(
    ("on", "stood"),
    [
        (day(2), Standing(OPEN, day(10))),
        (day(3), Standing(WORK, day(10), text="begonnen")),
        (day(5), Standing(WORK, day(20), text="begonnen")),
        (day(13), Standing(DONE, day(20), over_on=day(9), text="noch ein Wort")),
        (day(14), Standing(WORK, day(20), text="doch nicht")),
    ],
)
def test_an_action_stood_on_a_day_as_the_steps_up_to_it_say(on, stood):
    assert standing(day(10), STEPS, on) == stood


@pytest.mark.parametrize(
    ("due_on", "state", "days", "words"),
    [
        (TODAY, OPEN, 0, "heute fällig"),
        (TODAY - dt.timedelta(1), WORK, 1, "seit gestern überfällig"),
        (TODAY - dt.timedelta(12), OPEN, 12, "seit 12 Tagen überfällig"),
        (TODAY + dt.timedelta(1), OPEN, 0, "morgen fällig"),
        (TODAY + dt.timedelta(30), OPEN, 0, "in 30 Tagen fällig"),
        (TODAY - dt.timedelta(12), DONE, 0, ""),
        (TODAY - dt.timedelta(12), DROPPED, 0, ""),
        (None, OPEN, 0, ""),
    ],
)
def test_being_late_is_said_in_words_from_the_day_after(due_on, state, days, words):
    assert days_late(due_on, state, TODAY) == days
    assert due_words(due_on, state=state, on=TODAY) == words
    assert late_words(0) == ""


def test_the_first_date_stays_beside_another_one():
    assert moved_words(day(20), day(10)) == "ursprünglich 10.02.2026"
    assert moved_words(day(10), day(10)) == moved_words(day(10), None) == ""


def check(wish: ProgressIn, *, state=OPEN, due_on=day(10), last_on=None, runs=True, reported=False):
    require_step(
        wish,
        state=state,
        due_on=due_on,
        given_on=day(1),
        last_on=last_on,
        today=TODAY,
        runs=runs,
        reported=reported,
    )


@pytest.mark.parametrize(
    ("wish", "more", "field"),
    [
        (ProgressIn(), {}, "text"),
        (ProgressIn(state=DONE), {}, "text"),
        (ProgressIn(state=DROPPED), {}, "text"),
        (ProgressIn(state=OPEN), {"state": DONE}, "text"),
        (ProgressIn(text="x", as_of=day(3, 3)), {}, "as_of"),
        (ProgressIn(text="x", as_of=day(31, 1)), {}, "as_of"),
        (ProgressIn(text="x", as_of=day(5)), {"last_on": day(6)}, "as_of"),
        (ProgressIn(due_on=day(20)), {}, "reason"),
        (ProgressIn(due_on=day(31, 1), reason="x"), {}, "due_on"),
        (ProgressIn(due_on=day(20), reason="x", state=DONE, text="x"), {}, "due_on"),
    ],
)
def test_a_step_that_lacks_something_is_refused_at_the_field(wish, more, field):
    with pytest.raises(Invalid) as refused:
        check(wish, **more)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("wish", "more"),
    [
        (ProgressIn(text="x"), {}),
        (ProgressIn(state=WORK), {}),
        (ProgressIn(state=DONE, text="x"), {}),
        (ProgressIn(state=WORK, text="x"), {"state": DONE, "reported": True}),
        (ProgressIn(due_on=day(20), reason="x"), {}),
        (ProgressIn(text="x", as_of=day(6)), {"last_on": day(6)}),
        (ProgressIn(state=DONE, text="x"), {"runs": False}),
        (ProgressIn(state=WORK, text="x"), {"runs": False, "state": DONE}),
    ],
)
def test_a_step_with_everything_it_needs_holds(wish, more):
    check(wish, **more)


@pytest.mark.parametrize(
    ("wish", "more"),
    [
        (ProgressIn(due_on=day(20), reason="x"), {}),
        (ProgressIn(state=DROPPED, text="x"), {}),
        (ProgressIn(state=WORK, text="x"), {"state": DONE, "reported": True}),
    ],
)
def test_dates_and_dropping_and_what_was_reported_are_for_the_secretariat(wish, more):
    with pytest.raises(Forbidden):
        check(wish, runs=False, **more)
