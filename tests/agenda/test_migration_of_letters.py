"""Migration 0010 on a database with data: institutions and persons keep what they had; sent letters never change."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app import clock
from app.agenda.models import DispatchWay, LetterDispatch, LetterRevocation
from app.db import ident
from app.migrating import downgrade, upgrade
from app.people.models import Organisation, Person
from tests import factories


def test_addresses_come_and_go_and_everything_else_stays(own_database):
    with own_database.write() as session:
        person = factories.make_person(session, "Beispiel", first_name="Ada")
        organisation = factories.make_organisation(session, "Kammer")
        person.address, organisation.country = "Postfach 1\n10825 Berlin", "Österreich"
        keys = (ident(person), ident(organisation))

    downgrade(own_database, "0009")
    with own_database.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        names = connection.execute(sa.text("SELECT last_name FROM person")).scalars().all()
        columns = {one["name"] for one in sa.inspect(connection).get_columns("organisation")}
    assert not tables & {"letter_dispatch", "letter_revocation"}
    assert names == ["Beispiel"]
    assert not columns & {"address", "country"}

    upgrade(own_database)
    with own_database.read() as session:
        assert session.get_one(Person, keys[0]).address == ""
        assert session.get_one(Organisation, keys[1]).country == ""


def test_sent_letters_are_append_only(own_database):
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session))
        dispatch = LetterDispatch(
            meeting_id=ident(meeting),
            person_id=ident(factories.make_person(session)),
            version=1,
            name="Ada",
            content="{}",
            hash="0" * 64,
            way=DispatchWay.POST,
            sent_on=dt.date(2026, 3, 2),
            sent_by="Ada",
            recorded_at=clock.now(),
        )
        session.add(dispatch)
        session.flush()
        session.add(LetterRevocation(dispatch_id=ident(dispatch), reason="Versehen", revoked_at=clock.now()))
    for words in (
        "UPDATE letter_dispatch SET version = 2",
        "DELETE FROM letter_revocation",
        "DELETE FROM letter_dispatch",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append only"), own_database.engine.begin() as connection:
            connection.execute(sa.text(words))
