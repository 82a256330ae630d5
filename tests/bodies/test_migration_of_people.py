"""Migration 0008 on a database with data: one open member per seat, versions, and names sorted without particles."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.bodies import queries
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.migrating import downgrade, upgrade
from tests import factories
from tests.factories import operator

INSERT = sa.text(
    "INSERT INTO membership (seat_id, person_id, kind, valid_from) VALUES (:seat, :person, 'member', :valid_from)"
)


def test_members_and_names_survive_and_are_put_in_order(own_database):
    with own_database.write() as session:
        seat = bodies.add_seat(
            session,
            operator(),
            factories.make_body(session),
            organisation_id=ident(factories.make_organisation(session)),
        )
        people = [ident(factories.make_person(session, name)) for name in ("von der Heide", "Birke", "Eiche")]
        seat_id = ident(seat)

    downgrade(own_database, "0007")
    with own_database.engine.begin() as connection:
        assert "version" not in {one["name"] for one in sa.inspect(connection).get_columns("membership")}
        for person, since in zip(people, (None, dt.date(2024, 1, 1), dt.date(2026, 1, 1)), strict=True):
            connection.execute(INSERT, {"seat": seat_id, "person": person, "valid_from": since})
        connection.execute(
            sa.text("UPDATE person SET sort_key = 'von der heide' WHERE id = :person"), {"person": people[0]}
        )

    upgrade(own_database)
    with own_database.read() as session:
        held = [
            (one.person_id, one.kind, one.valid_from, one.valid_to, one.version)
            for one, _ in queries.list_memberships(session, seat_id)
        ]
        names = [one.last_name for one in queries.list_persons(session, operator())]
    assert held == [
        (people[2], MembershipKind.MEMBER, dt.date(2026, 1, 1), None, 1),
        (people[1], MembershipKind.MEMBER, dt.date(2024, 1, 1), dt.date(2025, 12, 31), 1),
        (people[0], MembershipKind.MEMBER, None, dt.date(2023, 12, 31), 1),
    ]
    assert names == ["Birke", "Eiche", "von der Heide"]
    with pytest.raises(sa.exc.IntegrityError), own_database.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO membership (seat_id, person_id, kind, version) VALUES (:seat, :person, 'member', 1)"),
            {"seat": seat_id, "person": people[1]},
        )
