"""The chair's own texts: who writes them until when, what their history tells whom, and what an item asks."""

import dataclasses

import pytest
from sqlmodel import select

from app.access.queries import actor_of
from app.actor import Role
from app.agenda.models import ItemKind, SectionKey, SpeakingNote
from app.agenda.queries import find_note, notes_of_meeting
from app.agenda.rules.speaking import ASKS, WITH_PROPOSAL, may_write_notes, to_decide
from app.agenda.schemas.wishes import ItemIn, RejectIn, SpeakingFrameIn, SpeakingNoteIn
from app.agenda.service.items import add_item, set_item_aside
from app.agenda.service.speaking import write_frame, write_note
from app.bodies import service as bodies
from app.bodies.models import MembershipKind, Seat
from app.bodies.queries import list_grants, secretariat_accounts
from app.bodies.service import name_for_speaking_notes
from app.db import commit, ident
from app.errors import Invalid, NotFound, Refused, Stale
from app.history.queries import list_entries
from app.meetings.models import MeetingState
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries


@pytest.fixture
def stage(session):
    """A meeting with one item, its chair, the chair's office, a member, and two accounts of the secretariat."""
    body = factories.make_body(session)
    meeting = factories.make_meeting(session, body)
    item = add_item(session, operator(), meeting, ItemIn(title="Flächen", section=SectionKey.DEBATE))
    chair = factories.make_seated(session, body, chair=True)
    accounts = {
        "chair": chair,
        "office": factories.make_account(session, person=factories.make_person(session)),
        "member": factories.make_seated(session, body),
        "named": factories.make_account(session, Role.SECRETARIAT, body, name="Benannt"),
        "other": factories.make_account(session, Role.SECRETARIAT, name="Andere"),
        "auditor": factories.make_account(session, Role.AUDITOR, body),
        "admin": factories.make_account(session, Role.ADMIN),
    }
    seat_id = actor_of(session, chair).seats[0].seat_id
    seat = session.get_one(Seat, seat_id)
    person = accounts["office"].person_id
    bodies.fill_seat(session, operator(), seat, person_id=person, kind=MembershipKind.OFFICE)
    name_for_speaking_notes(session, actor_of(session, chair), body, [ident(accounts["named"])])
    return session, body, meeting, item, lambda key: actor_of(session, accounts[key])


WISH = SpeakingNoteIn(goal="Zustimmung", key_messages="Erstens\nZweitens", reactive="Falls gefragt wird")


@pytest.mark.parametrize("who", ["chair", "office", "named"])
def test_the_chair_its_office_and_whom_it_names_write_the_notes(stage, who):
    session, _, meeting, item, as_ = stage
    version = meeting.version
    note = write_note(session, as_(who), meeting, item, WISH, base_version=0)
    commit(session)

    assert (note.goal, note.key_messages, note.changed_by) == ("Zustimmung", "Erstens\nZweitens", as_(who).name)
    assert list(notes_of_meeting(session, as_("chair"), ident(meeting))) == [item.id]
    assert meeting.version == version, "whoever may not read notes must not notice them"


@pytest.mark.parametrize("who", ["member", "other", "auditor", "admin"])
def test_for_everybody_else_there_are_none(stage, who):
    session, _, meeting, item, as_ = stage
    write_note(session, as_("chair"), meeting, item, WISH, base_version=0)

    with pytest.raises(NotFound):
        write_note(session, as_(who), meeting, item, WISH, base_version=1)
    with pytest.raises(NotFound):
        write_frame(session, as_(who), meeting, SpeakingFrameIn(opening="Guten Morgen"), base_version=0)
    assert find_note(session, as_(who), ident(item)) is None
    assert notes_of_meeting(session, as_(who), ident(meeting)) == {}


def test_even_the_operator_reads_no_notes(stage):
    session, _, meeting, item, as_ = stage
    write_note(session, as_("chair"), meeting, item, WISH, base_version=0)
    assert notes_of_meeting(session, operator(), ident(meeting)) == {}


def test_being_named_means_nothing_without_the_role(stage):
    actor = stage[4]("named")
    _, _, meeting, _, _ = stage
    assert may_write_notes(actor, meeting)
    assert not may_write_notes(dataclasses.replace(actor, grants=()), meeting)


