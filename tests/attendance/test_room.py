"""The room at a moment: who is there for which seat, for one item only, at the change of the clocks."""

import datetime as dt

import pytest

from app import clock
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.attendance.models import Chairing, Exclusion, Presence, PresenceRole, SecondInvitation
from app.attendance.queries import load_room
from app.attendance.rules.votes import count_votes
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from tests import factories
from tests.factories import operator


@pytest.fixture
def body(session):
    return factories.make_body(session)


@pytest.fixture
def meeting(session, body):
    return factories.make_meeting(session, body, number=1)


def seated(session, body, kind=MembershipKind.MEMBER, seat=None, **days):
    seat, person = seat or factories.make_seat(session, body), factories.make_person(session)
    bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=kind, **days)
    return seat, person


def come(session, meeting, seat, person, role=PresenceRole.MEMBER, at=None, until=None, **fields):
    row = Presence(
        meeting_id=ident(meeting),
        seat_id=ident(seat) if seat else None,
        person_id=ident(person),
        name=person.name,
        role=role,
        from_at=at or meeting.starts_at,
        until_at=until,
        **fields,
    )
    session.add(row)
    session.flush()
    return row


def test_seats_and_people_are_those_of_the_meetings_date(session, body, meeting):
    day = meeting.starts_at.date()
    seat, gone = seated(session, body, valid_to=day - dt.timedelta(days=1))
    _, member = seated(session, body, seat=seat, valid_from=day)
    _, deputy = seated(session, body, MembershipKind.DEPUTY, seat)
    seated(session, body, MembershipKind.OFFICE, seat)
    (found,) = load_room(session, meeting).seats
    assert (found.members, found.deputies) == (((ident(member), member.name),), ((ident(deputy), deputy.name),))
    assert gone.name not in str(found)


def test_a_moment_counts_who_had_come_and_had_not_left(session, body, meeting):
    (first, early), (second, late) = seated(session, body), seated(session, body)
    hour = dt.timedelta(hours=1)
    come(session, meeting, first, early, until=meeting.starts_at + hour)
    come(session, meeting, second, late, at=meeting.starts_at + hour)

    def names(at=None):
        return [voter.name for voter in count_votes(load_room(session, meeting, at=at)).voters]

    assert names(meeting.starts_at) == [early.name]
    assert names(meeting.starts_at + hour - dt.timedelta(seconds=1)) == [early.name]
    assert names(meeting.starts_at + hour) == [late.name]
    assert names() == [late.name]
    assert names(meeting.starts_at - hour) == []


def test_who_is_there_for_one_item_counts_there_only_and_who_is_excluded_does_not(session, body, meeting):
    (first, one), (second, two) = seated(session, body), seated(session, body)
    items = [add_item(session, operator(), meeting, ItemIn(title="Punkt", section=SectionKey.DEBATE)) for _ in range(2)]
    session.flush()
    come(session, meeting, first, one, item_id=ident(items[0]))
    come(session, meeting, second, two)
    session.add(
        Exclusion(item_id=ident(items[1]), person_id=ident(two), reason="Befangenheit", recorded_at=clock.now())
    )
    session.flush()
    counted = [count_votes(load_room(session, meeting, item=item)).present for item in (*items, None)]
    assert counted == [2, 0, 1]


def test_in_the_night_of_the_change_each_moment_has_its_own_room(session, body):
    """On 25.10.2026 the clock shows 02:30 twice; coming at the first and leaving at the second is one hour."""
    meeting = factories.make_meeting(session, body, dt.date(2026, 10, 25))
    seat, person = seated(session, body)
    twice = [dt.datetime(2026, 10, 25, 2, 30, tzinfo=clock.BERLIN, fold=fold) for fold in (0, 1)]
    come(session, meeting, seat, person, at=twice[0].astimezone(dt.UTC), until=twice[1].astimezone(dt.UTC))
    session.expire_all()
    minute = dt.timedelta(minutes=1)
    first, second = (one.astimezone(dt.UTC) for one in twice)
    assert [
        count_votes(load_room(session, meeting, at=at)).present
        for at in (first - minute, first, second - minute, second)
    ] == [0, 1, 1, 0]


def test_the_chair_is_who_led_at_the_moment(session, body, meeting):
    (_, one), (_, two) = seated(session, body), seated(session, body)
    change = meeting.starts_at + dt.timedelta(minutes=30)
    for person, begin, end in ((one, meeting.starts_at, change), (two, change, None)):
        session.add(
            Chairing(meeting_id=ident(meeting), person_id=ident(person), name=person.name, from_at=begin, until_at=end)
        )
    session.flush()
    assert load_room(session, meeting).chair.name == two.name
    assert load_room(session, meeting, at=meeting.starts_at).chair.name == one.name
    assert load_room(session, meeting, at=meeting.starts_at - dt.timedelta(minutes=1)).chair is None


def test_a_repeat_is_one_for_the_items_carried_from_the_first_meeting(session, body, meeting):
    again = factories.make_meeting(session, body, number=2)
    old = add_item(session, operator(), meeting, ItemIn(title="Alt", section=SectionKey.DEBATE))
    carried, new = (
        add_item(session, operator(), again, ItemIn(title=title, section=SectionKey.DEBATE)) for title in ("Alt", "Neu")
    )
    session.flush()
    carried.carried_from_id = ident(old)
    session.add(
        SecondInvitation(
            meeting_id=ident(again), first_meeting_id=ident(meeting), says_so=True, recorded_at=clock.now()
        )
    )
    session.flush()
    assert load_room(session, again, item=carried).repeat.for_item
    assert not load_room(session, again, item=new).repeat.for_item
    assert load_room(session, meeting, item=old).repeat is None
