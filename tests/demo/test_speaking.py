"""The speaking notes of the demo: written by the chair, and the secretariat is named for them."""

import datetime as dt

from app.actor import Role
from app.agenda.models import GuestRole, SectionKey
from app.agenda.queries import find_frame, guests_of_items, notes_of_meeting
from app.agenda.schemas.wishes import GuestIn, ItemIn
from app.agenda.service.guests import invite_guest
from app.agenda.service.items import add_item
from app.bodies import service as bodies
from app.config import Settings
from app.db import ident
from app.demo.days import days_of
from app.demo.seats import RULES
from app.demo.speaking import CHAIR, FRAME, NOTES, write_speaking_notes
from app.demo.stage import SECRETARIAT, Stage
from tests import factories
from tests.conftest import SECRET
from tests.factories import operator


def test_the_chair_has_notes_and_the_secretariat_reads_them(session):
    stage = Stage(session, days_of(dt.date(2026, 3, 2)), Settings(secret_key=SECRET))
    body = factories.make_body(session)
    stage.bodies.append(body)
    stage.accounts = {
        CHAIR: factories.make_seated(session, body, chair=True),
        SECRETARIAT: factories.make_account(session, Role.SECRETARIAT, body),
    }
    meeting = factories.make_meeting(session, body)
    items = [add_item(session, operator(), meeting, ItemIn(title=str(key), section=key)) for key in NOTES]
    add_item(session, operator(), meeting, ItemIn(title="ohne", section=SectionKey.DEBATE))

    write_speaking_notes(stage, meeting)

    stage.actors.clear()
    notes = notes_of_meeting(session, stage.secretary(), ident(meeting))
    assert notes.keys() == {item.id for item in items}
    assert find_frame(session, stage.acting(CHAIR), ident(meeting)).opening == FRAME.opening


def test_the_rules_and_the_guest_of_the_demo_hold(session):
    body = factories.make_body(session)
    bodies.change_rules(session, operator(), body, dict(RULES_BY_KEY), tuple(RULES))
    meeting = factories.make_meeting(session, body)
    item = add_item(session, operator(), meeting, ItemIn(title="Wärme", section=SectionKey.MAIN_TOPIC))
    person = factories.make_person(session)
    secretary = Stage(session, days_of(dt.date(2026, 3, 2)), Settings(secret_key=SECRET))
    secretary.accounts = {SECRETARIAT: factories.make_account(session, Role.SECRETARIAT, body)}
    wish = GuestIn(person=ident(person), role=GuestRole.SPEAKER, topic="Abwärme")
    invite_guest(session, secretary.secretary(), meeting, item, wish)
    assert guests_of_items(session, [ident(item)], dt.date(2026, 3, 2))[ident(item)][0].topic == "Abwärme"


RULES_BY_KEY = {spec.key: wanted for spec, wanted in RULES.items()}