def test_whoever_was_slower_gets_both_texts(stage):
    session, _, meeting, item, as_ = stage
    write_note(session, as_("chair"), meeting, item, WISH, base_version=0)
    with pytest.raises(Stale) as refusal:
        write_note(session, as_("office"), meeting, item, SpeakingNoteIn(goal="Vertagung"), base_version=0)
    assert refusal.value.current["goal"] == "Zustimmung"
    note = write_note(session, as_("office"), meeting, item, SpeakingNoteIn(goal="Vertagung"), base_version=1)
    assert (note.goal, note.reactive, note.version) == ("Vertagung", "Falls gefragt wird", 2)


def test_a_wish_that_changes_nothing_leaves_no_trace(stage):
    session, _, meeting, item, as_ = stage
    write_note(session, as_("chair"), meeting, item, SpeakingNoteIn(goal=""), base_version=0)
    assert session.exec(select(SpeakingNote)).first() is None
    write_note(session, as_("chair"), meeting, item, WISH, base_version=0)
    assert write_note(session, as_("chair"), meeting, item, WISH, base_version=1).version == 1


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.CANCELLED])
def test_after_the_meeting_they_stay_as_they_are(stage, state):
    session, _, meeting, item, as_ = stage
    meeting.state = state
    with pytest.raises(Refused):
        write_note(session, as_("chair"), meeting, item, WISH, base_version=0)


def test_they_are_written_on_after_the_release(stage):
    session, _, meeting, item, as_ = stage
    meeting.state = MeetingState.IN_SESSION
    assert write_note(session, as_("named"), meeting, item, WISH, base_version=0).goal == "Zustimmung"


def test_only_readers_of_notes_find_their_history(stage):
    session, _, meeting, item, as_ = stage
    write_note(session, as_("chair"), meeting, item, WISH, base_version=0)
    write_frame(session, as_("chair"), meeting, SpeakingFrameIn(opening="Guten Morgen"), base_version=0)
    commit(session)

    def verbs(actor):
        return {entry.verb for entry in list_entries(session, actor)} & {"speaking.change", "speaking.frame"}

    assert verbs(as_("named")) == {"speaking.change", "speaking.frame"}
    for who in ("other", "auditor", "admin", "member"):
        assert verbs(as_(who)) == set()
    assert verbs(operator()) == set()


def test_notes_of_an_item_that_leaves_the_agenda_stay_in_the_history(stage):
    session, _, meeting, item, as_ = stage
    write_note(session, as_("chair"), meeting, item, WISH, base_version=0)
    set_item_aside(session, as_("other"), meeting, item, RejectIn(reason="später"))
    commit(session)
    session.expire_all()

    assert session.exec(select(SpeakingNote)).first() is None
    newest = next(entry for entry in list_entries(session, as_("named")) if entry.verb == "speaking.change")
    assert newest.changes["key_messages"] == ["Erstens\nZweitens", None]


def test_chair_office_and_administration_name_accounts_of_the_secretariat(stage):
    session, body, _, _, as_ = stage
    assert [account.name for account in secretariat_accounts(session, ident(body))] == ["Andere", "Benannt"]
    for who in ("office", "admin"):
        name_for_speaking_notes(session, as_(who), body, [])
        assert list_grants(session, ident(body)) == {}
        name_for_speaking_notes(session, as_(who), body, [as_("other").account_id])
    commit(session)
    assert as_("other").named_body_ids == {body.id}
    assert as_("named").named_body_ids == frozenset()
    entry = next(one for one in list_entries(session, as_("other")) if one.verb == "speaking.grant")
    assert entry.changes["named"] == [[], ["Andere"]]


@pytest.mark.parametrize("who", ["member", "named", "other", "auditor"])
def test_nobody_else_names_anybody(stage, who):
    session, body, _, _, as_ = stage
    with pytest.raises(NotFound):
        name_for_speaking_notes(session, as_(who), body, [])


def test_only_accounts_of_the_secretariat_can_be_named(stage):
    session, body, _, _, as_ = stage
    with pytest.raises(Invalid):
        name_for_speaking_notes(session, as_("chair"), body, [as_("member").account_id])


def test_rights_still_cost_one_query(stage):
    session, _, _, _, as_ = stage
    assert as_("named").named_body_ids
    with recorded_queries(session.connection()) as asked:
        as_("named")
    assert len(asked) == 1


@pytest.mark.parametrize("kind", ItemKind)
def test_every_kind_asks_something_of_the_chair(kind):
    assert to_decide(kind, "") == ASKS[kind]
    assert to_decide(kind, "1. Der Steuerungskreis …") == WITH_PROPOSAL[kind] != ASKS[kind]
