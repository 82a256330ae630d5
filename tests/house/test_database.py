"""The database under simultaneous use: nothing lost, nothing half done, readers that cannot write."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm.exc import StaleDataError

from app import db
from app.installation.models import Installation
from app.main import create_app
from app.meetings.queries import lock_meeting
from app.meetings.service import touch_meeting
from app.migrating import current_revision, downgrade, is_modelled, newest_revision, upgrade
from tests import factories
from tests.browser_client import Browser
from tests.web.heart import make_house


@pytest.fixture
def real_app(settings, own_database) -> FastAPI:
    return create_app(settings, database=own_database)


def test_concurrent_changes_of_one_row_are_all_kept(own_database):
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        first_version = meeting.version

    def change() -> None:
        for _ in range(10):
            with own_database.write() as session:
                locked = lock_meeting(session, factories.operator(), meeting.id)
                locked.length_minutes += 1
                touch_meeting(session, locked)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(change) for _ in range(8)]:
            done.result()
    with own_database.read() as session:
        row = session.get_one(type(meeting), meeting.id)
        assert row.length_minutes == 120 + 80
        assert row.version == first_version + 80


def test_two_hundred_requests_at_once_all_succeed(real_app, own_database):
    with own_database.write() as session:
        account = factories.make_account(session, factories.Role.SECRETARIAT)
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
    with own_database.read():
        browser = Browser(real_app, own_database, account)
    token = browser.token()
    headers = {"X-CSRF-Token": token}
    addresses = ["/sitzungen", f"/sitzungen/{meeting.id}", "/projekte", "/"]

    def ask(number: int) -> int:
        if number % 5 == 0:
            return browser.post("/abmelden?unknown", headers=headers, data={"csrf_token": "x"}).status_code
        return browser.get(addresses[number % 4]).status_code

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, [number for number in range(1, 260) if number % 5][:200]))
    assert answers == [200] * 200


def test_readers_cannot_write(own_database):
    with own_database.read() as session, pytest.raises(sa.exc.DBAPIError):
        session.add(Installation(id=1))
        session.execute(sa.text("UPDATE installation SET demo_made_on = '2026-01-01'"))


def test_a_reader_sees_one_state_while_others_write(own_database):
    with own_database.read() as session:
        before = session.execute(sa.text("SELECT count(*) FROM body")).scalar_one()
        with own_database.write() as other:
            factories.make_body(other)
        assert session.execute(sa.text("SELECT count(*) FROM body")).scalar_one() == before
    with own_database.read() as session:
        assert session.execute(sa.text("SELECT count(*) FROM body")).scalar_one() == before + 1


def test_a_failing_commit_gives_the_lock_back(own_database):
    def stumble(_session):
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError), own_database.write() as session:
        factories.make_body(session)
        db.last_step(session, stumble)
    done = threading.Event()

    def write() -> None:
        with own_database.write() as session:
            factories.make_body(session)
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(timeout=10)
    assert done.is_set()


def test_a_version_that_was_overtaken_is_refused(own_database):
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
    with own_database.write() as session:
        session.execute(sa.text(f"UPDATE meeting SET version = version + 1 WHERE id = {meeting.id}"))
    with pytest.raises(StaleDataError), own_database.write() as session:
        meeting.place = "Rotes Rathaus"
        session.add(meeting)


def test_migrations_go_down_and_up_again(own_database):
    downgrade(own_database, "base")
    assert current_revision(own_database) is None
    left = sa.inspect(own_database.engine).get_table_names()
    assert left == ["alembic_version"]
    upgrade(own_database)
    assert current_revision(own_database) == newest_revision()


def test_the_models_are_what_the_migrations_make(own_database):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    with own_database.engine.connect() as connection:
        opts = {"render_as_batch": True, "compare_type": True, "include_object": is_modelled}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_member_of_every_enum_passes_its_check(own_database):
    from sqlmodel import SQLModel

    with own_database.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, sa.Enum):
                    known = connection.execute(sa.text(_check_text(own_database.is_sqlite, table.name))).scalars().all()
                    text = " ".join(str(one) for one in known)
                    assert all(f"'{value}'" in text for value in column.type.enums), f"{table.name}.{column.name}"


def _check_text(is_sqlite: bool, table: str) -> str:
    if is_sqlite:
        return f"SELECT sql FROM sqlite_master WHERE name = '{table}'"
    return (
        "SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        f"WHERE t.relname = '{table}' AND c.contype = 'c'"
    )


def test_the_way_down_to_the_first_migration_and_up_keeps_rows_and_triggers(own_database):
    make_house(own_database)
    triggers, rows = _triggers(own_database), _rows(own_database)
    downgrade(own_database, "0001")
    at_first = _rows(own_database)
    assert all(at_first[table] for table in ("agenda_release", "agenda_edition", "frozen_status"))
    assert {table: rows[table] for table in at_first if table in rows} == {
        table: count for table, count in at_first.items() if table in rows
    }
    upgrade(own_database)
    after = _rows(own_database)
    assert {table: after[table] for table in at_first if table in rows} == {
        table: rows[table] for table in at_first if table in rows
    }
    assert _triggers(own_database) == triggers
    append_only = {table for table, name in triggers if after[table] and "_sealed_" not in name}
    for table in append_only - {"history_detail"}:
        with pytest.raises(sa.exc.DBAPIError, match="append only"), own_database.engine.begin() as connection:
            connection.execute(sa.text(f"DELETE FROM {table}"))


def _rows(database: db.Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        tables = sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})
        return {one: connection.execute(sa.text(f"SELECT count(*) FROM {one}")).scalar_one() for one in tables}


def _triggers(database: db.Database) -> set[tuple[str, str]]:
    statement = (
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.engine.connect() as connection:
        return {(table, name) for table, name in connection.execute(sa.text(statement))}
