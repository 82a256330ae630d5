"""The actor of a date: what follows from seats, deputies, offices, terms, invitations and led projects."""

import datetime as dt

import pytest

from app import clock
from app.access.queries import actor_of, find_actor_of_feed, find_actor_of_session, find_actor_of_token
from app.actor import Role
from app.agenda.models import AgendaItemGuest, ItemOrigin, Level, SectionKey
from app.agenda.schemas.wishes import GuestIn, ItemChange, ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.guests import invite_guest, uninvite_guest
from app.agenda.service.items import add_item, change_item
from app.bodies import service as bodies
from app.bodies.models import BodyPeriod, MembershipKind
from app.db import commit, ident
from app.drafting.service.releasing import release_meeting
from app.meetings import service as meetings
from app.minutes.service.closing import close_meeting
from app.people import rules, service
from app.people.models import AccountRole
from app.projects.models import ProjectLead
from tests import factories
from tests.conftest import NOW
from tests.queries import recorded_queries

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def body(session):
    return factories.make_body(session)


@pytest.fixture
def account(session):
    return factories.make_account(session, person=factories.make_person(session))


def sit(session, body, account, kind=MembershipKind.MEMBER, *, voting=True, chair=False, **term):
    seat = factories.make_seat(session, body, voting=voting, chair=chair)
    bodies.fill_seat(session, factories.operator(), seat, person_id=account.person_id, kind=kind, **term)
    return seat


def test_a_seat_gives_its_rights_to_member_deputy_and_office(session, body):
    for kind in MembershipKind:
        account = factories.make_account(session, person=factories.make_person(session))
        seat = sit(session, body, account, kind)

        [right] = actor_of(session, account).seats

        assert (right.seat_id, right.body_id) == (seat.id, body.id)
        assert right.voting is True
        assert right.chair is False
        assert right.office is (kind is MembershipKind.OFFICE)


def test_the_seat_says_whether_it_votes_and_leads(session, body, account):
    sit(session, body, account, voting=False)
    sit(session, body, account, chair=True)

    rights = {(seat.voting, seat.chair) for seat in actor_of(session, account).seats}

    assert rights == {(False, False), (True, True)}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY, True),
        (None, TODAY - DAY, False),
        (TODAY, TODAY, True),
    ],
)
def test_a_term_counts_from_its_first_to_its_last_day(session, body, account, valid_from, valid_to, holds):
    sit(session, body, account, valid_from=valid_from, valid_to=valid_to)

    assert bool(actor_of(session, account).seats) is holds


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [(None, TODAY, True), (None, TODAY - DAY, False), (TODAY + DAY, None, False), (TODAY, None, True)],
)
def test_a_seat_that_is_not_there_today_gives_nothing(session, body, account, valid_from, valid_to, holds):
    seat = sit(session, body, account)
    seat.valid_from, seat.valid_to = valid_from, valid_to
    session.add(seat)

    assert bool(actor_of(session, account).seats) is holds


def test_rights_are_those_of_the_day_that_is_asked_for(session, body, account):
    sit(session, body, account, valid_from=TODAY + 10 * DAY, valid_to=TODAY + 20 * DAY)

    assert not actor_of(session, account).seats
    assert actor_of(session, account, on=TODAY + 15 * DAY).seats
    assert not actor_of(session, account, on=TODAY + 21 * DAY).seats


def test_one_person_may_sit_in_several_bodies(session, body, account):
    other = factories.make_body(session)
    sit(session, body, account)
    sit(session, other, account, MembershipKind.DEPUTY, voting=False)

    assert {seat.body_id for seat in actor_of(session, account).seats} == {body.id, other.id}


def test_an_account_without_person_has_only_what_was_given_to_it(session, body):
    sit(session, body, factories.make_account(session, person=factories.make_person(session)))
    account = factories.make_account(session, Role.AUDITOR, body)

    actor = actor_of(session, account)

    assert actor.seats == ()
    assert actor.has(Role.AUDITOR, body.id)
    assert not actor.has(Role.AUDITOR)
    assert not actor.has_anywhere(Role.SECRETARIAT)


def test_a_role_for_all_bodies_holds_in_each(session, body):
    actor = actor_of(session, factories.make_account(session, Role.SECRETARIAT))

    assert actor.has(Role.SECRETARIAT)
    assert actor.has(Role.SECRETARIAT, body.id)
    assert actor.bodies_of(Role.SECRETARIAT) is None


