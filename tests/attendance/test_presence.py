"""Coming and going, the chair, exclusion, everybody at once, the end of the meeting, corrections afterwards."""

import datetime as dt
import threading

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.agenda.models import Outcome
from app.agenda.schemas.wishes import OutcomeIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.release import release_agenda
from app.attendance import queries
from app.attendance.models import Answer, Presence, PresenceRole
from app.attendance.queries import load_room
from app.attendance.rules.settings import AD_HOC, ATTENDANCE_SETTINGS, QUORUM
from app.attendance.rules.votes import count_votes
from app.attendance.schemas import (
    AnnounceIn,
    ArriveIn,
    ChairIn,
    ExcludeIn,
    MomentIn,
    PresenceChange,
    RepeatIn,
)
from app.attendance.service.announcing import announce
from app.attendance.service.chairing import remove_chairing, take_chair
from app.attendance.service.excluding import admit, exclude
from app.attendance.service.presence import arrive, arrive_all, change_presence, leave, remove_presence
from app.attendance.service.repeating import repeat_meeting, unrepeat_meeting
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.documents.choosing import choose_agenda
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.meetings.service import start_meeting
from app.minutes.service.closing import close_meeting
from tests import factories
from tests.factories import operator

NOW = MomentIn()


def come(session, house, seat=0, **fields):
    return arrive(session, operator(), house.meeting, ArriveIn(seat=ident(house.seats[seat]), **fields))


def announced(session, house, seat, answer=Answer.ACCEPTED, **fields):
    announce(session, operator(), house.meeting, ident(house.seats[seat]), AnnounceIn(answer=answer, **fields))


def votes(session, house, **fields):
    return count_votes(load_room(session, house.meeting, **fields)).present


def close(session, house):
    for item in house.items:
        set_outcome(session, operator(), house.meeting, item, OutcomeIn(outcome=Outcome.ADOPTED))
    close_meeting(session, operator(), house.meeting)
    session.flush()


def test_the_member_comes_now_unless_somebody_else_is_named(session, opened):
    member = come(session, opened)
    assert (member.person_id, member.role) == (ident(opened.members[0]), PresenceRole.MEMBER)
    assert (member.from_at, member.until_at) == (opened.after(10), None)
    deputy = come(session, opened, person=ident(opened.deputy), remote=True)
    assert (deputy.role, deputy.remote) == (PresenceRole.DEPUTY, True)
    named = come(session, opened, 1, name="Kim Muster")
    assert (named.role, named.person_id) == (PresenceRole.AD_HOC, None)
    assert votes(session, opened) == 2
    with pytest.raises(Invalid) as refused:
        come(session, opened, 1, person=ident(opened.deputy))
    assert list(refused.value.fields) == ["person"]


def test_the_announced_representative_comes_where_nobody_is_named(session, opened):
    announced(session, opened, 0, Answer.REPRESENTED, deputy=ident(opened.deputy))
    announced(session, opened, 1, Answer.REPRESENTED, deputy_name="Kim Muster")
    assert come(session, opened).person_id == ident(opened.deputy)
    assert come(session, opened, 1).name == "Kim Muster"


def test_nobody_is_there_twice(session, opened):
    come(session, opened)
    with pytest.raises(Refused) as refused:
        come(session, opened)
    assert "ist schon da (seit 10:10 Uhr)" in refused.value.sentence
    come(session, opened, 1, name="Kim Muster")
    with pytest.raises(Refused):
        come(session, opened, 1, name="KIM MUSTER")


def test_who_left_may_come_back_and_the_time_between_does_not_count(session, opened):
    row = come(session, opened)
    with opened.at(20):
        leave(session, operator(), opened.meeting, ident(row), NOW)
        with pytest.raises(Refused):
            leave(session, operator(), opened.meeting, ident(row), NOW)
    with opened.at(30):
        come(session, opened)
        counted = [votes(session, opened, at=opened.after(minute)) for minute in (9, 10, 19, 20, 29, 30)]
        assert counted == [0, 1, 1, 0, 0, 1]


