"""Supplements: the rows after a release are the next working copy; what was released stays as it is."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from sqlmodel import select

from app import clock
from app.agenda import queries
from app.agenda.models import (
    AgendaDraft,
    AgendaItem,
    AgendaItemGuest,
    AgendaRelease,
    DocumentKind,
    Edition,
    FrozenDocument,
    FrozenStatus,
    Level,
    Proposal,
    ProposalState,
    SectionKey,
    Topic,
)
from app.agenda.schemas.changes import read_changes
from app.agenda.schemas.frozen import Mark, hash_values, read_values
from app.agenda.schemas.wishes import (
    GuestChange,
    GuestIn,
    ItemChange,
    ItemIn,
    RejectIn,
    ReleaseIn,
    WithdrawIn,
)
from app.agenda.service.guests import change_guest, invite_guest, uninvite_guest
from app.agenda.service.items import add_item, change_item, move_item, set_item_aside
from app.agenda.service.paper_holders import MeetingPapers
from app.agenda.service.papers import list_meeting_papers, place_of
from app.agenda.service.proposals import accept_proposal
from app.agenda.service.release import release_agenda
from app.agenda.service.supplements import (
    Unreleased,
    discard_changes,
    open_meeting,
    pending_changes,
    reinstate_item,
    withdraw_item,
)
from app.agenda.service.values import default_as_of
from app.db import ident
from app.drafting.service.proposing import draft_agenda
from app.errors import Forbidden, Invalid, Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import lock_meeting
from app.meetings.schemas import MoveIn
from app.meetings.service import move_meeting
from app.papers.schemas import PaperChange, PaperIn, StoredFile
from app.papers.schemas import WithdrawIn as PaperWithdrawIn
from app.projects.models import Light, Phase
from tests import factories
from tests.factories import operator

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail")
AGAIN = YES.model_copy(update={"reason": "Neue Lage"})


def add(session, meeting, title="Punkt", section=SectionKey.DEBATE, **fields):
    return add_item(session, operator(), meeting, ItemIn(title=title, section=section, **fields))


def change(session, meeting, item, **fields):
    session.flush()
    return change_item(session, operator(), meeting, item, ItemChange(**fields), base_version=item.version)


def release(session, meeting, wish=YES):
    found = release_agenda(session, operator(), meeting, wish)
    session.flush()
    return found


def withdraw(session, meeting, item, reason="zurückgezogen"):
    return withdraw_item(session, operator(), meeting, item, WithdrawIn(reason=reason))


def frozen(session, meeting, version, edition=Edition.FULL, kind=DocumentKind.AGENDA, item=None):
    return session.exec(
        select(FrozenDocument).where(
            FrozenDocument.meeting_id == meeting.id,
            FrozenDocument.version == version,
            FrozenDocument.edition == edition,
            FrozenDocument.kind == kind,
            FrozenDocument.item_id == (item.id if item else None),
        )
    ).one_or_none()


def rows(values):
    return {item.number: item for section in values.sections for item in section.items}


def agenda(session, meeting, version, edition=Edition.FULL):
    return rows(read_values(frozen(session, meeting, version, edition).content))


@pytest.fixture
def meeting(session):
    return factories.make_meeting(session, factories.make_body(session), dt.date(2026, 5, 12), number=18)


@pytest.fixture
def released(session, meeting):
    """Version 1 with items 3.1 and 3.2, and the confidential 2.1."""
    add(session, meeting, "Erster", minutes=10, proposed_decision="1. Der Kreis stimmt zu.")
    add(session, meeting, "Zweiter", minutes=5)
    add(session, meeting, "Bürgschaft", SectionKey.DECISION, level=Level.CONFIDENTIAL)
    release(session, meeting)
    return meeting


@pytest.fixture
def items(session, released):
    found = {one.number: one for one in session.exec(select(AgendaItem))}
    return SimpleNamespace(first=found["3.1"], second=found["3.2"], secret=found["2.1"])


def test_a_supplement_is_version_two_with_its_changes_in_words(session, released, items):
    old = frozen(session, released, 1).content
    change(session, released, items.first, minutes=15, proposed_decision="1. Der Kreis stimmt dem Plan zu.")
    withdraw(session, released, items.second, "Die Vorlage fehlt")
    new = add(session, released, "Dritter")
    made = release(session, released, AGAIN)
    assert (made.version, made.reason, released.state) == (2, "Neue Lage", MeetingState.RELEASED)
    assert new.number == "3.3"
    found = agenda(session, released, 2)
    assert {number: (item.mark, item.withdrawn) for number, item in found.items()} == {
        "2.1": (Mark.NONE, False),
        "3.1": (Mark.CHANGED, False),
        "3.2": (Mark.WITHDRAWN, True),
        "3.3": (Mark.NEW, False),
    }
    sheet = read_changes(frozen(session, released, 2, kind=DocumentKind.CHANGES).content)
    assert (sheet.before_version, sheet.version, sheet.reason) == (1, 2, "Neue Lage")
    assert [(one.number, one.words) for one in sheet.changes if one.words] == [
        ("3.1", "10 → 15 Min."),
        ("3.2", "abgesetzt (Die Vorlage fehlt)"),
        ("3.3", "neu (Beratung, 10 Min.)"),
    ]
    both = next(one for one in sheet.changes if one.label == "Beschlussvorschlag")
    assert (both.before, both.after) == ("1. Der Kreis stimmt zu.", "1. Der Kreis stimmt dem Plan zu.")
    assert frozen(session, released, 1).content == old


def test_every_edition_of_a_supplement_has_its_own_hash_and_hides_what_it_must(session, released, items):
    change(session, released, items.secret, title="Bürgschaft Werk Süd", minutes=25)
    withdraw(session, released, items.secret, "Geheimer Grund")
    release(session, released, AGAIN)
    documents = session.exec(select(FrozenDocument).where(FrozenDocument.version == 2)).all()
    assert len({one.hash for one in documents}) == len(documents) == 6
    assert all(hash_values(one.content) == one.hash for one in documents)
    complete = frozen(session, released, 2).content
    assert all(word in complete for word in ("Bürgschaft", "Geheimer", '"2.1"', '"minutes":25'))
    for kind in (DocumentKind.AGENDA, DocumentKind.CHANGES):
        for which in (Edition.NON_CONFIDENTIAL, Edition.PUBLIC):
            content = frozen(session, released, 2, which, kind).content
            assert not any(word in content for word in ("Bürgschaft", "Geheimer", '"2.1"', '"minutes":25', "25 Min."))
    assert (
        read_changes(frozen(session, released, 2, Edition.NON_CONFIDENTIAL, DocumentKind.CHANGES).content).changes == ()
    )


def test_numbers_are_never_given_twice_and_sections_keep_theirs(session, released, items):
    withdraw(session, released, items.second)
    release(session, released, AGAIN)
    late = add(session, released, "Später")
    main = add(session, released, "Impuls", SectionKey.MAIN_TOPIC)
    before = {section.key: section.number for section in read_values(frozen(session, released, 1).content).sections}
    release(session, released, AGAIN)
    assert late.number == "3.3"
    after = {section.key: section.number for section in read_values(frozen(session, released, 3).content).sections}
    assert {key: after[key] for key in before} == before
    assert main.number.split(".")[0] not in before.values()


def test_released_items_are_reordered_without_new_numbers(session, released, items):
    move_item(session, operator(), released, items.second, steps=-1)
    release(session, released, AGAIN)
    assert (items.first.number, items.second.number) == ("3.1", "3.2")
    shown = read_values(frozen(session, released, 2).content)
    assert [item.number for section in shown.sections if section.key == "beratung" for item in section.items] == [
        "3.2",
        "3.1",
    ]
    sheet = read_changes(frozen(session, released, 2, kind=DocumentKind.CHANGES).content)
    assert [one.words for one in sheet.changes] == ["TOP 3.2, 3.1"]


def test_what_is_released_is_not_deleted_moved_away_or_edited_once_withdrawn(session, released, items):
    with pytest.raises(Refused, match="Er kann nur abgesetzt werden"):
        set_item_aside(session, operator(), released, items.first, RejectIn(reason="x"))
    with pytest.raises(Invalid) as refused:
        change(session, released, items.first, section=SectionKey.DECISION)
    assert "bleibt in seinem Abschnitt" in refused.value.fields["section"]
    withdraw(session, released, items.first)
    with pytest.raises(Refused, match="abgesetzt"):
        change(session, released, items.first, title="Anders")
    with pytest.raises(Refused, match="abgesetzt"):
        withdraw(session, released, items.first)
    new = add(session, released, "Neu")
    with pytest.raises(Refused, match="Themenspeicher"):
        withdraw(session, released, new)


def test_a_withdrawn_item_takes_no_time_needs_no_outcome_and_can_come_back(session, released, items):
    withdraw(session, released, items.first)
    release(session, released, AGAIN)
    section = next(one for one in read_values(frozen(session, released, 2).content).sections if one.key == "beratung")
    assert section.minutes == 5
    assert section.items[1].starts_at == section.starts_at
    reinstate_item(session, operator(), released, items.first)
    release(session, released, AGAIN)
    assert not agenda(session, released, 3)["3.1"].withdrawn
    sheet = read_changes(frozen(session, released, 3, kind=DocumentKind.CHANGES).content)
    assert [one.words for one in sheet.changes] == ["wieder aufgenommen"]
    with pytest.raises(Refused, match="nicht abgesetzt"):
        reinstate_item(session, operator(), released, items.first)


def test_a_supplement_needs_a_reason_the_freigabe_and_a_change(session, released):
    add(session, released, "Neu")
    with pytest.raises(Invalid) as refused:
        release(session, released, ReleaseIn())
    assert set(refused.value.fields) == {"reason", "approved_by", "approved_on", "approved_how"}
    release(session, released, AGAIN)
    with pytest.raises(Refused, match="Seit Version 2"):
        release(session, released, AGAIN)
    assert [one.version for one in session.exec(select(AgendaRelease))] == [1, 2]


def test_two_who_release_at_once_make_one_version(own_database):
    with own_database.write() as session:
        meeting = factories.make_meeting(session, factories.make_body(session), dt.date(2026, 5, 12))
        add(session, meeting)
        release(session, meeting)
        add(session, meeting, "Neu")

    def attempt(_):
        try:
            with own_database.write() as session:
                release_agenda(session, operator(), lock_meeting(session, operator(), meeting.id), AGAIN)
        except Refused:
            return "refused"
        return "released"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["refused", "released"]
    with own_database.read() as session:
        assert sorted(one.version for one in session.exec(select(AgendaRelease))) == [1, 2]


def test_a_meeting_does_not_begin_with_changes_that_nobody_saw(session, released, items):
    change(session, released, items.first, minutes=20)
    with pytest.raises(Unreleased, match="Geben Sie ihn frei, oder verwerfen Sie die Änderungen"):
        open_meeting(session, operator(), released)
    release(session, released, AGAIN)
    open_meeting(session, operator(), released)
    assert released.state is MeetingState.IN_SESSION
    for act in (
        lambda: add(session, released),
        lambda: withdraw(session, released, items.first),
        lambda: release(session, released, AGAIN),
        lambda: discard_changes(session, operator(), released),
    ):
        with pytest.raises(Refused):
            act()


def test_a_moved_meeting_waits_for_a_supplement_but_may_begin(session, released):
    begin = dt.datetime(2026, 5, 19, 8, tzinfo=dt.UTC)
    wish = MoveIn(starts_at=begin, ends_at=begin + dt.timedelta(hours=2), place="Wappensaal")
    move_meeting(session, operator(), released, wish)
    pending = pending_changes(session, operator(), released)
    assert [one.label for one in pending.changes] == ["Termin", "Ort"]
    with pytest.raises(Refused, match="keine Änderungen an Punkten"):
        discard_changes(session, operator(), released)
    release(session, released, AGAIN)
    assert read_values(frozen(session, released, 2, Edition.NON_CONFIDENTIAL).content).meeting.starts_at == begin
    open_meeting(session, operator(), released)


def test_discarding_puts_back_what_was_released_and_loses_nothing(session, released, items):
    project, other = factories.make_project(session, "1.1"), factories.make_project(session, "1.2")
    factories.make_status(session, other, dt.date(2026, 2, 1), Light.RED, phase=Phase.RUNNING)
    change(session, released, items.first, title="Anders", minutes=30, projects=[ident(project)])
    withdraw(session, released, items.second)
    move_item(session, operator(), released, items.second, steps=-1)
    add(session, released, "Eigener")
    draft_agenda(session, operator(), released)
    session.flush()
    proposal = session.exec(select(Proposal).where(Proposal.key == f"project:{other.id}")).one()
    title = accept_proposal(session, operator(), released, proposal).title
    session.flush()
    discard_changes(session, operator(), released)
    session.flush()
    assert pending_changes(session, operator(), released).of_items == ()
    assert (items.first.title, items.first.minutes) == ("Erster", 10)
    assert session.exec(select(AgendaItem.id).where(AgendaItem.title == title)).all() == []
    assert proposal.state is ProposalState.OPEN
    assert [one.title for one in session.exec(select(Topic))] == ["Eigener"]
    with pytest.raises(Refused, match="keine Änderungen"):
        discard_changes(session, operator(), released)


def test_discarding_puts_back_guests_and_the_stichtag(session, meeting):
    project = factories.make_project(session, "1.1")
    factories.make_status(session, project, dt.date(2026, 1, 31), Light.GREEN, phase=Phase.RUNNING)
    session.add(AgendaDraft(meeting_id=ident(meeting), as_of=dt.date(2026, 2, 10), drafted_at=clock.now()))
    item = add(session, meeting, "Impuls", SectionKey.MAIN_TOPIC, projects=[ident(project)])
    stays, leaves, comes = (factories.make_person(session, last_name=name) for name in ("Alt", "Weg", "Neu"))
    for person in (stays, leaves):
        invite_guest(session, operator(), meeting, item, GuestIn(person=ident(person), role="speaker", topic="Abwärme"))
    release(session, meeting)
    uninvite_guest(session, operator(), meeting, item, ident(leaves))
    invite_guest(session, operator(), meeting, item, GuestIn(person=ident(comes)))
    change_guest(session, operator(), meeting, item, ident(stays), GuestChange(topic="Anderes"))
    factories.make_status(session, project, dt.date(2026, 2, 20), Light.RED, phase=Phase.RUNNING)
    draft_agenda(session, operator(), meeting, as_of=dt.date(2026, 3, 1))
    session.flush()
    discard_changes(session, operator(), meeting)
    session.flush()
    assert pending_changes(session, operator(), meeting).changes == ()
    lines = queries.guests_of_items(session, [ident(item)], dt.date(2026, 5, 12))[ident(item)]
    assert [(line.person.last_name, line.role, line.topic) for line in lines] == [
        ("Alt", "speaker", "Abwärme"),
        ("Weg", "speaker", "Abwärme"),
    ]
    assert default_as_of(session, meeting, dt.date(2026, 3, 2)) == dt.date(2026, 2, 10)


def test_a_new_stichtag_alone_can_be_discarded_and_does_not_hold_the_meeting_up(session, released, items):
    draft_agenda(session, operator(), released, as_of=clock.today() + dt.timedelta(days=1))
    session.flush()
    pending = pending_changes(session, operator(), released)
    assert (pending.of_items, pending.discardable) == ((), True)
    discard_changes(session, operator(), released)
    session.flush()
    assert pending_changes(session, operator(), released).changes == ()
    draft_agenda(session, operator(), released, as_of=clock.today() + dt.timedelta(days=1))
    session.flush()
    open_meeting(session, operator(), released)


def test_of_two_of_one_name_nobody_is_invited_by_chance(session, meeting):
    item = add(session, meeting, "Impuls", SectionKey.MAIN_TOPIC)
    one, _ = factories.make_person(session, last_name="Kahl"), factories.make_person(session, last_name="Kahl")
    invite_guest(session, operator(), meeting, item, GuestIn(person=ident(one)))
    release(session, meeting)
    uninvite_guest(session, operator(), meeting, item, ident(one))
    discard_changes(session, operator(), meeting)
    assert queries.guests_of_items(session, [ident(item)], dt.date(2026, 5, 12)) == {}


def file(letter, name="Vorlage.pdf"):
    return StoredFile(key=letter * 64, name=name, media_type="application/pdf", size=9)


def test_discarding_puts_back_the_papers_of_items_and_loses_no_file(session, meeting):
    first, second = add(session, meeting, "Erster"), add(session, meeting, "Zweiter")

    papers = MeetingPapers(session, operator(), meeting)

    def attach(item, letter, title):
        wish = PaperIn(title=title)
        (paper,) = papers.add([file(letter)], wish, place_of(meeting, item))
        return paper

    changed, moved, gone = attach(first, "a", "Vorlage"), attach(first, "b", "Anlage"), attach(first, "c", "Zahlen")
    release(session, meeting)
    papers.add_version(ident(changed), file("d", "Vorlage 2.pdf"))
    papers.change(ident(changed), PaperChange(title="Neue Vorlage"))
    papers.transfer(ident(moved), place_of(meeting, second))
    papers.withdraw(ident(gone), PaperWithdrawIn(reason="Datenschutz"))
    added = attach(first, "e", "Nachgereicht")
    own = add(session, meeting, "Eigener")
    waits = attach(own, "f", "Zum Eigenen")
    session.flush()
    discard_changes(session, operator(), meeting)
    session.flush()
    pending = pending_changes(session, operator(), meeting)
    assert [one.words for one in pending.changes] == ["Unterlage zurückgezogen: Zahlen"], "that took effect at once"
    assert (pending.of_items, pending.discardable) == ((), False)
    held = {one.held.paper.id: one for one in list_meeting_papers(session, operator(), meeting)}
    assert (changed.title, held[changed.id].held.file.file_key, held[changed.id].held.file.version) == (
        "Vorlage",
        "a" * 64,
        3,
    )
    assert held[moved.id].item is first
    assert (added.withdrawn, added.withdrawn_reason, held[added.id].item) == (True, "Nachtrag verworfen", first)
    assert (gone.withdrawn_reason, waits.withdrawn) == ("Datenschutz", False)
    open_meeting(session, operator(), meeting)


def test_statuses_are_frozen_anew_as_of_the_stichtag_of_the_supplement(session, meeting):
    project = factories.make_project(session, "1.1")
    factories.make_status(session, project, dt.date(2026, 1, 31), Light.GREEN, phase=Phase.RUNNING)
    session.add(AgendaDraft(meeting_id=ident(meeting), as_of=dt.date(2026, 2, 10), drafted_at=clock.now()))
    add(session, meeting, projects=[ident(project)])
    first = release(session, meeting)
    factories.make_status(session, project, dt.date(2026, 2, 20), Light.RED, phase=Phase.RUNNING)
    assert pending_changes(session, operator(), meeting).changes == ()  # later than the Stichtag: waits for a draft
    draft_agenda(session, operator(), meeting, as_of=dt.date(2026, 3, 1))
    session.flush()
    words = [one.words for one in pending_changes(session, operator(), meeting).changes]
    assert words == ["10.02.2026 → 01.03.2026", "Ampel von 1.1: grün → rot"]
    assert read_values(frozen(session, meeting, 1).content).as_of == first.as_of == dt.date(2026, 2, 10)
    second = release(session, meeting, AGAIN)
    lights = {
        one.release_id: one.light
        for one in session.exec(select(FrozenStatus).where(FrozenStatus.project_id == project.id))
    }
    assert lights == {first.id: Light.GREEN, second.id: Light.RED}
    assert second.as_of == dt.date(2026, 3, 1)


def test_guests_get_an_edition_of_their_item_unless_it_is_confidential(session, meeting):
    item = add(session, meeting, "Impuls", SectionKey.MAIN_TOPIC)
    secret = add(session, meeting, "Bürgschaft", level=Level.CONFIDENTIAL)
    add(session, meeting, "Anderes")
    for one in (item, secret):
        session.add(AgendaItemGuest(item_id=ident(one), person_id=ident(factories.make_person(session))))
    session.flush()
    release(session, meeting)
    own = frozen(session, meeting, 1, Edition.GUEST, item=item)
    values = read_values(own.content)
    assert (values.guest, list(rows(values))) == (item.number, [item.number])
    assert not any(word in own.content for word in ("Bürgschaft", "Anderes"))
    assert values.approval is None, "who approved is the body's matter"
    assert frozen(session, meeting, 1, Edition.GUEST, item=secret) is None
    assert frozen(session, meeting, 1, Edition.GUEST, kind=DocumentKind.CHANGES, item=item) is None
    change(session, meeting, item, minutes=45)
    change(session, meeting, secret, level=Level.INTERNAL)
    release(session, meeting, AGAIN)
    sheet = read_changes(frozen(session, meeting, 2, Edition.GUEST, DocumentKind.CHANGES, item).content)
    assert [one.words for one in sheet.changes] == ["30 → 45 Min."]
    assert frozen(session, meeting, 2, Edition.GUEST, item=secret) is not None
    assert frozen(session, meeting, 2, Edition.GUEST, DocumentKind.CHANGES, secret) is None  # v1 was not theirs


def test_only_the_secretariat_works_on_a_supplement(session, released, items):
    from app.access.queries import actor_of

    body = session.get_one(type(factories.make_body(session)), released.body_id)
    chair = actor_of(session, factories.make_seated(session, body, chair=True))
    for act in (
        lambda: withdraw_item(session, chair, released, items.first, WithdrawIn(reason="x")),
        lambda: discard_changes(session, chair, released),
        lambda: release_agenda(session, chair, released, AGAIN),
    ):
        with pytest.raises(Forbidden):
            act()
    assert isinstance(session.get_one(Meeting, released.id), Meeting)
