"""What ends with a term and what stays, and what advisory seats read of confidential items: those they attend."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.actions.queries import readable_actions
from app.agenda.models import AgendaItemGuest, Edition, Outcome, SectionKey
from app.agenda.queries import find_edition
from app.agenda.rules.reading import may_take_along, readers_part
from app.agenda.schemas.frozen import read_values
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item
from app.attendance.models import Presence, PresenceRole
from app.bodies import service as bodies
from app.bodies.models import Body, Membership
from app.calendars.queries import feed_meetings
from app.db import ident
from app.decisions.models import Decision
from app.decisions.queries import readable_decisions
from app.documents.minutes_choosing import choose_minutes, edition_for, find_record
from app.drafting.service.releasing import release_meeting
from app.errors import NotFound
from app.meetings import service as meetings
from app.meetings.models import MeetingState
from app.meetings.queries import readable_meetings
from app.minutes.rules.settings import MINUTES_SETTINGS
from app.minutes.schemas.wishes import ApproveIn
from app.minutes.service.afterwards import publish_minutes
from app.minutes.service.closing import close_meeting
from app.minutes.service.life import approve_minutes, send_for_review
from app.visibility import Level, Matter, reads
from tests import factories
from tests.conftest import NOW
from tests.factories import operator
from tests.minutes.held import SENT, make_held

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail", late_reason="eilig")
TODAY = NOW.date()
DAY = dt.timedelta(days=1)


# who sat there keeps the approved minutes


@pytest.fixture
def kept(session):
    """A held meeting whose member's term ends with today."""
    held = make_held(session)
    for row in session.exec(select(Membership).where(Membership.person_id == held.accounts["member"].person_id)):
        row.valid_to = TODAY
        session.add(row)
    session.flush()
    return held


def approve(session, held):
    send_for_review(session, operator(), held.meeting, SENT)
    later = factories.make_meeting(session, held.body, held.meeting.starts_at.date() + 60 * DAY)
    later.state = MeetingState.HELD
    session.add(later)
    session.flush()
    approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(later)))
    session.flush()


def minutes_for(session, held, actor):
    meeting, minutes = find_record(session, actor, ident(held.meeting))
    return choose_minutes(session, actor, meeting, minutes).values, edition_for(session, actor, meeting, minutes)


MIDNIGHT = dt.datetime(2026, 3, 3, 0, 0, tzinfo=clock.BERLIN)


def test_at_midnight_only_the_approved_minutes_of_attended_meetings_stay(session, kept):
    approve(session, kept)
    account = kept.accounts["member"]
    with clock.standing_at(MIDNIGHT - dt.timedelta(seconds=1)):
        before = actor_of(session, account)
    with clock.standing_at(MIDNIGHT):
        after = actor_of(session, account)

    assert reads(before, Matter.INTERNAL, ident(kept.body))
    assert not any(reads(after, matter, ident(kept.body)) for matter in (Matter.INTERNAL, Matter.CONFIDENTIAL))
    assert [one.id for one in session.exec(readable_meetings(after))] == [kept.meeting.id]
    assert minutes_for(session, kept, after)[1] is Edition.NON_CONFIDENTIAL
    assert list(session.exec(feed_meetings(after))) == []
    assert kept.meeting in session.exec(feed_meetings(before)).all()


def test_before_the_approval_nothing_stays(session, kept):
    send_for_review(session, operator(), kept.meeting, SENT)
    with clock.standing_at(MIDNIGHT):
        after = actor_of(session, kept.accounts["member"])

    assert list(session.exec(readable_meetings(after))) == []
    with pytest.raises(NotFound):
        find_record(session, after, ident(kept.meeting))


def test_a_former_member_gets_what_was_approved_and_no_version_before_it(session, kept):
    approve(session, kept)
    with clock.standing_at(MIDNIGHT):
        after = actor_of(session, kept.accounts["member"])
    meeting, minutes = find_record(session, after, ident(kept.meeting))

    assert choose_minutes(session, after, meeting, minutes, version=2).values
    with pytest.raises(NotFound):
        choose_minutes(session, after, meeting, minutes, version=1)
    with pytest.raises(NotFound):
        choose_minutes(session, after, meeting, minutes, named="vollstaendig")


def test_the_body_may_end_even_that(session, kept):
    approve(session, kept)
    rule = {"minutes_kept": ("nein", "§ 4 der Geschäftsordnung")}
    bodies.change_rules(session, operator(), kept.body, rule, MINUTES_SETTINGS)
    session.flush()
    with clock.standing_at(MIDNIGHT):
        after = actor_of(session, kept.accounts["member"])

    assert after.own_meeting_ids == frozenset()
    assert list(session.exec(readable_meetings(after))) == []
    with pytest.raises(NotFound):
        find_record(session, after, ident(kept.meeting))