def test_times_that_cannot_be_are_refused(session, opened):
    for minutes in (11, -181, 60 * 15):
        with pytest.raises(Invalid) as refused:
            come(session, opened, at=opened.after(minutes))
        assert list(refused.value.fields) == ["at"]
    row = come(session, opened, at=opened.after(-5))
    with pytest.raises(Invalid):
        leave(session, operator(), opened.meeting, ident(row), MomentIn(at=opened.after(-6)))


def test_everybody_who_said_yes_is_there_in_one_act(session, opened):
    announced(session, opened, 0, Answer.REPRESENTED, deputy=ident(opened.deputy))
    announced(session, opened, 1)
    announced(session, opened, 2, Answer.DECLINED)
    come(session, opened, 1)
    made = arrive_all(session, operator(), opened.meeting, NOW)
    assert [(row.person_id, row.from_at) for row in made] == [(ident(opened.deputy), opened.start)]
    with pytest.raises(Refused):
        arrive_all(session, operator(), opened.meeting, NOW)


def test_guests_come_for_their_item_or_for_the_whole_meeting(session, opened):
    guest = factories.make_person(session)
    for_item = arrive(session, operator(), opened.meeting, ArriveIn(person=ident(guest), item=ident(opened.items[0])))
    assert (for_item.role, for_item.seat_id) == (PresenceRole.GUEST, None)
    with pytest.raises(Refused):
        arrive(session, operator(), opened.meeting, ArriveIn(person=ident(guest), item=ident(opened.items[0])))
    arrive(session, operator(), opened.meeting, ArriveIn(name="Protokoll, SenWEB", role=PresenceRole.STAFF))
    others = [[one.name for one in load_room(session, opened.meeting, item=item).others] for item in opened.items]
    assert others == [[guest.name, "Protokoll, SenWEB"], ["Protokoll, SenWEB"]]
    with pytest.raises(Invalid):
        arrive(session, operator(), opened.meeting, ArriveIn(name="Kim", role=PresenceRole.MEMBER))
    with pytest.raises(Invalid):
        arrive(session, operator(), opened.meeting, ArriveIn())


def test_attendance_begins_with_the_opening_and_is_the_secretariats(session, house):
    with pytest.raises(Refused):
        come(session, house)
    with house.at(0):
        start_meeting(session, operator(), house.meeting)
        member = factories.make_account(session, person=house.members[0])
        actor = actor_of(session, member)
        with pytest.raises(Forbidden):
            arrive(session, actor, house.meeting, ArriveIn(seat=ident(house.seats[0])))


def test_a_body_without_ad_hoc_representation_refuses_names(session, opened):
    bodies.change_rules(session, operator(), opened.body, {AD_HOC.key: ("nein", "GO § 5")}, ATTENDANCE_SETTINGS)
    session.flush()
    with pytest.raises(Invalid) as refused:
        come(session, opened, name="Kim Muster")
    assert list(refused.value.fields) == ["name"]


def test_the_chair_is_taken_over_and_left_with_the_room(session, opened):
    first, second = come(session, opened, 0, at=opened.start), come(session, opened, 1, at=opened.start)
    take_chair(session, operator(), opened.meeting, ChairIn(person=first.person_id))
    with pytest.raises(Refused):
        take_chair(session, operator(), opened.meeting, ChairIn(person=first.person_id))
    with opened.at(30):
        take_chair(session, operator(), opened.meeting, ChairIn(person=second.person_id))
        led = [
            (row.person_id, row.from_at, row.until_at) for row in queries.list_chairings(session, ident(opened.meeting))
        ]
        assert led == [
            (first.person_id, opened.start, opened.after(30)),
            (second.person_id, opened.after(30), None),
        ]
        with pytest.raises(Refused):
            take_chair(session, operator(), opened.meeting, ChairIn(person=first.person_id, at=opened.after(20)))
    with opened.at(40):
        leave(session, operator(), opened.meeting, ident(second), NOW)
        assert load_room(session, opened.meeting).chair is None
        with pytest.raises(Invalid):
            take_chair(session, operator(), opened.meeting, ChairIn(person=second.person_id))
        last = queries.list_chairings(session, ident(opened.meeting))[-1]
        assert last.until_at == opened.after(40)
        remove_chairing(session, operator(), opened.meeting, ident(last))
        (left,) = queries.list_chairings(session, ident(opened.meeting))
        assert (left.person_id, left.until_at) == (first.person_id, opened.after(40))


