"""Giving actions: by hand, at an item of a meeting in session, by the clauses of decisions; and their numbers."""

import datetime as dt

import pytest

from app import clock
from app.access.queries import actor_of
from app.actions import queries
from app.actions.schemas import ActionIn
from app.actions.service.giving import give_action, make_actions, take_back_action
from app.agenda.models import Outcome
from app.bodies.queries import load_body
from app.db import ident
from app.decisions.models import Verb
from app.decisions.queries import decisions_of_items
from app.decisions.schemas import ClauseIn, DecisionIn
from app.decisions.service.writing import write_decision
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.minutes.service.closing import close_meeting
from app.visibility import Level
from tests import factories
from tests.decisions import room
from tests.factories import operator

UNTIL = dt.date(2026, 9, 30)


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


@pytest.fixture
def house(session):
    return ident(factories.make_organisation(session, "Industrie- und Handelskammer", "IHK"))


def give(session, body, house, **fields):
    values = {"title": "Karte vorlegen", "organisation": house, **fields}
    item = values.pop("item", None)
    return give_action(session, operator(), body, ActionIn(**values), item=item)


def test_by_hand_an_action_has_its_number_at_once(session, body, house):
    project = factories.make_project(session)
    first = give(session, body, house, due_on=UNTIL, projects=[ident(project)])
    second = give(session, body, house, given_on=dt.date(2025, 12, 1))
    third = give(session, body, house)
    assert [one.number for one in (first, second, third)] == ["A 2026/001", "A 2025/001", "A 2026/002"]
    assert (first.given_on, first.first_due_on, first.due_on) == (clock.today(), UNTIL, UNTIL)
    assert queries.project_ids_of(session, [ident(first)]) == {ident(first): [ident(project)]}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"organisation": None}, "organisation"),
        ({"organisation": 999999}, "organisation"),
        ({"person": 999999}, "person"),
        ({"projects": [999999]}, "projects"),
        ({"due_on": dt.date(2026, 3, 1)}, "due_on"),
    ],
)
def test_what_cannot_be_is_refused_and_takes_no_number(session, body, house, fields, field):
    with pytest.raises(Invalid) as refused, session.begin_nested():
        give(session, body, house, **fields)
    assert list(refused.value.fields) == [field]
    assert give(session, body, house).number == "A 2026/001"


def test_only_the_secretariat_of_the_body_gives(session, body, house):
    chair = actor_of(session, factories.make_seated(session, body, chair=True))
    with pytest.raises(Forbidden):
        give_action(session, chair, body, ActionIn(title="x", organisation=house))


def test_in_session_they_wait_for_their_number_until_the_meeting_is_closed(session, body, house):
    meeting, project = factories.make_meeting(session, body, number=1), factories.make_project(session)
    early = room.add(session, meeting, "Eins", projects=[ident(project)], level=Level.CONFIDENTIAL)
    late = room.add(session, meeting, "Zwei")
    with pytest.raises(Refused):
        give(session, body, house, item=early)
    room.start(session, meeting)
    of_late = give(session, body, house, item=late)
    of_early = give(session, body, house, item=early)
    gone = give(session, body, house, item=early)
    assert (of_early.number, of_early.given_on) == ("", dt.date(2026, 5, 1))
    assert of_early.level is Level.CONFIDENTIAL
    assert queries.project_ids_of(session, [ident(of_early)]) == {ident(of_early): [ident(project)]}
    by_hand = give(session, body, house)
    take_back_action(session, operator(), gone)
    for item in (early, late):
        room.settle(session, meeting, item, Outcome.REJECTED)
    close_meeting(session, operator(), meeting)
    assert [one.number for one in (by_hand, of_early, of_late)] == ["A 2026/001", "A 2026/002", "A 2026/003"]
    with pytest.raises(Refused):
        take_back_action(session, operator(), of_early)
    assert give(session, body, house, item=early).number == "A 2026/004"
    found = queries.actions_of_items(session, operator(), [ident(early), ident(late)])
    assert [one.number for one in found[ident(early)]] == ["A 2026/002", "A 2026/004"]


def test_an_item_of_another_body_gives_nothing(session, body, house):
    meeting = factories.make_meeting(session, factories.make_body(session), number=1)
    item = room.add(session, meeting)
    room.start(session, meeting)
    with pytest.raises(NotFound):
        give(session, body, house, item=item)


def clauses(house):
    return [
        ClauseIn(
            verb=Verb.CHARGES, text="die IHK, eine Karte der Flächen vorzulegen", organisation=house, due_on=UNTIL
        ),
        ClauseIn(verb=Verb.NOTES, text="den Bericht", organisation=house),
        ClauseIn(verb=Verb.ASKS, text="die IHK ohne Tag", organisation=house),
        ClauseIn(verb=Verb.ASKS, text="die IHK um einen Bericht. " + "Lang " * 100, organisation=house, due_on=UNTIL),
        ClauseIn(verb=Verb.CHARGES, text="niemanden", due_on=UNTIL),
    ]


def closed_with_clauses(session, body, house, outcome):
    meeting, project = factories.make_meeting(session, body, number=1), factories.make_project(session)
    item = room.add(session, meeting, projects=[ident(project)])
    room.start(session, meeting)
    wish = DecisionIn(clauses=clauses(house), projects=[ident(project)], level=Level.CONFIDENTIAL)
    write_decision(session, operator(), meeting, item, wish)
    by_hand = give(session, body, house, item=item)
    room.settle(session, meeting, item, outcome)
    close_meeting(session, operator(), meeting)
    return item, project, by_hand


def test_clauses_that_charge_or_ask_an_institution_until_a_day_make_actions(session, body, house):
    item, project, by_hand = closed_with_clauses(session, body, house, Outcome.ADOPTED)
    made = queries.actions_of_items(session, operator(), [ident(item)])[ident(item)]
    assert [one.number for one in made] == ["A 2026/001", "A 2026/002", "A 2026/003"]
    assert made[2] is by_hand
    card, report, _ = made
    assert (card.title, card.details) == ("Die IHK, eine Karte der Flächen vorzulegen", "")
    assert report.title.startswith("Die IHK um einen Bericht. ")
    assert len(report.title) <= 210
    assert report.details.endswith("Lang")
    assert (card.organisation_id, card.due_on, card.first_due_on) == (house, UNTIL, UNTIL)
    assert card.level is Level.CONFIDENTIAL
    assert queries.project_ids_of(session, [ident(card)]) == {ident(card): [ident(project)]}
    decision = decisions_of_items(session, operator(), [ident(item)])[ident(item)]
    assert make_actions(session, operator(), [decision], load_body(session, ident(body))) == []


def test_what_was_rejected_charges_nobody(session, body, house):
    item, _, by_hand = closed_with_clauses(session, body, house, Outcome.REJECTED)
    assert queries.actions_of_items(session, operator(), [ident(item)]) == {ident(item): [by_hand]}