def test_then_only_what_was_published_is_left(session, kept):
    approve(session, kept)
    publish_minutes(session, operator(), kept.meeting)
    for answer, edition in (("ja", Edition.NON_CONFIDENTIAL), ("nein", Edition.PUBLIC)):
        rule = {"minutes_kept": (answer, "§ 4 der Geschäftsordnung")}
        bodies.change_rules(session, operator(), kept.body, rule, MINUTES_SETTINGS)
        session.flush()
        with clock.standing_at(MIDNIGHT):
            after = actor_of(session, kept.accounts["member"])
        assert minutes_for(session, kept, after)[1] is edition


# confidential items that an advisory seat attends


@pytest.fixture
def attended(session):
    """A meeting with two confidential items; an advisory member is invited to the first."""
    body = factories.make_body(session)
    advisory = factories.make_seated(session, body, voting=False)
    meeting = factories.make_meeting(session, body, TODAY)
    items = [
        add_item(session, operator(), meeting, ItemIn(title=title, section=SectionKey.DEBATE, level=Level.CONFIDENTIAL))
        for title in ("dabei", "nicht dabei")
    ]
    session.add(AgendaItemGuest(item_id=ident(items[0]), person_id=advisory.person_id))
    release_meeting(session, operator(), meeting, YES)
    session.flush()
    return meeting, advisory, items


def titles(session, actor, meeting):
    whole = read_values(find_edition(session, ident(meeting), Edition.FULL).content)
    return [item.title for section in readers_part(actor, whole).sections for item in section.items]


def test_an_invited_advisory_member_reads_that_item_alone(session, attended):
    meeting, advisory, items = attended
    actor = actor_of(session, advisory)

    assert titles(session, actor, meeting) == ["dabei"]
    assert may_take_along(actor, meeting.body_id, Level.CONFIDENTIAL, item_id=ident(items[0]))
    assert not may_take_along(actor, meeting.body_id, Level.CONFIDENTIAL, item_id=ident(items[1]))
    assert not may_take_along(actor, meeting.body_id, Level.CONFIDENTIAL)


def held_with(session, attended, *, here):
    """The meeting is over; the advisory member was there for the first item, or not."""
    meeting, advisory, items = attended
    meetings.start_meeting(session, operator(), meeting)
    [seat] = actor_of(session, advisory).seats
    if here:
        session.add(
            Presence(
                meeting_id=ident(meeting),
                item_id=ident(items[0]),
                seat_id=seat.seat_id,
                person_id=advisory.person_id,
                name="wer da war",
                role=PresenceRole.MEMBER,
                from_at=NOW,
                until_at=NOW,
            )
        )
    for item in items:
        set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.NOTED))
    close_meeting(session, operator(), meeting)
    session.flush()
    return meeting, advisory, items


def test_who_was_there_for_an_item_reads_on_who_was_only_invited_does_not(session, attended):
    meeting, advisory, items = held_with(session, attended, here=True)
    actor = actor_of(session, advisory)

    assert actor.attended_item_ids == {ident(items[0])}
    assert titles(session, actor, meeting) == ["dabei"]


def test_an_invitation_ends_with_the_closing(session, attended):
    meeting, advisory, _ = held_with(session, attended, here=False)

    assert titles(session, actor_of(session, advisory), meeting) == []


def test_what_was_decided_there_is_theirs_too_and_nothing_else_confidential(session, attended):
    meeting, advisory, items = held_with(session, attended, here=True)
    body = session.get_one(Body, meeting.body_id)
    for item in items:
        factories.make_action(session, body, item_id=ident(item), level=Level.CONFIDENTIAL)
    actor = actor_of(session, advisory)

    for decision in session.exec(select(Decision)):
        session.delete(decision)
    session.flush()
    for item in items:
        factories.make_decision(session, body, item_id=ident(item), level=Level.CONFIDENTIAL)
    assert [one.item_id for one in session.exec(readable_decisions(actor))] == [ident(items[0])]
    assert [one.item_id for one in session.exec(readable_actions(actor))] == [ident(items[0])]


def test_attending_means_something_only_while_one_sits_there(session, attended):
    _, advisory, _ = held_with(session, attended, here=True)
    for row in session.exec(select(Membership).where(Membership.person_id == advisory.person_id)):
        row.valid_to = TODAY
        session.add(row)
    session.flush()

    assert actor_of(session, advisory).attended_item_ids
    with clock.standing_at(MIDNIGHT):
        assert actor_of(session, advisory).attended_item_ids == frozenset()
