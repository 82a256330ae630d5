"""Writing minutes: notes on items, beginning and ending items, correcting times."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.agenda.models import AgendaItem
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.models import HistoryDetail
from app.meetings.models import Meeting
from app.minutes import queries
from app.minutes.models import MinuteNote
from app.minutes.rules.times import Progress, minutes_left, progress_of, still_planned
from app.minutes.schemas.notes import MinuteNoteIn, TimesIn
from app.minutes.service import notes
from tests.factories import operator
from tests.queries import recorded_queries
from tests.web.heart import DAY, add_item, make_house, release, start

TEN = dt.datetime.combine(DAY, dt.time(10), clock.BERLIN)


@pytest.fixture
def house(database):
    made = make_house(database)
    made.first, made.second = add_item(database, made, "Flächen"), add_item(database, made, "Fachkräfte")
    release(database, made)
    start(database, made)
    return made


@pytest.fixture
def session(database, house):
    with database.write() as opened:
        yield opened


@pytest.fixture
def meeting(session, house):
    return session.get_one(Meeting, house.meeting.id)


def item(session, item_id):
    return session.get_one(AgendaItem, item_id)


def at(minutes):
    return clock.standing_at(TEN + dt.timedelta(minutes=minutes))


def points(session, house):
    return queries.list_points(session, operator(), house.meeting.id)


def test_beginning_an_item_ends_the_one_before(session, house, meeting):
    with at(0):
        notes.begin_item(session, operator(), meeting, item(session, house.first))
    with at(12):
        notes.begin_item(session, operator(), meeting, item(session, house.second))
    first, second = points(session, house)
    assert (first.started_at, first.ended_at) == (TEN, TEN + dt.timedelta(minutes=12))
    assert (second.started_at, second.ended_at) == (TEN + dt.timedelta(minutes=12), None)
    assert [progress_of(one) for one in (first, second)] == [Progress.DONE, Progress.RUNNING]
    assert minutes_left(second, TEN + dt.timedelta(minutes=15)) == second.minutes - 3
    assert still_planned([first, second], TEN + dt.timedelta(minutes=15)) == second.minutes - 3


def test_an_item_that_is_taken_up_again_keeps_its_beginning(session, house, meeting):
    with at(0):
        notes.begin_item(session, operator(), meeting, item(session, house.first))
    with at(5):
        notes.end_item(session, operator(), meeting, item(session, house.first))
    with at(30):
        notes.begin_item(session, operator(), meeting, item(session, house.first))
    first = points(session, house)[0]
    assert (first.started_at, first.ended_at) == (TEN, None)


def test_what_does_not_run_cannot_end(session, house, meeting):
    with pytest.raises(Refused, match="läuft gerade nicht"):
        notes.end_item(session, operator(), meeting, item(session, house.first))


def test_times_are_corrected_and_checked(session, house, meeting):
    first = item(session, house.first)
    with at(60):
        notes.correct_times(
            session, operator(), meeting, first, TimesIn(started_at=dt.time(10, 5), ended_at=dt.time(10, 20))
        )
        for wish, field in (
            (TimesIn(ended_at=dt.time(10, 20)), "started_at"),
            (TimesIn(started_at=dt.time(10, 20), ended_at=dt.time(10, 5)), "ended_at"),
            (TimesIn(started_at=dt.time(11, 1)), "started_at"),
        ):
            with pytest.raises(Invalid) as refused:
                notes.correct_times(session, operator(), meeting, first, wish)
            assert list(refused.value.fields) == [field]
        with pytest.raises(Stale):
            notes.correct_times(session, operator(), meeting, first, TimesIn(), seen="/")
    row = points(session, house)[0]
    assert (row.started_at, row.ended_at) == (TEN + dt.timedelta(minutes=5), TEN + dt.timedelta(minutes=20))


def test_times_are_not_in_the_way_of_who_writes(session, house, meeting):
    first = item(session, house.first)
    with at(0):
        notes.begin_item(session, operator(), meeting, first)
        desk = notes.minute_note_desk(session, operator(), meeting, first)
        assert desk.holder.version == 0
        notes.write_note(
            session, operator(), meeting, first, MinuteNoteIn(note="Die Kammer fragt nach."), base_version=0
        )
    with pytest.raises(Stale) as stale:
        notes.write_note(session, operator(), meeting, first, MinuteNoteIn(note="Anderes"), base_version=0)
    assert stale.value.current["note"] == "Die Kammer fragt nach."
    notes.write_note(session, operator(), meeting, first, MinuteNoteIn(note="Anderes"), base_version=1)
    assert queries.find_note(session, operator(), house.first).note == "Anderes"


def test_the_history_says_what_was_noted(database, house):
    with database.write() as session:
        meeting = session.get_one(Meeting, house.meeting.id)
        wish = MinuteNoteIn(note="Die Kammer fragt nach.")
        notes.write_note(session, operator(), meeting, item(session, house.first), wish, base_version=0)
    with database.read() as session:
        told = [row.content for row in session.exec(select(HistoryDetail).order_by(HistoryDetail.entry_id))]
    assert "Die Kammer fragt nach." in told[-1]


def test_only_the_secretariat_writes_and_only_once_the_meeting_runs(database, session, house, meeting):
    member = actor_of(session, house.member)
    with pytest.raises(Forbidden):
        notes.begin_item(session, member, meeting, item(session, house.first))
    meeting.state = "released"
    with pytest.raises(Refused, match="sobald die Sitzung eröffnet ist"):
        notes.write_note(
            session, operator(), meeting, item(session, house.first), MinuteNoteIn(note="x"), base_version=0
        )


def test_the_list_of_items_is_one_query_without_texts(session, house):
    with recorded_queries(session.connection()) as statements:
        points(session, house)
    assert len(statements) == 1
    assert "occasion" not in statements[0]
    assert "minute_note.note" not in statements[0]


def test_the_database_refuses_an_end_before_the_beginning(session, house):
    session.add(MinuteNote(item_id=house.first, started_at=TEN, ended_at=TEN - dt.timedelta(1), changed_at=TEN))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()
