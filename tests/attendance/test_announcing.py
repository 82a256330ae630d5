"""What a seat announces: who may say it, until when, by whom it is represented."""

import pytest

from app.access.queries import actor_of
from app.attendance.models import Answer
from app.attendance.rules.settings import AD_HOC, ATTENDANCE_SETTINGS
from app.attendance.schemas import AnnounceIn
from app.attendance.service.announcing import announce
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.meetings.schemas import CancelIn
from app.meetings.service import cancel_meeting
from tests import factories
from tests.attendance.conftest import seated
from tests.factories import operator

YES = AnnounceIn(answer=Answer.ACCEPTED)


def say(session, house, wish=YES, actor=None, seat=0, **more):
    return announce(session, actor or operator(), house.meeting, ident(house.seats[seat]), wish, **more)


def somebody(session, person):
    return actor_of(session, factories.make_account(session, person=person))


def test_the_secretariat_answers_for_every_seat(session, house):
    assert say(session, house).answer is Answer.ACCEPTED
    declined = say(session, house, AnnounceIn(answer=Answer.DECLINED, note="Urlaub"), seat=1)
    assert (declined.excused, declined.note) == (True, "Urlaub")
    assert not say(session, house, AnnounceIn(answer=Answer.DECLINED, excused=False), seat=1).excused


@pytest.mark.parametrize("kind", list(MembershipKind))
def test_everybody_at_a_seat_answers_for_it_and_for_no_other(session, house, kind):
    person = house.members[0]
    if kind is not MembershipKind.MEMBER:
        _, person = seated(session, house.body, kind, house.seats[0])
    actor = somebody(session, person)
    row = say(session, house, actor=actor)
    assert row.answered_by == actor.name + (", im Auftrag" if kind is MembershipKind.OFFICE else "")
    with pytest.raises(Forbidden):
        say(session, house, actor=actor, seat=1)


def test_who_declines_is_excused_and_a_member_cannot_say_otherwise(session, house):
    actor = somebody(session, house.members[0])
    assert say(session, house, AnnounceIn(answer=Answer.DECLINED, excused=False), actor).excused
    assert not say(session, house, AnnounceIn(answer=Answer.ACCEPTED, excused=True), actor).excused


def test_from_the_beginning_on_only_the_secretariat_answers(session, house):
    actor = somebody(session, house.members[0])
    with house.at(-1 / 60):
        assert say(session, house, actor=actor)
    with house.at(0), pytest.raises(Refused) as refused:
        say(session, house, actor=actor)
    assert refused.value.sentence.startswith("Die Sitzung hat schon begonnen.")
    with house.at(60):
        assert say(session, house)


def test_a_deputy_of_the_seat_represents_it_or_somebody_named_for_this_meeting_only(session, house):
    row = say(session, house, AnnounceIn(answer=Answer.REPRESENTED, deputy=ident(house.deputy)))
    assert (row.deputy_id, row.deputy_name) == (ident(house.deputy), "")
    row = say(session, house, AnnounceIn(answer=Answer.REPRESENTED, deputy_name="Kim Muster"))
    assert (row.deputy_id, row.deputy_name) == (None, "Kim Muster")
    assert say(session, house).deputy_name == ""
    for wrong in ({}, {"deputy": ident(house.members[1])}):
        with pytest.raises(Invalid) as refused:
            say(session, house, AnnounceIn(answer=Answer.REPRESENTED, **wrong))
        assert list(refused.value.fields) == ["deputy"]


def test_a_body_may_refuse_representation_for_one_meeting(session, house):
    bodies.change_rules(session, operator(), house.body, {AD_HOC.key: ("nein", "GO § 5")}, ATTENDANCE_SETTINGS)
    session.flush()
    with pytest.raises(Invalid) as refused:
        say(session, house, AnnounceIn(answer=Answer.REPRESENTED, deputy_name="Kim Muster"))
    assert list(refused.value.fields) == ["deputy_name"]


def test_who_was_overtaken_is_shown_what_holds_now(session, house):
    say(session, house, base_version=0)
    with pytest.raises(Stale) as stale:
        say(session, house, AnnounceIn(answer=Answer.DECLINED), base_version=0)
    assert stale.value.current["answer"] is Answer.ACCEPTED
    assert say(session, house, AnnounceIn(answer=Answer.DECLINED), base_version=1).version == 2


def test_other_bodies_seats_do_not_exist_and_cancelled_meetings_take_no_answers(session, house):
    foreign = factories.make_seat(session, factories.make_body(session))
    with pytest.raises(NotFound):
        announce(session, operator(), house.meeting, ident(foreign), YES)
    cancel_meeting(session, operator(), house.meeting, CancelIn(reason="Sturm"))
    with pytest.raises(Refused):
        say(session, house)
