"""Where an action comes from, on its page: the clause of a decision and the item, as far as the reader reads them."""

import datetime as dt

import pytest

from app.access.queries import actor_of
from app.actions.queries import actions_of_items
from app.db import ident
from app.decisions.models import Verb
from app.decisions.schemas import ClauseIn, DecisionIn
from app.decisions.service.writing import write_decision
from app.minutes.service.closing import close_meeting
from app.visibility import Level
from tests import factories
from tests.decisions import room
from tests.factories import operator
from tests.web.heart import make_house, words

SENTENCE = "die IHK, eine Karte der Flächen vorzulegen"
TITLE = "Die IHK, eine Karte der Flächen vorzulegen"


@pytest.fixture
def house(database):
    made = make_house(database)
    with database.write() as session:
        body = session.get_one(type(made.body), made.body.id)
        meeting = session.get_one(type(made.meeting), made.meeting.id)
        person = factories.make_person(session)
        made.doer = factories.make_account(session, person=person)
        home = ident(factories.make_organisation(session, "Industrie- und Handelskammer", "IHK"))
        clause = ClauseIn(
            verb=Verb.CHARGES, text=SENTENCE, organisation=home, person=ident(person), due_on=dt.date(2026, 9, 30)
        )
        items = [room.add(session, meeting, title, level=level) for title, level in LEVELS.items()]
        room.start(session, meeting)
        for item in items:
            write_decision(session, operator(), meeting, item, DecisionIn(clauses=[clause]))
            room.settle(session, meeting, item)
        close_meeting(session, operator(), meeting)
        found = actions_of_items(session, operator(), [ident(item) for item in items])
        made.open, made.secret = (found[ident(item)][0].id for item in items)
        assert actor_of(session, made.doer).person_id == ident(person)
        assert body.id == meeting.body_id
    return made


LEVELS = {"Flächen": Level.INTERNAL, "Heimliches": Level.CONFIDENTIAL}


def test_members_follow_it_to_the_clause_and_the_meeting(browse, house):
    answer = browse(house.member).get(f"/auftraege/{house.open}")
    said = words(answer)
    assert "Beschluss SKIP 2026/01, Ziffer 1" in said
    assert "18. Sitzung am 12.05.2026, TOP" in said
    assert SENTENCE in said
    assert TITLE in said
    assert 'href="/beschluesse/' in answer.text
    assert browse(house.member).get(f"/auftraege/{house.secret}").status_code == 200


def test_who_only_answers_for_it_is_told_nothing_of_what_they_do_not_read(browse, house):
    said = words(browse(house.doer).get(f"/auftraege/{house.open}"))
    assert TITLE in said
    assert "Ziffer" not in said
    assert "18. Sitzung" not in said
    assert browse(house.doer).get(f"/auftraege/{house.secret}").status_code == 404
