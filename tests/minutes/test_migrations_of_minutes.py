"""Migrations 0013, 0014 and 0018 on a database with data: what was frozen stays, and so does what guards it."""

import pytest
import sqlalchemy as sa

from app.db import ident
from app.migrating import downgrade, upgrade
from app.minutes.schemas.wishes import AddendumIn, ApproveIn
from app.minutes.service.afterwards import add_addendum
from app.minutes.service.life import approve_minutes
from tests.factories import operator
from tests.minutes.held import make_held
from tests.minutes.test_life import next_meeting, send

pytestmark = pytest.mark.slow

ROWS = "SELECT id, meeting_id, kind, version, edition, item_id, content, hash FROM frozen_document ORDER BY id"
OLDER = ROWS.replace(" ORDER", " WHERE kind NOT IN ('minutes', 'addendum') ORDER")
SENT = ROWS.replace(" ORDER", " WHERE kind <> 'addendum' ORDER")
ADD = """INSERT INTO frozen_document (meeting_id, kind, version, edition, content, hash, frozen_at)
SELECT meeting_id, '{kind}', version + 90, edition, '{{}}', 'x', frozen_at FROM frozen_document WHERE kind = 'agenda'"""
SEALED = {
    "presence": "UPDATE presence SET name = 'Jemand'",
    "chairing": "DELETE FROM chairing",
    "exclusion": "UPDATE exclusion SET reason = 'anders'",
    "agenda_item": "UPDATE agenda_item SET outcome_note = 'anders'",
    "minute_note": "UPDATE minute_note SET note = 'anders'",
    "decision": "UPDATE decision SET wording = 'anders'",
    "clause": "UPDATE clause SET text = 'anders'",
    "announcement": "DELETE FROM announcement",
    "minutes": "UPDATE minutes SET keeper = 'anders'",
    "meeting": "UPDATE meeting SET sealed_at = NULL",
}
"""A change of each sealed table that the database refuses once the minutes are approved."""


def run(database, statement):
    with database.engine.begin() as connection:
        connection.execute(sa.text(statement))


def fetch(database, statement):
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def indexes(database):
    inspector = sa.inspect(database.engine)
    table = "frozen_document"
    return (
        sorted((one["name"], tuple(one["column_names"]), bool(one["unique"])) for one in inspector.get_indexes(table)),
        sorted(tuple(one["column_names"]) for one in inspector.get_unique_constraints(table)),
        sorted((one["referred_table"], tuple(one["constrained_columns"])) for one in inspector.get_foreign_keys(table)),
        {one["name"]: one["nullable"] for one in inspector.get_columns(table)},
    )


def triggers(database):
    """Every trigger as (name, table)."""
    if database.is_sqlite:
        return sorted(fetch(database, "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"))
    found = "SELECT tgname, relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal"
    return sorted(fetch(database, found))


def assert_append_only(database):
    for act in ("UPDATE frozen_document SET content = ''", "DELETE FROM frozen_document"):
        with pytest.raises(sa.exc.DBAPIError, match="append only"):
            run(database, act)


@pytest.fixture
def sealed(own_database):
    """A meeting with a released agenda, approved minutes and an addendum."""
    with own_database.write() as session:
        held = make_held(session)
        send(session, held)
        approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(next_meeting(session, held))))
        add_addendum(session, operator(), held.meeting, AddendumIn(text="Es muss fünf heißen."))
        return ident(held.meeting)


def test_frozen_documents_and_what_guards_them_survive_the_way_down_and_up(own_database, sealed):
    before, guards, shape = fetch(own_database, ROWS), triggers(own_database), indexes(own_database)
    older, sent = fetch(own_database, OLDER), fetch(own_database, SENT)
    assert {row[2] for row in before} >= {"agenda", "minutes", "addendum"}
    for revision, kept, refused in (("0013", sent, "addendum"), ("0012", older, "minutes")):
        downgrade(own_database, revision)
        assert fetch(own_database, ROWS) == kept
        assert indexes(own_database) == shape
        assert_append_only(own_database)
        with pytest.raises(sa.exc.IntegrityError):
            run(own_database, ADD.format(kind=refused))
    for revision, taken, refused in (("0013", "minutes", "addendum"), ("0014", "addendum", "elsewise")):
        upgrade(own_database, revision)
        assert fetch(own_database, OLDER) == older
        assert indexes(own_database) == shape
        assert_append_only(own_database)
        with pytest.raises(sa.exc.IntegrityError):
            run(own_database, ADD.format(kind=refused))
        run(own_database, ADD.format(kind=taken))
    upgrade(own_database)
    assert fetch(own_database, OLDER) == older
    assert (triggers(own_database), indexes(own_database)) == (guards, shape)
    assert_append_only(own_database)


def test_the_seal_goes_and_comes_with_its_migration(own_database, sealed):
    guards = triggers(own_database)
    rows = {table: fetch(own_database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in SEALED}
    assert all(rows.values()), "every sealed table holds something"

    def assert_sealed():
        for table, act in SEALED.items():
            with pytest.raises(sa.exc.DBAPIError, match=f"{table} is sealed"):
                run(own_database, act)

    assert_sealed()
    downgrade(own_database, "0017")
    assert not [name for name, _ in triggers(own_database) if "sealed" in name]
    assert_append_only(own_database)
    for table, act in SEALED.items():
        with own_database.engine.connect() as connection:
            assert connection.execute(sa.text(act)).rowcount, table  # undone: nothing is committed
    upgrade(own_database)
    assert triggers(own_database) == guards
    assert {table: fetch(own_database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in SEALED} == rows
    assert_sealed()
    assert_append_only(own_database)
