"""Rules of projects by tables: needs, dates, the course of a light, rights."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actor import Actor, Grant, Role, SeatRight, system
from app.projects.models import Light, NeedEnd, Project, StatusReport, StatusSource, StatusState
from app.projects.rules import rights
from app.projects.rules.course import counts, light_course
from app.projects.rules.dates import dating, known_on
from app.projects.rules.needs import Closing, Telling, needs_from
from app.projects.rules.words import light_word, phase_word

pytestmark = pytest.mark.once

D1, D2, D3, D4 = (dt.date(2026, month, 1) for month in (1, 2, 3, 4))
TODAY = dt.date(2026, 5, 1)


def told(*pairs: tuple[dt.date, str | None]) -> list[Telling]:
    return [Telling(day, words) for day, words in pairs]


def ends(needs: list) -> list[tuple]:
    return [(need.opened_on, need.words, need.closed_on, need.closed_how) for need in needs]


@pytest.mark.parametrize(
    ("tellings", "closings", "expected"),
    [
        pytest.param(told(), [], [], id="nothing told"),
        pytest.param(told((D1, None)), [], [], id="silent"),
        pytest.param(told((D1, "")), [], [], id="withdrawn without a need"),
        pytest.param(told((D1, "A")), [], [(D1, "A", None, None)], id="open"),
        pytest.param(told((D1, "A"), (D2, None)), [], [(D1, "A", None, None)], id="silence keeps it open"),
        pytest.param(told((D1, "A"), (D2, "B")), [], [(D1, "B", None, None)], id="continued with the latest wording"),
        pytest.param(told((D2, "B"), (D1, "A")), [], [(D1, "B", None, None)], id="typed in another order"),
        pytest.param(told((D1, "A"), (D2, "")), [], [(D1, "A", D2, NeedEnd.WITHDRAWN)], id="withdrawn"),
        pytest.param(
            told((D1, "A"), (D2, ""), (D3, "C")),
            [],
            [(D1, "A", D2, NeedEnd.WITHDRAWN), (D3, "C", None, None)],
            id="opened anew after a withdrawal",
        ),
        pytest.param(told((D1, "A")), [Closing(D2, NeedEnd.DECIDED)], [(D1, "A", D2, NeedEnd.DECIDED)], id="decided"),
        pytest.param(
            told((D1, "A"), (D3, "A")),
            [Closing(D2, NeedEnd.CLOSED)],
            [(D1, "A", D2, NeedEnd.CLOSED), (D3, "A", None, None)],
            id="told again after the closing",
        ),
        pytest.param(
            told((D1, "A"), (D2, "")),
            [Closing(D3, NeedEnd.DECIDED)],
            [(D1, "A", D3, NeedEnd.DECIDED)],
            id="a decision stands, though a withdrawal came to light later",
        ),
        pytest.param(told((D3, "A")), [Closing(D2, NeedEnd.DECIDED)], [(D3, "A", None, None)], id="closing before it"),
        pytest.param(
            told((D2, "A")),
            [Closing(D2, NeedEnd.CLOSED, words="A")],
            [(D2, "A", D2, NeedEnd.CLOSED)],
            id="closed on the day of its Stand",
        ),
        pytest.param(
            told((D1, "A"), (D2, "B")),
            [Closing(D2, NeedEnd.CLOSED, words="A")],
            [(D1, "A", D2, NeedEnd.CLOSED), (D2, "B", None, None)],
            id="another need on the day of the closing",
        ),
        pytest.param(
            told((D1, "A")),
            [Closing(D2, NeedEnd.CLOSED), Closing(D3, NeedEnd.DECIDED)],
            [(D1, "A", D2, NeedEnd.CLOSED)],
            id="the first closing holds",
        ),
    ],
)
def test_needs_follow_from_statuses_and_closings(tellings, closings, expected):
    assert ends(needs_from(tellings, closings)) == expected


DAYS = st.integers(0, 12).map(lambda weeks: D1 + dt.timedelta(weeks=weeks))
TELLINGS = st.dictionaries(DAYS, st.sampled_from([None, "", "A", "B"])).map(lambda found: told(*found.items()))


@given(TELLINGS, st.randoms(use_true_random=False))
def test_needs_do_not_depend_on_the_order_of_typing(tellings, chance):
    shuffled = list(tellings)
    chance.shuffle(shuffled)
    assert needs_from(shuffled) == needs_from(tellings)


@given(TELLINGS)
def test_at_most_the_last_need_is_open_and_needs_do_not_overlap(tellings):
    needs = needs_from(tellings)
    assert all(need.closed_on is not None for need in needs[:-1])
    assert all(one.closed_on <= other.opened_on for one, other in pairwise(needs))
    latest = max((one for one in tellings if one.words is not None), key=lambda one: one.as_of, default=None)
    assert any(need.is_open for need in needs) is bool(latest and latest.words)


def test_a_date_remembers_its_first_and_its_last_telling():
    assert dating({}).current is None
    moved = dating({D2: D3, D1: D2, D3: D3, D4: None})
    assert (moved.original, moved.current, moved.moves, moved.moved) == (D2, None, 2, True)
    assert not dating({D1: D4, D2: D4}).moved
    assert [known_on({D2: D3, D3: D4}, day) for day in (D1, D2, D4)] == [None, D3, D4]


def report(as_of: dt.date, light: Light | None, **fields) -> StatusReport:
    return StatusReport(project_id=1, as_of=as_of, light=light, source=StatusSource.IMPORT, **fields)


def test_a_light_stands_until_another_is_told():
    course = light_course([report(D4, None), report(D1, Light.GREEN), report(D2, Light.RED), report(D3, Light.RED)])
    assert (course.light, course.since, course.before, course.before_as_of) == (Light.RED, D2, Light.GREEN, D1)
    assert course.sentence == "rot seit 01.02.2026, zuvor grün (Stand 01.01.2026): verschlechtert"
    assert light_course([report(D1, Light.YELLOW)]).sentence == "gelb seit 01.01.2026, erste Meldung"
    assert light_course([report(D1, None)]).sentence == "Noch keine Ampel gemeldet."
    better = light_course([report(D1, Light.RED), report(D2, Light.YELLOW)])
    assert better.sentence.endswith("verbessert")


@pytest.mark.parametrize(
    ("state", "valid", "expected"),
    [
        (StatusState.ACCEPTED, True, True),
        (StatusState.ACCEPTED, False, False),
        (StatusState.SUBMITTED, True, False),
        (StatusState.REJECTED, True, False),
    ],
)
def test_only_accepted_and_valid_reports_count(state, valid, expected):
    assert counts(report(D1, Light.RED, state=state, valid=valid)) is expected


def somebody(*grants: Grant, **fields) -> Actor:
    return Actor(account_id=1, name="A", on=TODAY, grants=grants, **fields)


LIMITED = ((5, 50), (6, 60))


@pytest.mark.parametrize(
    ("actor", "period", "may_change", "may_enter"),
    [
        pytest.param(system(TODAY), 50, True, True, id="operator"),
        pytest.param(somebody(Grant(Role.SECRETARIAT)), 60, True, True, id="secretariat of all"),
        pytest.param(somebody(Grant(Role.SECRETARIAT, 5), body_periods=LIMITED), 50, True, True, id="its period"),
        pytest.param(somebody(Grant(Role.SECRETARIAT, 5), body_periods=LIMITED), 60, False, False, id="another's"),
        pytest.param(somebody(Grant(Role.SECRETARIAT, 5), body_periods=LIMITED), None, True, True, id="of no period"),
        pytest.param(somebody(Grant(Role.SECRETARIAT, 7), body_periods=LIMITED), 60, True, True, id="steers all"),
        pytest.param(somebody(Grant(Role.ADMIN)), 50, False, False, id="administration"),
        pytest.param(somebody(Grant(Role.AUDITOR)), 50, False, False, id="Revision"),
        pytest.param(somebody(seats=(SeatRight(1, 5, True, True),)), 50, False, False, id="chair"),
        pytest.param(somebody(lead_project_ids=frozenset({1})), 50, False, True, id="own lead"),
        pytest.param(somebody(lead_project_ids=frozenset({2})), 50, False, False, id="lead of another"),
    ],
)
def test_who_may_change_and_report(actor, period, may_change, may_enter):
    project = Project(id=1, period_id=period, code="1", code_key="1", title="A", title_key="a")
    assert rights.may_change(actor, project) is may_change
    assert rights.may_enter_status(actor, project) is may_enter
    assert rights.reads_unaccepted(actor, project) is may_enter


def test_a_leads_report_waits_and_the_secretariats_counts():
    project = Project(id=1, code="1", code_key="1", title="A", title_key="a")
    lead, both = (
        somebody(lead_project_ids=frozenset({1})),
        somebody(Grant(Role.SECRETARIAT), lead_project_ids=frozenset({1})),
    )
    assert rights.origin_of(lead, project) == (StatusSource.LEAD, StatusState.SUBMITTED)
    assert rights.origin_of(both, project) == (StatusSource.SECRETARIAT, StatusState.ACCEPTED)


def test_words_for_what_nobody_told():
    assert (light_word(None), light_word(Light.YELLOW), phase_word(None)) == ("keine Meldung", "gelb", "unbekannt")