def test_who_is_excluded_from_an_item_has_no_vote_there(session, opened):
    row = come(session, opened)
    wish = ExcludeIn(item=ident(opened.items[0]), person=row.person_id, reason="Aufsichtsrat der Antragstellerin")
    exclude(session, operator(), opened.meeting, wish)
    assert [votes(session, opened, item=item) for item in (*opened.items, None)] == [0, 1, 1]
    with pytest.raises(Refused):
        exclude(session, operator(), opened.meeting, wish)
    stranger = factories.make_person(session)
    with pytest.raises(Invalid):
        exclude(session, operator(), opened.meeting, wish.model_copy(update={"person": ident(stranger)}))
    admit(session, operator(), opened.meeting, wish.item, wish.person)
    assert votes(session, opened, item=opened.items[0]) == 1
    with pytest.raises(NotFound):
        admit(session, operator(), opened.meeting, wish.item, wish.person)


def test_the_end_of_the_meeting_is_the_end_for_everybody(session, opened):
    row, gone = come(session, opened), come(session, opened, 1)
    take_chair(session, operator(), opened.meeting, ChairIn(person=row.person_id))
    with opened.at(50):
        leave(session, operator(), opened.meeting, ident(gone), NOW)
    with opened.at(90):
        close(session, opened)
    ends = [one.until_at for one in queries.list_presences(session, ident(opened.meeting))]
    assert sorted(ends) == [opened.after(50), opened.after(90)]
    assert [one.until_at for one in queries.list_chairings(session, ident(opened.meeting))] == [opened.after(90)]
    room = load_room(session, opened.meeting)
    assert (count_votes(room).present, room.chair.person_id) == (1, row.person_id)


def test_closed_on_a_later_day_it_ended_when_it_was_planned_to_end(session, opened):
    row = come(session, opened)
    with opened.at(60 * 24):
        close(session, opened)
    assert row.until_at == opened.meeting.ends_at


def test_a_meeting_entered_afterwards_has_its_own_times(session):
    body = factories.make_body(session)
    seat = factories.make_seat(session, body)
    person = factories.make_person(session)
    bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
    meeting = factories.make_meeting(session, body, dt.date(2025, 11, 4))
    assert meeting.entered_afterwards
    release_agenda(session, operator(), meeting, ReleaseIn())
    start_meeting(session, operator(), meeting)
    row = arrive(session, operator(), meeting, ArriveIn(seat=ident(seat)))
    take_chair(session, operator(), meeting, ChairIn(person=ident(person)))
    close_meeting(session, operator(), meeting)
    assert (row.from_at, row.until_at) == (meeting.starts_at, meeting.ends_at)
    assert [one.until_at for one in queries.list_chairings(session, ident(meeting))] == [meeting.ends_at]


def test_afterwards_it_is_corrected_but_nobody_stays_for_ever(session, opened):
    row = come(session, opened)
    with opened.at(90):
        close(session, opened)
        late = come(session, opened, 1, at=opened.after(60))
        assert late.until_at == opened.after(90)
        version = row.version
        change_presence(
            session,
            operator(),
            opened.meeting,
            ident(row),
            PresenceChange(from_at=opened.after(5), until_at=opened.after(45), remote=True),
            base_version=version,
        )
        assert (row.from_at, row.until_at, row.remote) == (opened.after(5), opened.after(45), True)
        with pytest.raises(Stale):
            change_presence(session, operator(), opened.meeting, ident(row), PresenceChange(), base_version=version)
        for wrong in (
            PresenceChange(until_at=None),
            PresenceChange(until_at=opened.after(4)),
            PresenceChange(until_at=opened.after(91)),
        ):
            with pytest.raises(Invalid) as refused:
                change_presence(session, operator(), opened.meeting, ident(row), wrong)
            assert list(refused.value.fields) == ["until_at"]
        remove_presence(session, operator(), opened.meeting, ident(late))
        assert [one.id for one in queries.list_presences(session, ident(opened.meeting))] == [row.id]


def test_a_correction_cannot_make_somebody_be_there_twice(session, opened):
    first = come(session, opened, at=opened.start, until=opened.after(5))
    come(session, opened, at=opened.after(8))
    with pytest.raises(Refused):
        change_presence(session, operator(), opened.meeting, ident(first), PresenceChange(until_at=opened.after(9)))


