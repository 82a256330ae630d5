"""Migration 0004 on a database with data: releases and items keep what they had, and publishing can begin."""

import pytest
import sqlalchemy as sa

from app.agenda.models import AgendaItem, AgendaRelease, SectionKey
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.db import ident
from app.migrating import downgrade, upgrade
from tests import factories
from tests.factories import operator

pytestmark = pytest.mark.slow

RELEASE = """INSERT INTO agenda_release (id, meeting_id, version, as_of, released_at, released_by, approved_by,
approved_how, late_reason) VALUES (5, :meeting, 1, '2026-04-01', '2026-04-02 09:30:00+00:00', 'Büro', 'Vorsitz',
'E-Mail', 'Eilsache')"""
PUBLISH = """INSERT INTO publication (meeting_id, version, published_at, published_by, revoked_by, revoked_reason)
VALUES (:meeting, 1, '2026-04-03 08:00:00+00:00', 'Büro', '', '')"""
REVOKE = "UPDATE publication SET revoked_at = '2026-04-04 08:00:00+00:00', revoked_reason = 'Irrtum'"
RELEASES = "SELECT version, released_by, approved_by, approved_how, late_reason FROM agenda_release"


def run(database, statement, **values):
    with database.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def fetch(database, statement):
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def columns(database, table):
    return {one["name"] for one in sa.inspect(database.engine).get_columns(table)}


def assert_releases_refuse_changes(database):
    for act in ("UPDATE agenda_release SET released_by = ''", "DELETE FROM agenda_release"):
        with pytest.raises(sa.exc.DBAPIError, match="append only"):
            run(database, act)


@pytest.fixture
def meeting_id(own_database):
    """A meeting with an item and a release, as a database at 0003 holds them."""
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=17)
        add_item(session, operator(), meeting, ItemIn(title="Wärmeplan", section=SectionKey.DEBATE))
        meeting_id = ident(meeting)
    downgrade(own_database, "0003")
    run(own_database, RELEASE, meeting=meeting_id)
    return meeting_id


def test_releases_and_items_keep_what_they_had_up_and_down(own_database, meeting_id):
    kept = [(1, "Büro", "Vorsitz", "E-Mail", "Eilsache")]
    assert "publication" not in sa.inspect(own_database.engine).get_table_names()
    upgrade(own_database, "0004")
    assert fetch(own_database, RELEASES) == kept
    assert fetch(own_database, "SELECT reason FROM agenda_release") == [("",)]
    assert fetch(own_database, "SELECT title, withdrawn_reason FROM agenda_item") == [("Wärmeplan", "")]
    assert_releases_refuse_changes(own_database)
    upgrade(own_database)
    with own_database.read() as session:
        assert session.get_one(AgendaRelease, 5).reason == ""
        assert [one.withdrawn_reason for one in session.scalars(sa.select(AgendaItem))] == [""]
    run(own_database, PUBLISH, meeting=meeting_id)
    downgrade(own_database, "0003")
    assert fetch(own_database, RELEASES) == kept
    assert fetch(own_database, "SELECT title FROM agenda_item") == [("Wärmeplan",)]
    assert "reason" not in columns(own_database, "agenda_release")
    assert "withdrawn_reason" not in columns(own_database, "agenda_item")
    assert_releases_refuse_changes(own_database)


def test_one_publication_holds_at_a_time_and_keeps_its_meeting(own_database, meeting_id):
    upgrade(own_database, "0004")
    run(own_database, PUBLISH, meeting=meeting_id)
    with pytest.raises(sa.exc.IntegrityError):
        run(own_database, PUBLISH, meeting=meeting_id)
    run(own_database, REVOKE)
    run(own_database, PUBLISH, meeting=meeting_id)
    with pytest.raises(sa.exc.IntegrityError):
        run(own_database, "DELETE FROM meeting WHERE id = :meeting", meeting=meeting_id)
