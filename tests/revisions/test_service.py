"""Writing together: saves of one stretch, repeated and late saves, collisions, closing, presence."""

import dataclasses
import datetime as dt
import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import clock
from app.actor import Actor, Grant, Role
from app.agenda import queries as agenda
from app.agenda.models import AgendaItem, SectionKey
from app.agenda.schemas.wishes import OCCASION, ItemChange, ItemIn, RejectIn
from app.agenda.service import items, texts
from app.agenda.service.traces import ItemTexts, load_item_texts
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.models import HistoryDetail, HistoryEntry
from app.jobs.models import Job
from app.meetings.models import MeetingState
from app.meetings.queries import lock_meeting
from app.revisions import queries, service
from app.revisions.models import EditPresence, TextRevision
from app.revisions.schemas import TextSave
from app.storage import Folder
from app.worker import Workplace, work_once
from tests import factories
from tests.conftest import NOW
from tests.factories import operator

KIND = "agenda_item"


def named(name, account_id):
    """A secretary."""
    return dataclasses.replace(operator(), name=name, account_id=account_id)


class Writer:
    """One open form: its account, its base version, its sequence."""

    def __init__(self, session, item, name="Dana Muster", account_id=1):
        self.session, self.item = session, item
        self.actor = named(name, account_id)
        self.writer, self.sequence, self.base = str(uuid.uuid4()), 0, item.version

    def wish(self, text, field="occasion", sequence=None, base=None):
        if sequence is None:
            self.sequence += 1
        return TextSave(
            field=field,
            text=text,
            writer=self.writer,
            sequence=sequence or self.sequence,
            base_version=self.base if base is None else base,
        )

    def save(self, text, field="occasion", sequence=None, base=None):
        meeting = lock_meeting(self.session, self.actor, self.item.meeting_id)
        item = agenda.get_item(self.session, self.actor, ident(meeting), ident(self.item))
        saved = service.write_at(
            self.session,
            self.actor,
            texts.item_desk(self.session, self.actor, meeting, item),
            self.wish(text, field, sequence, base),
        )
        self.base = saved.version
        return saved


@pytest.fixture
def meeting(session):
    return factories.make_meeting(session, factories.make_body(session), number=1)


@pytest.fixture
def item(session, meeting):
    wish = ItemIn(title="Flächen", section=SectionKey.DECISION, occasion="Anfang")
    return items.add_item(session, operator(), meeting, wish)


def revisions(session, item):
    return session.exec(
        select(TextRevision).where(TextRevision.object_id == item.id).order_by(col(TextRevision.id))
    ).all()


def text_entries(database):
    with database.read() as session:
        rows = session.exec(
            select(HistoryDetail)
            .join(HistoryEntry, col(HistoryEntry.id) == HistoryDetail.entry_id)
            .where(HistoryEntry.verb == "item.text")
            .order_by(col(HistoryEntry.id))
        ).all()
        return [json.loads(row.content) for row in rows]


def later(minutes):
    return clock.standing_at(NOW + dt.timedelta(minutes=minutes))


def test_saves_of_one_stretch_overwrite_one_open_revision(session, item):
    writer = Writer(session, item)
    for text in ("A", "An", "Anlass"):
        writer.save(text)
    (row,) = revisions(session, item)
    assert (row.before, row.content, row.closed_at, row.sequence) == ("Anfang", "Anlass", None, 3)
    assert item.occasion == "Anlass"
    assert writer.base == item.version == row.version


def test_a_repeated_save_is_the_same_success(session, item):
    writer = Writer(session, item)
    first = writer.save("Neu", sequence=5)
    version = item.version
    again = writer.save("Neu", sequence=5, base=first.version - 1)
    assert again == first
    assert item.version == version
    assert len(revisions(session, item)) == 1


def test_an_older_save_that_arrives_late_changes_nothing(session, item):
    writer = Writer(session, item)
    writer.save("Neu und länger", sequence=8)
    late = writer.save("Neu", sequence=7)
    assert item.occasion == "Neu und länger"
    assert late.version == item.version


