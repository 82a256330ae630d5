"""The history: recorded beside the change, chained, guarded by the database, correct under concurrent writers."""

import threading

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.db import Database
from app.history.models import HistoryDetail, HistoryEntry, HistoryErasure, HistoryHead
from app.history.queries import list_entries, verify_chain
from app.history.service import record
from app.meetings.schemas import MeetingChange
from app.meetings.service import change_meeting
from tests import factories


def _write_entries(database: Database, count: int) -> None:
    with database.write() as session:
        body = factories.make_body(session)
        for number in range(count - 1):
            record(session, factories.operator(), "body.change", body, before={"n": number}, after={"n": number + 1})


def test_a_change_is_recorded_with_who_what_before_and_after(database):
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=7)
    with database.write() as session:
        change_meeting(session, factories.operator(), session.merge(meeting), MeetingChange(main_topic="Flächen"))
    with database.read() as session:
        entry = list_entries(session, factories.operator(), object_kind="meeting", object_id=meeting.id)[0]
    assert (entry.verb, entry.who) == ("meeting.change", "Test")
    assert entry.changes == {"main_topic": ["", "Flächen"]}


def test_the_chain_holds_and_names_its_length(database):
    _write_entries(database, 5)
    with database.read() as session:
        verdict = verify_chain(session)
    assert (verdict.entries, verdict.broken_at, verdict.erased) == (5, None, 0)


def test_what_is_rolled_back_leaves_no_entry(database):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), database.write() as session:
        factories.make_body(session)
        raise Stop
    with database.read() as session:
        assert verify_chain(session).entries == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_entry SET verb = 'x'",
        "DELETE FROM history_entry",
        "UPDATE history_detail SET content = '{}'",
        "DELETE FROM history_detail",
        "UPDATE history_erasure SET reason = 'x'",
    ],
)
def test_the_database_refuses_to_rewrite_history(own_database, statement):
    _write_entries(own_database, 2)
    with own_database.write() as session:
        session.add(HistoryErasure(entry_id=1, at=factories.clock.now(), reason="Löschung auf Antrag"))
    if statement == "DELETE FROM history_detail":
        statement += " WHERE entry_id = 2"
    with own_database.engine.connect() as connection, pytest.raises(sa.exc.DatabaseError):
        connection.exec_driver_sql(statement)


def test_a_detail_is_erased_with_a_reason_and_the_chain_still_holds(own_database):
    _write_entries(own_database, 3)
    with own_database.write() as session:
        session.add(HistoryErasure(entry_id=2, at=factories.clock.now(), reason="Löschung auf Antrag"))
        session.flush()
        session.execute(sa.delete(HistoryDetail).where(col(HistoryDetail.entry_id) == 2))
    with own_database.read() as session:
        verdict = verify_chain(session)
        assert (verdict.broken_at, verdict.erased) == (None, 1)
        assert [entry.erased for entry in list_entries(session, factories.operator())] == [False, True, False]


def _without_guards(database: Database, statement: str) -> None:
    """Somebody with the keys to the database goes around its triggers."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE history_entry SET verb = 'x' WHERE id = 2", "Eintrag 2 wurde verändert."),
        ("DELETE FROM history_entry WHERE id = 2", "Eintrag 2 fehlt."),
        ("DELETE FROM history_detail WHERE entry_id = 2", "Die Angaben zu Eintrag 2 fehlen ohne Vermerk."),
        ("UPDATE history_detail SET content = '{}' WHERE entry_id = 2", "Die Angaben zu Eintrag 2 wurden verändert."),
        ("DELETE FROM history_entry WHERE id = 3", "Das Ende der Kette fehlt oder wurde verändert."),
    ],
)
def test_whoever_goes_around_the_database_is_found_out(own_database, statement, complaint):
    _write_entries(own_database, 3)
    if statement.startswith("DELETE FROM history_entry"):
        _without_guards(
            own_database, statement.replace("history_entry", "history_detail").replace("id =", "entry_id =")
        )
    _without_guards(own_database, statement)
    with own_database.read() as session:
        assert verify_chain(session).complaint == complaint


def test_eight_writers_at_once_leave_one_whole_chain(own_database):
    with own_database.write() as session:
        bodies = [factories.make_body(session).id for _ in range(8)]
    failures: list[BaseException] = []

    def write(body_id: int) -> None:
        try:
            for number in range(12):
                with own_database.write() as session:
                    body = factories.load_body(session, body_id)
                    body.short_name = f"B{body_id}-{number}"
                    session.add(body)
                    record(session, factories.operator(), "body.change", body, after={"n": number})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(body_id,)) for body_id in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with own_database.read() as session:
        verdict = verify_chain(session)
        assert (verdict.entries, verdict.broken_at) == (8 + 96, None)
        assert session.exec(select(HistoryHead)).one().last_id == 104
        assert len(session.exec(select(HistoryEntry.hash)).all()) == 104
