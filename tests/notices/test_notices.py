"""Who is told of what: every kind for exactly the right people, collected, once, and never more than they may read."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.actions.models import Action
from app.bodies.models import Seat
from app.circulars.models import Ballot, BallotRole, Vote
from app.clock import BERLIN
from app.config import Settings
from app.db import Database, ident
from app.errors import Invalid, NotFound
from app.history.service import record
from app.links.models import PersonalLink
from app.links.rules import link_key
from app.meetings.models import MeetingState
from app.minutes.models import MinutesState, Objection, ObjectionState
from app.notices.models import Notice, NoticeChoice, NoticeState, NoticeWay
from app.notices.rules import timing
from app.notices.rules.kinds import KINDS, Kind, chosen_way
from app.notices.service import delivering
from app.notices.service.choosing import choose_ways, kinds_to_stop, stop_kinds
from app.notices.service.delivering import send_bundle
from app.outbox.models import Mail
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.projects.models import ProjectLead, StatusReport, StatusSource, StatusState
from app.visibility import Level
from app.worker import follow_all
from tests import factories as make
from tests.conftest import NOW
from tests.notices.world import (
    BODY_PEOPLE,
    DAY,
    MINUTE,
    WITH_POST,
    World,
    act,
    action_of,
    change_meeting,
    circular_of,
    daily,
    later,
    marks,
    minutes_of,
    sent,
)

DAY_BEFORE = NOW - DAY


@pytest.mark.parametrize(
    ("verb", "state", "kind", "expected"),
    [
        ("meeting.announce", MeetingState.ANNOUNCED, Kind.MEETING_ANNOUNCED, BODY_PEOPLE),
        ("agenda.release", MeetingState.RELEASED, Kind.AGENDA_RELEASED, WITH_POST),
        ("agenda.supplement", MeetingState.RELEASED, Kind.AGENDA_CHANGED, WITH_POST),
        ("meeting.move", MeetingState.RELEASED, Kind.MEETING_MOVED, WITH_POST),
        ("meeting.cancel", MeetingState.CANCELLED, Kind.MEETING_CANCELLED, WITH_POST),
    ],
)
def test_acts_on_a_meeting(world: World, verb: str, state: MeetingState, kind: Kind, expected: set[str]) -> None:
    act(world, verb, change_meeting(world, state=state), version=1)
    assert world.told(kind) == expected


def test_a_meeting_entered_afterwards_or_not_announced_is_news_to_nobody(world: World) -> None:
    act(world, "agenda.release", change_meeting(world, entered_afterwards=True))
    act(
        world,
        "meeting.move",
        change_meeting(world, entered_afterwards=False, state=MeetingState.PLANNED, announced_at=None),
    )
    with world.database.read() as session:
        assert session.exec(select(Notice)).all() == []


def test_minutes_for_review_and_approved(world: World) -> None:
    minutes = minutes_of(world, MinutesState.REVIEW)
    act(world, "minutes.submit", minutes)
    assert world.told(Kind.MINUTES_REVIEW) == WITH_POST
    act(world, "minutes.approve", minutes)
    assert world.told(Kind.MINUTES_APPROVED) == set(), "they are not approved"


def test_an_objection_goes_to_the_secretariat_and_its_answer_back(world: World) -> None:
    minutes = minutes_of(world, MinutesState.REVIEW)
    with world.database.write() as session:
        objection = Objection(
            minutes_id=ident(minutes), person_id=world.person, by="Voting", text="Geheimwort", raised_at=clock.now()
        )
        session.add(objection)
        session.flush()
    act(world, "minutes.object", objection)
    assert world.told(Kind.OBJECTION_RAISED) == {"secretariat"}
    with world.database.write() as session:
        row = session.get_one(Objection, ident(objection))
        row.state = ObjectionState.DECLINED
        session.add(row)
    act(world, "minutes.answer", row)
    assert world.told(Kind.OBJECTION_ANSWERED) == {"voting"}


def test_a_circular_asks_its_seats_and_later_only_who_has_not_answered(world: World) -> None:
    circular = circular_of(world)
    act(world, "circular.start", circular)
    asked = {"voting", "office", "deputy"}
    assert world.told(Kind.CIRCULAR_OPENED) == asked
    daily(world, clock.now() + 7 * DAY)
    assert world.told(Kind.CIRCULAR_CLOSING) == set()
    daily(world, clock.now() + 8 * DAY)
    assert world.told(Kind.CIRCULAR_CLOSING) == asked


def test_who_answered_is_not_reminded(world: World) -> None:
    circular = circular_of(world)
    with world.database.write() as session:
        answer = Ballot(
            circular_id=ident(circular),
            seat_id=world.seat,
            role=BallotRole.MEMBER,
            procedure_agreed=True,
            vote=Vote.YES,
            cast_at=clock.now(),
        )
        session.add(answer)
    daily(world, clock.now() + 8 * DAY)
    assert world.told(Kind.CIRCULAR_CLOSING) == set()


def test_a_mail_never_carries_what_is_confidential(world: World, settings: Settings) -> None:
    act(world, "circular.start", circular_of(world, Level.CONFIDENTIAL))
    later(world, settings, 11 * MINUTE)
    mails = sent(world)
    assert len(mails) == 3
    assert all("Verratwort" not in mail.text + mail.html + mail.subject for mail in mails)
    assert all("Vertrauliches Umlaufverfahren" in mail.subject for mail in mails)


def test_an_action_is_told_to_who_answers_for_it_and_their_office(world: World) -> None:
    with world.database.read() as session:
        organisation_id = session.get_one(Seat, world.seat).organisation_id
    action_id = action_of(world, 30, organisation_id=organisation_id)
    with world.database.read() as session:
        action = session.get_one(Action, action_id)
    act(world, "action.number", action)
    assert world.told(Kind.ACTION_GIVEN) == {"voting", "office"}


def test_actions_are_reminded_of_in_steps_and_overdue_once_a_week(world: World) -> None:
    action_of(world, 14)
    for days in range(40):
        daily(world, clock.now() + days * DAY)
    assert marks(world, Kind.ACTION_DUE) == ["step14", "step2"]
    assert marks(world, Kind.ACTION_OVERDUE) == ["week0", "week1", "week2", "week3"]


def test_after_days_of_downtime_only_the_nearest_step_is_told(world: World) -> None:
    action_of(world, 14)
    daily(world, clock.now() + 24 * DAY)
    assert marks(world, Kind.ACTION_DUE) == []
    assert marks(world, Kind.ACTION_OVERDUE) == ["week1"]
    assert len([mail for mail in sent(world) if mail.account_id]) <= 2


def test_the_day_makes_one_mail_for_each_and_a_second_run_none(world: World) -> None:
    for due in (2, 1, -3):
        action_of(world, due)
    daily(world, clock.now())
    first = [mail.account_id for mail in sent(world)]
    assert len(first) == len(set(first)) >= 1
    daily(world, clock.now() + MINUTE)
    assert [mail.account_id for mail in sent(world)] == first
    assert {mail.kind for mail in sent(world)} == {"notice_digest"}


def test_no_mail_on_sundays_nor_before_the_hour(world: World) -> None:
    action_of(world, 2)
    daily(world, dt.datetime(2026, 3, 2, 6, 59, tzinfo=BERLIN))
    daily(world, dt.datetime(2026, 3, 1, 12, tzinfo=BERLIN))
    assert sent(world) == []
    daily(world, dt.datetime(2026, 3, 2, 7, 0, tzinfo=BERLIN))
    assert sent(world) != []


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (dt.datetime(2026, 3, 27, 8, tzinfo=BERLIN), dt.datetime(2026, 3, 30, 5, tzinfo=dt.UTC)),
        (dt.datetime(2026, 10, 23, 8, tzinfo=BERLIN), dt.datetime(2026, 10, 26, 6, tzinfo=dt.UTC)),
        (dt.datetime(2026, 4, 2, 8, tzinfo=BERLIN), dt.datetime(2026, 4, 7, 5, tzinfo=dt.UTC)),
        (dt.datetime(2026, 3, 2, 6, tzinfo=BERLIN), dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)),
    ],
)
def test_the_slot_is_the_same_hour_in_berlin_in_summer_and_winter_on_working_days(
    now: dt.datetime, slot: dt.datetime
) -> None:
    assert timing.next_slot(now, 7) == slot


def test_several_notices_about_a_meeting_make_one_mail_after_a_pause(world: World, settings: Settings) -> None:
    meeting = change_meeting(world)
    act(world, "agenda.release", meeting)
    later(world, settings, 9 * MINUTE)
    assert sent(world) == []
    with clock.standing_at(clock.now() + 5 * MINUTE):
        act(world, "agenda.supplement", meeting, version=2)
    later(world, settings, 11 * MINUTE)
    assert sent(world) == [], "the pause begins again"
    later(world, settings, 16 * MINUTE)
    assert len(sent(world)) == len(WITH_POST)
    later(world, settings, 30 * MINUTE)
    assert len(sent(world)) == len(WITH_POST)
    assert all("Nachtrag" in mail.text and "Tagesordnung der" in mail.text for mail in sent(world))


def test_rights_lost_before_the_mail_is_sent(world: World, settings: Settings) -> None:
    act(world, "agenda.release", change_meeting(world))
    with world.database.write() as session:
        account = world.account(session, "advisory")
        account.active = False
        session.add(account)
        gone = world.account(session, "voting")
        gone.person_id = None
        session.add(gone)
    later(world, settings, 11 * MINUTE)
    with world.database.read() as session:
        told = {mail.account_id for mail in sent(world)}
        assert world.account(session, "advisory").id not in told
        assert world.account(session, "voting").id not in told
        dropped = session.exec(select(Notice).where(Notice.state == NoticeState.DROPPED)).all()
    assert len(dropped) == 2


@pytest.mark.parametrize(
    ("verb", "state", "meanwhile"),
    [
        ("meeting.announce", MeetingState.ANNOUNCED, {"state": MeetingState.CANCELLED}),
        ("meeting.move", MeetingState.RELEASED, {"state": MeetingState.CANCELLED}),
        ("agenda.release", MeetingState.RELEASED, {"state": MeetingState.CANCELLED}),
        ("agenda.supplement", MeetingState.RELEASED, {"state": MeetingState.IN_SESSION}),
        ("meeting.cancel", MeetingState.CANCELLED, {"state": MeetingState.ANNOUNCED}),
        ("agenda.release", MeetingState.RELEASED, {"starts_at": DAY_BEFORE, "ends_at": DAY_BEFORE + 60 * MINUTE}),
    ],
    ids=str,
)
def test_what_is_no_longer_so_is_not_told(
    world: World, settings: Settings, verb: str, state: MeetingState, meanwhile: dict[str, object]
) -> None:
    act(world, verb, change_meeting(world, state=state), version=1)
    change_meeting(world, **meanwhile)
    later(world, settings, 11 * MINUTE)
    assert sent(world) == []


def test_an_invitation_sent_meanwhile_makes_the_mail_needless(world: World, settings: Settings) -> None:
    act(world, "meeting.move", change_meeting(world))
    with world.database.write() as session:
        someone = world.account(session, "voting")
        post_mail(
            session,
            Letter("s", "t"),
            kind="invitation",
            to=Mailbox(someone.email),
            sender=Mailbox("von@example.org"),
            person_id=someone.person_id,
            meeting_id=world.meeting,
        )
        key = someone.id
    later(world, settings, 11 * MINUTE)
    assert key not in {mail.account_id for mail in sent(world)}
    assert len(sent(world)) == len(WITH_POST)


def test_duties_cannot_be_switched_off_and_the_rest_can(world: World, settings: Settings) -> None:
    with world.database.write() as session:
        actor = actor_of(session, world.account(session, "voting"))
        with pytest.raises(Invalid):
            choose_ways(session, actor, {Kind.AGENDA_RELEASED: "off"})
        choose_ways(session, actor, {Kind.MEETING_ANNOUNCED: "off", Kind.AGENDA_RELEASED: "digest"})
    act(world, "meeting.announce", change_meeting(world, state=MeetingState.ANNOUNCED))
    later(world, settings, 11 * MINUTE)
    with world.database.read() as session:
        mine = world.account(session, "voting")
        assert mine.id not in {mail.account_id for mail in sent(world)}
        (kept,) = session.exec(select(Notice).where(Notice.account_id == mine.id)).all()
    assert (kept.kind, kept.way, kept.state) == (Kind.MEETING_ANNOUNCED, NoticeWay.OFF, NoticeState.LISTED)


def test_no_choice_ends_a_duty() -> None:
    for spec in KINDS:
        off = chosen_way(spec, NoticeWay.OFF)
        assert (off is NoticeWay.OFF) is not spec.duty


def test_the_link_of_a_mail_stops_its_kinds_and_duties_have_none(world: World, settings: Settings) -> None:
    act(world, "meeting.announce", change_meeting(world, state=MeetingState.ANNOUNCED))
    later(world, settings, 11 * MINUTE)
    mail = next(mail for mail in sent(world) if world.names[f"a{mail.account_id}"] == "voting")
    with world.database.write() as session:
        link = session.get_one(PersonalLink, mail.unsubscribe_id)
        key = link_key(settings.signing_key, link.nonce)
        assert [spec.kind for spec in kinds_to_stop(session, key)[1]] == [Kind.MEETING_ANNOUNCED]
        stop_kinds(session, key)
        stop_kinds(session, key)
        kept = session.exec(select(NoticeChoice)).all()
        with pytest.raises(NotFound):
            stop_kinds(session, key[:-1] + ("A" if key[-1] != "A" else "B"))
    assert [(row.kind, row.way) for row in kept] == [(Kind.MEETING_ANNOUNCED, NoticeWay.OFF)]
    act(world, "agenda.release", change_meeting(world, state=MeetingState.RELEASED))
    later(world, settings, 11 * MINUTE)
    duties = [one for one in sent(world) if "Tagesordnung" in one.subject]
    assert duties
    assert all(one.unsubscribe_id is None and "abbestellen" not in one.text for one in duties)


def test_a_report_waits_for_the_secretariat_and_its_answer_for_the_lead(world: World) -> None:
    with world.database.write() as session:
        project = make.make_project(session)
        lead = world.account(session, "lead")
        session.add(ProjectLead(project_id=ident(project), person_id=lead.person_id))
        report = StatusReport(
            project_id=ident(project),
            as_of=clock.today(),
            source=StatusSource.LEAD,
            state=StatusState.SUBMITTED,
            created_at=clock.now(),
        )
        session.add(report)
        session.flush()
    act(world, "project.status.enter", project)
    assert world.told(Kind.STATUS_SUBMITTED) == {"secretariat"}
    act(world, "project.status.reject", project)
    assert world.told(Kind.STATUS_ANSWERED) == {"lead"}


def test_a_decision_to_look_at_again_goes_to_the_secretariat(world: World) -> None:
    with world.database.write() as session:
        body = make.load_body(session, world.body)
        decision = make.make_decision(session, body)
        decision.due_on = clock.today()
        session.add(decision)
    daily(world, clock.now())
    assert world.told(Kind.DECISION_DUE) == {"secretariat"}


def test_a_worker_that_dies_between_leaves_every_mail_once(
    own_database: Database, settings: Settings, monkeypatch
) -> None:
    with own_database.write() as session:
        body = make.make_body(session)
        people = [make.make_seated(session, body) for _ in range(3)]
        meeting = make.make_meeting(session, body)
        meeting.state, meeting.announced_at = MeetingState.RELEASED, clock.now()
        session.add(meeting)
    follow_all(own_database)
    with own_database.write() as session:
        record(session, make.operator(), "agenda.release", session.merge(meeting), body_id=body.id)
    follow_all(own_database)
    post, calls = delivering.post_mail, []

    def dying(*args, **values):
        made = post(*args, **values)
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the machine is off")
        return made

    monkeypatch.setattr(delivering, "post_mail", dying)
    with clock.standing_at(clock.now() + 11 * MINUTE):
        with pytest.raises(RuntimeError):
            send_bundle(own_database, settings, f"meeting:{meeting.id}")
        with own_database.read() as session:
            assert len(session.exec(select(Mail)).all()) == 1
        send_bundle(own_database, settings, f"meeting:{meeting.id}")
        send_bundle(own_database, settings, f"meeting:{meeting.id}")
    with own_database.read() as session:
        assert sorted(mail.account_id for mail in session.exec(select(Mail))) == sorted(one.id for one in people)
