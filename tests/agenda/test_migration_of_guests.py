"""Migration 0006 on a database with data: guests and meetings keep what they had, and get the new columns."""

import sqlalchemy as sa

from app.agenda.models import AgendaItemGuest, GuestRole, SectionKey
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.db import ident
from app.meetings.models import Meeting
from app.migrating import downgrade, upgrade
from tests import factories
from tests.factories import operator


def test_guests_and_meetings_survive_the_way_down_and_up(own_database):
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=17, place="Rotes Rathaus")
        item = add_item(session, operator(), meeting, ItemIn(title="Punkt", section=SectionKey.DEBATE))
        person = factories.make_person(session)
        keys = (ident(item), ident(person))
        session.add(AgendaItemGuest(item_id=keys[0], person_id=keys[1], role=GuestRole.SPEAKER, topic="Guss"))
        meeting_id = ident(meeting)

    downgrade(own_database, "0005")
    with own_database.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT item_id, person_id FROM agenda_item_guest")).all()
        columns = {one["name"] for one in sa.inspect(connection).get_columns("agenda_item_guest")}
        kept = connection.execute(sa.text("SELECT number, place FROM meeting")).all()
    assert rows == [keys]
    assert columns == {"item_id", "person_id"}
    assert kept == [(17, "Rotes Rathaus")]

    upgrade(own_database)
    with own_database.read() as session:
        guest = session.get_one(AgendaItemGuest, keys)
        assert (guest.role, guest.topic) == (GuestRole.GUEST, "")
        assert session.get_one(Meeting, meeting_id).entry_details == ""