def test_a_repeated_save_stays_a_success_after_somebody_else_wrote(session, item):
    first, second = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    answer = first.save("Von Dana", sequence=1)
    second.base = answer.version
    second.save("Von Kim")
    assert first.save("Von Dana", sequence=1) == answer
    assert item.occasion == "Von Kim"


def test_whoever_was_slower_gets_both_texts_and_nothing_is_overwritten(session, item):
    first, second = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    first.save("Von Dana")
    with pytest.raises(Stale) as refused:
        second.save("Von Kim")
    assert refused.value.current["text"] == "Von Dana"
    assert "Dana Muster" in refused.value.sentence
    assert item.occasion == "Von Dana"
    assert [row.content for row in revisions(session, item)] == ["Von Dana"]


def test_two_who_wrote_the_same_do_not_collide(session, item):
    first, second = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    first.save("Gleich")
    assert second.save("Gleich").behind


def test_two_fields_of_one_item_do_not_collide(session, item):
    first, second = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    first.save("Anlass von Dana")
    answer = second.save("Beschluss von Kim", field="proposed_decision")
    assert (item.occasion, item.proposed_decision) == ("Anlass von Dana", "Beschluss von Kim")
    assert answer.behind, "the whole form of Kim has not seen Dana's text"
    assert answer.version < item.version
    assert first.save("Anlass von Dana, zweiter Teil").behind


def test_a_form_that_is_behind_stays_behind_and_cannot_overwrite_what_it_has_not_seen(session, meeting, item):
    writer = Writer(session, item)
    items.change_item(session, operator(), meeting, item, ItemChange(title="Anderer Titel"), base_version=item.version)
    base = writer.base
    assert writer.save("Text").behind
    assert writer.save("Text, weiter").behind
    assert writer.base == base
    with pytest.raises(Stale):
        items.change_item(session, writer.actor, meeting, item, ItemChange(title="Flächen"), base_version=writer.base)


def test_a_lost_answer_does_not_make_the_form_a_stranger_to_itself(session, item):
    writer = Writer(session, item)
    base = writer.base
    writer.save("Eins")
    answer = writer.save("Zwei", base=base)
    assert not answer.behind
    assert answer.version == item.version


def test_another_writer_closes_the_open_revision_and_only_then_it_enters_the_history(database):
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        item = items.add_item(session, operator(), meeting, ItemIn(title="F", section=SectionKey.DECISION))
        first = Writer(session, item)
        for text in ("A", "An", "Anlass"):
            first.save(text)
    assert text_entries(database) == []
    with database.write() as session:
        second = Writer(session, session.get_one(AgendaItem, item.id), "Kim Beispiel", 2)
        second.save("Anlass, ergänzt")
        assert [row.closed_at is None for row in revisions(session, item)] == [False, True]
    (entry,) = text_entries(database)
    assert entry["who"] == "Dana Muster"
    assert entry["changes"] == {"occasion": ["", "Anlass"]}


def test_five_minutes_without_a_save_end_the_stretch(session, item):
    writer = Writer(session, item)
    writer.save("Eins")
    with later(4):
        writer.save("Eins zwei")
    with later(9):
        writer.save("Eins zwei drei")
    rows = revisions(session, item)
    assert [(row.before, row.content) for row in rows] == [("Anfang", "Eins zwei"), ("Eins zwei", "Eins zwei drei")]
    assert rows[0].closed_at is not None


def test_the_worker_closes_after_the_pause_and_not_before(database, settings, tmp_path):
    place = Workplace(database, Folder(str(tmp_path)), settings)
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        item = items.add_item(session, operator(), meeting, ItemIn(title="F", section=SectionKey.DECISION))
        writer = Writer(session, item)
        writer.save("Eins")
        with later(3):
            writer.save("Eins zwei")
    with later(6):
        assert work_once(place), "the first save had ordered a look"
        assert text_entries(database) == []
        assert not work_once(place)
    with later(9):
        assert work_once(place)
    (entry,) = text_entries(database)
    assert entry["changes"] == {"occasion": ["", "Eins zwei"]}
    with database.read() as session:
        assert all(job.done_at for job in session.exec(select(Job).where(Job.name == service.CLOSE_JOB)))