def test_a_second_invitation_needs_a_rule_and_an_earlier_held_meeting(session, opened):
    with opened.at(90):
        close(session, opened)
    again = factories.make_meeting(session, opened.body, opened.start.date() + dt.timedelta(days=30))
    wish = RepeatIn(first_meeting=ident(opened.meeting), says_so=True)
    with pytest.raises(Refused):
        repeat_meeting(session, operator(), again, wish)
    bodies.change_rules(session, operator(), opened.body, {QUORUM.key: ("vwvfg", "GO")}, ATTENDANCE_SETTINGS)
    session.flush()
    assert repeat_meeting(session, operator(), again, wish).says_so
    values = choose_agenda(session, operator(), again).values
    assert values.invitation.endswith(
        f"wiederholt die {life.label_with_date(opened.meeting)}, in der das Gremium nicht beschlussfähig war. "
        "Zu denselben Sachen ist es diesmal ohne Rücksicht auf die Zahl der Anwesenden beschlussfähig."
    )
    foreign = factories.make_meeting(session, factories.make_body(session), on=dt.date(2025, 1, 7))
    planned = factories.make_meeting(session, opened.body, on=dt.date(2025, 1, 7))
    later = factories.make_meeting(session, opened.body, opened.start.date() + dt.timedelta(days=60))
    foreign.state = later.state = MeetingState.HELD
    session.flush()
    for wrong in (foreign, planned, later, again):
        with pytest.raises(Invalid):
            repeat_meeting(session, operator(), again, RepeatIn(first_meeting=ident(wrong)))
    unrepeat_meeting(session, operator(), again)
    assert queries.find_second_invitation(session, ident(again)) is None
    assert "wiederholt" not in choose_agenda(session, operator(), again).values.invitation
    with pytest.raises(Refused):
        repeat_meeting(session, operator(), opened.meeting, wish)


def test_the_same_person_who_comes_twice_at_once_is_there_once(own_database):
    database = own_database
    with database.write() as session, clock.standing_at(dt.datetime(2026, 5, 12, 8, 30, tzinfo=dt.UTC)):
        body = factories.make_body(session)
        seat, person = factories.make_seat(session, body), factories.make_person(session)
        bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
        meeting = factories.make_meeting(session, body, dt.date(2026, 5, 12))
        meeting.state = MeetingState.IN_SESSION
        session.add(meeting)
        session.flush()
        meeting_id, seat_id = ident(meeting), ident(seat)
    told: list[str] = []
    ready = threading.Barrier(4)

    def come_at_once() -> None:
        ready.wait()
        try:
            with database.write() as session:
                locked: Meeting = lock_meeting(session, operator(), meeting_id)
                arrive(session, operator(), locked, ArriveIn(seat=seat_id))
            told.append("da")
        except SkipError as error:
            told.append(type(error).__name__)

    with clock.standing_at(dt.datetime(2026, 5, 12, 9, 0, tzinfo=dt.UTC)):
        threads = [threading.Thread(target=come_at_once) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(told) == ["Refused", "Refused", "Refused", "da"]
    with database.read() as session:
        assert len(session.exec(select(Presence)).all()) == 1


def test_once_the_minutes_are_approved_nothing_changes_any_more(session, opened):
    row = come(session, opened)
    person = row.person_id
    opened.meeting.sealed_at = clock.now()
    with session.no_autoflush:
        for act in (
            lambda: come(session, opened, 1),
            lambda: announced(session, opened, 1),
            lambda: arrive_all(session, operator(), opened.meeting, NOW),
            lambda: leave(session, operator(), opened.meeting, ident(row), NOW),
            lambda: change_presence(session, operator(), opened.meeting, ident(row), PresenceChange(remote=True)),
            lambda: remove_presence(session, operator(), opened.meeting, ident(row)),
            lambda: take_chair(session, operator(), opened.meeting, ChairIn(person=person)),
            lambda: exclude(
                session,
                operator(),
                opened.meeting,
                ExcludeIn(item=ident(opened.items[0]), person=person, reason="Befangenheit"),
            ),
        ):
            with pytest.raises(Refused, match="genehmigt"):
                act()
    opened.meeting.sealed_at = None