def test_two_roles_of_one_account_stand_side_by_side(session, body):
    account = factories.make_account(session, Role.ADMIN)
    session.add(AccountRole(account_id=ident(account), role=Role.SECRETARIAT, body_id=body.id))
    session.flush()

    actor = actor_of(session, account)

    assert actor.is_admin
    assert actor.bodies_of(Role.SECRETARIAT) == {body.id}


def test_bodies_that_steer_some_periods_only_are_known_to_everybody(session, body, account):
    period = factories.make_period(session)
    session.add(BodyPeriod(body_id=ident(body), period_id=ident(period)))
    session.flush()

    assert actor_of(session, account).body_periods == ((body.id, period.id),)
    assert actor_of(session, factories.make_account(session)).body_periods == ((body.id, period.id),)


# guests and leads


@pytest.fixture
def meeting(session, body):
    return factories.make_meeting(session, body, TODAY + 30 * DAY)


def item_of(session, meeting, *projects):
    wish = ItemIn(title="Ein Punkt", section=SectionKey.DEBATE, projects=[ident(one) for one in projects])
    item = add_item(session, factories.operator(), meeting, wish)
    assert item.origin is ItemOrigin.OWN
    return item


def release(session, meeting):
    wish = ReleaseIn(
        approved_by="Vorsitz", approved_on=TODAY, approved_how="mündlich", late_reason="eilig", reason="neu"
    )
    release_meeting(session, factories.operator(), meeting, wish)
    session.flush()


def hold(session, meeting, *items):
    meetings.start_meeting(session, factories.operator(), meeting)
    for item in items:
        set_outcome(session, factories.operator(), meeting, item, OutcomeIn(outcome="noted"))
    close_meeting(session, factories.operator(), meeting)
    session.flush()


def test_a_guest_sees_the_item_from_release_to_closing(session, meeting, account):
    item = item_of(session, meeting)
    session.add(AgendaItemGuest(item_id=ident(item), person_id=account.person_id))
    session.flush()
    seen = [actor_of(session, account).guest_item_ids]

    release(session, meeting)
    seen.append(actor_of(session, account).guest_item_ids)
    assert actor_of(session, account).own_meeting_ids == {meeting.id}
    meetings.start_meeting(session, factories.operator(), meeting)
    session.flush()
    seen.append(actor_of(session, account).guest_item_ids)
    set_outcome(session, factories.operator(), meeting, item, OutcomeIn(outcome="noted"))
    close_meeting(session, factories.operator(), meeting)
    session.flush()
    seen.append(actor_of(session, account).guest_item_ids)

    assert seen == [frozenset(), {item.id}, {item.id}, frozenset()]
    assert actor_of(session, account).own_meeting_ids == frozenset()


def test_a_guest_of_one_item_is_no_guest_of_the_next(session, meeting, account):
    item, other = item_of(session, meeting), item_of(session, meeting)
    session.add(AgendaItemGuest(item_id=ident(item), person_id=account.person_id))
    release(session, meeting)

    assert actor_of(session, account).guest_item_ids == {item.id}
    assert other.id != item.id


def test_a_lead_sees_the_items_on_the_project_after_the_release_and_after_the_meeting(session, meeting, account):
    project, other = factories.make_project(session), factories.make_project(session)
    session.add(ProjectLead(project_id=ident(project), person_id=account.person_id))
    item = item_of(session, meeting, project)
    foreign = item_of(session, meeting, other)
    session.flush()
    before = actor_of(session, account)

    release(session, meeting)
    released = actor_of(session, account)
    hold(session, meeting, item, foreign)
    held = actor_of(session, account)

    assert before.lead_project_ids == {project.id}
    assert [one.own_meeting_ids for one in (before, released, held)] == [frozenset(), {meeting.id}, {meeting.id}]


def test_a_confidential_item_tells_the_lead_nothing(session, meeting, account):
    project = factories.make_project(session)
    session.add(ProjectLead(project_id=ident(project), person_id=account.person_id))
    item = item_of(session, meeting, project)
    item.level = Level.CONFIDENTIAL
    session.add(item)

    release(session, meeting)
    released = actor_of(session, account)
    hold(session, meeting, item)

    assert released.own_meeting_ids == actor_of(session, account).own_meeting_ids == frozenset()