def test_the_worker_bears_that_the_item_is_gone(database, settings, tmp_path):
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        item = items.add_item(session, operator(), meeting, ItemIn(title="F", section=SectionKey.DECISION))
        Writer(session, item).save("Eins")
        session.execute(sa.text(f"DELETE FROM agenda_item WHERE id = {item.id}"))
    with later(6):
        assert work_once(Workplace(database, Folder(str(tmp_path)), settings))
    with database.read() as session:
        assert load_item_texts(session, item.id) is None
        assert queries.list_open(session, KIND, [ident(item)]) == []


def test_leaving_closes_ones_own_revision_and_takes_the_presence_away(session, meeting, item):
    first, second = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    first.save("Von Dana")
    second.save("Von Kim", field="proposed_decision")
    service.visit_desk(session, first.actor, texts.item_desk(session, first.actor, meeting, item), first.writer)
    service.leave_desk(session, first.actor, texts.item_desk(session, first.actor, meeting, item), first.writer)
    assert [row.closed_at is None for row in revisions(session, item)] == [False, True]
    assert texts.who_edits(session, second.actor, [ident(item)]) == {}


def test_typed_and_taken_back_leaves_no_trace_in_the_history(database):
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        item = items.add_item(
            session, operator(), meeting, ItemIn(title="F", section=SectionKey.DECISION, occasion="Anfang")
        )
        writer = Writer(session, item)
        writer.save("Anfang und mehr")
        writer.save("Anfang")
        service.leave_desk(session, writer.actor, texts.item_desk(session, writer.actor, meeting, item), writer.writer)
        assert service.earlier_texts(session, ItemTexts(session, meeting, item)) == []
    assert text_entries(database) == []


def test_a_change_in_one_act_closes_what_others_write_there_and_is_kept_itself(session, meeting, item):
    writer = Writer(session, item)
    writer.save("Von Dana")
    items.change_item(
        session, operator(), meeting, item, ItemChange(occasion="Über die Schnittstelle"), base_version=item.version
    )
    rows = revisions(session, item)
    assert [row.content for row in rows] == ["Von Dana", "Über die Schnittstelle"]
    assert all(row.closed_at for row in rows)
    with pytest.raises(Stale):
        writer.save("Von Dana, weiter")


def test_a_change_of_the_title_leaves_the_text_that_another_writes_open(session, meeting, item):
    writer = Writer(session, item)
    writer.save("Von Dana")
    items.change_item(session, operator(), meeting, item, ItemChange(title="Neu"), base_version=item.version)
    assert revisions(session, item)[0].closed_at is None
    writer.save("Von Dana, weiter")
    assert len(revisions(session, item)) == 1


def test_an_earlier_text_comes_back_as_a_new_change(session, meeting, item):
    writer = Writer(session, item)
    writer.save("Zweiter Text")
    service.leave_desk(session, writer.actor, texts.item_desk(session, writer.actor, meeting, item), writer.writer)
    items.change_item(session, operator(), meeting, item, ItemChange(occasion="Dritter"), base_version=item.version)
    earlier = service.earlier_texts(session, ItemTexts(session, meeting, item))
    assert [row.content for row in earlier] == ["Dritter", "Zweiter Text"]
    desk = texts.item_desk(session, operator(), meeting, item)
    service.restore_text(session, operator(), desk, ident(earlier[1]), base_version=item.version)
    assert item.occasion == "Zweiter Text"
    assert [row.content for row in service.earlier_texts(session, ItemTexts(session, meeting, item))] == [
        "Zweiter Text",
        "Dritter",
        "Zweiter Text",
    ]


def test_setting_aside_and_releasing_close_what_is_being_written(session, meeting, item):
    other = items.add_item(session, operator(), meeting, ItemIn(title="Zweiter", section=SectionKey.DEBATE))
    Writer(session, item).save("Von Dana")
    Writer(session, other).save("Von Dana")
    items.set_item_aside(session, operator(), meeting, item, RejectIn(reason="passt nicht"))
    assert revisions(session, item)[0].closed_at is not None
    texts.close_item_texts(session, operator(), meeting)
    assert revisions(session, other)[0].closed_at is not None


