"""Migration 0002 with data: every edition moves unchanged into the table of frozen documents, which refuses changes."""

import pytest
import sqlalchemy as sa

from app.migrating import downgrade, upgrade

pytestmark = pytest.mark.slow

MEETING = """INSERT INTO meeting (id, version, body_id, number, special, without_status, entered_afterwards, starts_at,
ends_at, zone, place, main_topic, length_minutes, state, cancel_reason, uid, sequence, calendar_changed_at, source,
changed_at) VALUES (7, 1, 3, 17, false, false, false, '2026-05-12 08:00:00+00:00', '2026-05-12 10:00:00+00:00',
'Europe/Berlin', 'Rathaus', '', 120, 'released', '', 'x@skip', 0, '2026-04-01 08:00:00+00:00', '',
'2026-04-01 08:00:00+00:00')"""
RELEASE = """INSERT INTO agenda_release (id, meeting_id, version, as_of, released_at, released_by, approved_by,
approved_how, late_reason) VALUES (5, 7, 1, '2026-04-01', '2026-04-02 09:30:00+00:00', '', '', '', '')"""
EDITIONS = {"vollstaendig": ('{"format":1,"ä":"x"}', "a" * 64), "ohne-vertrauliches": ('{"format":1}', "b" * 64)}


def run(database, *statements):
    with database.engine.begin() as connection:
        for statement, values in statements:
            connection.execute(sa.text(statement), values)


def fetch(database, statement):
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


@pytest.fixture
def with_data(own_database):
    downgrade(own_database, "0001")
    run(
        own_database,
        ("INSERT INTO body (id, version, short_name) VALUES (3, 1, 'SKIP')", {}),
        (MEETING, {}),
        (RELEASE, {}),
        *(
            (
                "INSERT INTO agenda_edition (release_id, edition, content, hash) VALUES (5, :edition, :content, :hash)",
                {"edition": name, "content": content, "hash": digest},
            )
            for name, (content, digest) in EDITIONS.items()
        ),
    )
    return own_database


def test_every_edition_moves_as_it_was_and_back(with_data):
    upgrade(with_data, "0002")
    rows = fetch(
        with_data, "SELECT meeting_id, kind, version, edition, item_id, content, hash FROM frozen_document ORDER BY id"
    )
    assert rows == [(7, "agenda", 1, name, None, content, digest) for name, (content, digest) in EDITIONS.items()]
    same = "SELECT count(*) FROM frozen_document d JOIN agenda_release r ON d.frozen_at = r.released_at"
    assert fetch(with_data, same) == [(2,)]
    assert "agenda_edition" not in sa.inspect(with_data.engine).get_table_names()
    downgrade(with_data, "0001")
    rows = fetch(with_data, "SELECT release_id, edition, content, hash FROM agenda_edition ORDER BY id")
    assert rows == [(5, name, content, digest) for name, (content, digest) in EDITIONS.items()]


def test_the_new_table_refuses_changes_and_so_does_the_old_one_again(with_data):
    upgrade(with_data, "0002")
    for table in ("frozen_document", "agenda_edition"):
        for act in (f"UPDATE {table} SET content = ''", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="append only"):
                run(with_data, (act, {}))
        downgrade(with_data, "0001")


def test_a_document_is_frozen_once_per_edition_and_item(with_data):
    upgrade(with_data, "0002")
    again = (
        "INSERT INTO frozen_document (meeting_id, kind, version, edition, content, hash, frozen_at) "
        "VALUES (7, 'agenda', 1, 'vollstaendig', '', '', '2026-04-02 09:30:00+00:00')"
    )
    with pytest.raises(sa.exc.IntegrityError):
        run(with_data, (again, {}))