def test_work_on_a_supplement_gives_and_takes_nothing_before_it_is_released(session, meeting):
    """Guests and leads follow the released version: neither who comes nor who goes notices anything before."""
    people = [factories.make_account(session, person=factories.make_person(session)) for _ in range(4)]
    guest, later_guest, lead, later_lead = people
    project, later_project = factories.make_project(session), factories.make_project(session)
    for led, account in ((project, lead), (later_project, later_lead)):
        session.add(ProjectLead(project_id=ident(led), person_id=account.person_id))
    item = item_of(session, meeting, project)
    session.add(AgendaItemGuest(item_id=ident(item), person_id=guest.person_id))
    release(session, meeting)

    def rights():
        actors = [actor_of(session, one) for one in people]
        return [one.own_meeting_ids for one in actors], [one.guest_item_ids for one in actors]

    nothing, own = frozenset(), {meeting.id}
    before = rights()
    assert before == ([own, nothing, own, nothing], [{item.id}, nothing, nothing, nothing])

    uninvite_guest(session, factories.operator(), meeting, item, guest.person_id or 0)
    invite_guest(session, factories.operator(), meeting, item, GuestIn(person=later_guest.person_id or 0))
    wish = ItemChange(projects=[ident(later_project)])
    change_item(session, factories.operator(), meeting, item, wish, base_version=item.version)
    session.flush()
    assert rights() == before

    release(session, meeting)
    assert rights() == ([nothing, own, nothing, own], [nothing, {item.id}, nothing, nothing])


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "leads"),
    [(None, TODAY, True), (None, TODAY - DAY, False), (TODAY + DAY, None, False), (TODAY, None, True)],
)
def test_leading_a_project_has_its_days_too(session, meeting, account, valid_from, valid_to, leads):
    project = factories.make_project(session)
    session.add(
        ProjectLead(project_id=ident(project), person_id=account.person_id, valid_from=valid_from, valid_to=valid_to)
    )
    item_of(session, meeting, project)
    release(session, meeting)

    actor = actor_of(session, account)

    assert bool(actor.lead_project_ids) is leads
    assert bool(actor.own_meeting_ids) is leads


# who asks: cookies, tokens, feeds


@pytest.fixture
def stored(session, account):
    """An account with one key of each kind."""
    actor = actor_of(session, account)
    keys = {"cookie": rules.new_key()}
    service.start_session(session, account, keys["cookie"], lasts=dt.timedelta(hours=1))
    keys["token"] = service.create_api_token(session, actor, account, label="Skript")
    keys["feed"] = service.create_feed_token(session, actor, body_id=None, label="Telefon")
    commit(session)
    return keys


FINDERS = {"cookie": find_actor_of_session, "token": find_actor_of_token, "feed": find_actor_of_feed}


@pytest.mark.parametrize("kind", FINDERS)
def test_a_key_finds_its_account_and_no_other_kind_of_key_does(session, account, stored, kind):
    found = {name: FINDERS[kind](session, key) for name, key in stored.items()}

    assert {name for name, one in found.items() if one is not None} == {kind}
    actor, _ = found[kind]
    assert actor.account_id == account.id
    assert (actor.session_id is not None) is (kind == "cookie")
    assert (actor.token_id is not None) is (kind == "token")


@pytest.mark.parametrize("kind", FINDERS)
def test_a_deactivated_account_is_nobody(session, account, stored, kind):
    account.active = False
    session.add(account)
    session.flush()

    assert FINDERS[kind](session, stored[kind]) is None


def test_a_session_ends_to_the_second(session, stored):
    with clock.standing_at(NOW + dt.timedelta(minutes=59, seconds=59)):
        assert find_actor_of_session(session, stored["cookie"])
    with clock.standing_at(NOW + dt.timedelta(hours=1)):
        assert find_actor_of_session(session, stored["cookie"]) is None


@pytest.mark.parametrize("kind", ["token", "feed"])
def test_a_revoked_key_opens_nothing(session, account, stored, kind):
    actor = actor_of(session, account)
    _, token = FINDERS[kind](session, stored[kind])

    service.revoke_token(session, actor, type(token), ident(token))
    session.flush()

    assert FINDERS[kind](session, stored[kind]) is None


def test_rights_follow_the_day_in_berlin(session, body, account):
    sit(session, body, account, valid_to=TODAY)

    with clock.standing_at(dt.datetime(2026, 3, 2, 22, 59, tzinfo=dt.UTC)):
        assert actor_of(session, account).seats
    with clock.standing_at(dt.datetime(2026, 3, 2, 23, 1, tzinfo=dt.UTC)):
        assert not actor_of(session, account).seats


def test_everything_comes_in_one_query(session, body, account):
    sit(session, body, account)
    session.flush()
    session.refresh(account)

    with recorded_queries(session.connection()) as asked:
        actor_of(session, account)

    assert len(asked) == 1