def test_running_meetings_and_strangers_are_refused(session, meeting, item):
    writer = Writer(session, item)
    member = Actor(account_id=9, name="Mitglied", on=clock.today())
    with pytest.raises(Forbidden):
        service.write_at(session, member, texts.item_desk(session, member, meeting, item), writer.wish("Text"))
    with pytest.raises(Forbidden):
        service.visit_desk(session, member, texts.item_desk(session, member, meeting, item), writer.writer)
    meeting.state = MeetingState.IN_SESSION
    with pytest.raises(Refused):
        writer.save("Text")


def test_withdrawn_items_stay_as_they_are(session, item):
    item.withdrawn, item.number = True, "4.1"
    with pytest.raises(Refused):
        Writer(session, item).save("Text")


def test_nobody_continues_the_revision_or_presence_of_another_account(session, meeting, item):
    writer, other = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    writer.save("Von Dana")
    service.visit_desk(session, writer.actor, texts.item_desk(session, writer.actor, meeting, item), writer.writer)
    session.flush()
    other.writer = writer.writer
    with pytest.raises(Forbidden):
        other.save("Von Kim", base=item.version)
    with pytest.raises(Forbidden):
        service.visit_desk(session, other.actor, texts.item_desk(session, other.actor, meeting, item), other.writer)


def test_other_fields_and_too_long_texts_are_refused(session, item):
    writer = Writer(session, item)
    with pytest.raises(Invalid):
        writer.save("Neuer Titel", field="title")
    with pytest.raises(Invalid):
        writer.save("x" * (OCCASION + 1))


def test_presence_ends_a_minute_after_the_last_sign(session, meeting, item):
    first, second = Writer(session, item), Writer(session, item, "Kim Beispiel", 2)
    assert (
        service.visit_desk(session, first.actor, texts.item_desk(session, first.actor, meeting, item), first.writer)
        == []
    )
    (seen,) = service.visit_desk(
        session, second.actor, texts.item_desk(session, second.actor, meeting, item), second.writer
    )
    assert (seen.name, seen.own) == ("Dana Muster", False)
    with clock.standing_at(NOW + dt.timedelta(seconds=59)):
        assert texts.who_edits(session, second.actor, [ident(item)], but_writer=second.writer)
        service.visit_desk(session, second.actor, texts.item_desk(session, second.actor, meeting, item), second.writer)
    with clock.standing_at(NOW + dt.timedelta(seconds=61)):
        assert (
            service.visit_desk(
                session, second.actor, texts.item_desk(session, second.actor, meeting, item), second.writer
            )
            == []
        )
        assert len(session.exec(select(EditPresence)).all()) == 1, "rows of forms not heard of are deleted"


def test_the_database_keeps_closed_revisions_and_one_open_per_field(database):
    with database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        item = items.add_item(session, operator(), meeting, ItemIn(title="F", section=SectionKey.DECISION))
        writer = Writer(session, item)
        writer.save("Eins")
        service.leave_desk(session, writer.actor, texts.item_desk(session, writer.actor, meeting, item), writer.writer)
        writer.save("Zwei")
    for statement in (
        "UPDATE text_revision SET content = 'gefälscht' WHERE closed_at IS NOT NULL",
        "DELETE FROM text_revision",
        "INSERT INTO text_revision (object_kind, object_id, field, writer_name, writer, sequence, base_version,"
        " version, before, content, opened_at, saved_at) SELECT object_kind, object_id, field, writer_name, writer, 9,"
        " 1, 2, '', 'zweite offene', opened_at, saved_at FROM text_revision WHERE closed_at IS NULL",
    ):
        with pytest.raises(sa.exc.DBAPIError), database.write() as session:
            session.execute(sa.text(statement))


def _writers(own_database, number, item_ids, fields):
    """So many threads write ten texts each; answers the number of collisions."""
    barrier, collisions = threading.Barrier(number), []

    def write(place):
        actor = named(f"Person {place}", place + 1)
        writer, item_id, field = str(uuid.uuid4()), item_ids[place % len(item_ids)], fields[place % len(fields)]
        with own_database.read() as session:
            base = session.get_one(AgendaItem, item_id).version
        barrier.wait()
        for sequence in range(1, 11):
            try:
                with own_database.write() as session:
                    meeting_id = agenda.find_meeting_of_item(session, item_id)
                    meeting = lock_meeting(session, actor, meeting_id)
                    item = agenda.get_item(session, actor, meeting_id, item_id)
                    wish = TextSave(
                        field=field,
                        text=f"{place}.{sequence}",
                        writer=writer,
                        sequence=sequence,
                        base_version=base,
                    )
                    base = service.write_at(
                        session, actor, texts.item_desk(session, actor, meeting, item), wish
                    ).version
            except Stale as stale:
                collisions.append(place)
                base = stale.current["version"]

    with ThreadPoolExecutor(number) as pool:
        for done in [pool.submit(write, place) for place in range(number)]:
            done.result()
    return collisions


def _items(own_database, number):
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), number=1)
        made = [
            items.add_item(session, operator(), meeting, ItemIn(title=f"Punkt {place}", section=SectionKey.DECISION))
            for place in range(number)
        ]
        return [ident(one) for one in made]


def test_eight_writers_on_eight_items_lose_nothing(own_database):
    item_ids = _items(own_database, 8)
    assert _writers(own_database, 8, item_ids, ["occasion"]) == []
    with own_database.read() as session:
        found = [session.get_one(AgendaItem, item_id).occasion for item_id in item_ids]
        assert found == [f"{place}.10" for place in range(8)]
        assert len(session.exec(select(TextRevision)).all()) == 8


def test_two_writers_in_two_fields_of_one_item_do_not_disturb_each_other(own_database):
    item_ids = _items(own_database, 1)
    assert _writers(own_database, 2, item_ids, ["occasion", "proposed_decision"]) == []
    with own_database.read() as session:
        item = session.get_one(AgendaItem, item_ids[0])
        assert (item.occasion, item.proposed_decision) == ("0.10", "1.10")


def test_eight_writers_in_one_field_overwrite_nothing_unseen(own_database):
    item_ids = _items(own_database, 1)
    _writers(own_database, 8, item_ids, ["occasion"])
    with own_database.read() as session:
        rows = session.exec(select(TextRevision).order_by(col(TextRevision.id))).all()
        assert sum(row.closed_at is None for row in rows) == 1
        assert [row.before for row in rows[1:]] == [row.content for row in rows[:-1]], "an unbroken chain of texts"
        assert rows[-1].content == session.get_one(AgendaItem, item_ids[0]).occasion
    assert {entry["changes"]["occasion"][1] for entry in text_entries(own_database)} == {
        row.content for row in rows[:-1]
    }


def test_killed_between_two_saves_the_first_is_there_and_the_second_leaves_nothing(own_database):
    (item_id,) = _items(own_database, 1)
    writer = str(uuid.uuid4())
    actor = named("Dana Muster", 1)

    def save(session, text, sequence, base):
        meeting_id = agenda.find_meeting_of_item(session, item_id)
        meeting = lock_meeting(session, actor, meeting_id)
        item = agenda.get_item(session, actor, meeting_id, item_id)
        wish = TextSave(field="occasion", text=text, writer=writer, sequence=sequence, base_version=base)
        return service.write_at(session, actor, texts.item_desk(session, actor, meeting, item), wish)

    with own_database.write() as session:
        first = save(session, "Eins", 1, session.get_one(AgendaItem, item_id).version)
    with pytest.raises(KeyboardInterrupt), own_database.write() as session:
        save(session, "Zwei", 2, first.version)
        raise KeyboardInterrupt
    with own_database.read() as session:
        assert session.get_one(AgendaItem, item_id).occasion == "Eins"
    with own_database.write() as session:
        again = save(session, "Zwei", 2, first.version)
    assert again.version == first.version + 1


def test_rights_are_those_of_the_agenda(session, meeting, item):
    actor = Actor(account_id=9, name="S", on=clock.today(), grants=(Grant(Role.SECRETARIAT, meeting.body_id),))
    writer = Writer(session, item)
    assert service.write_at(session, actor, texts.item_desk(session, actor, meeting, item), writer.wish("Text"))
