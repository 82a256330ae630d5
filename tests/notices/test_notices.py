"""Who is told of what: every kind for exactly the right people, collected, once, and never more than they may read."""

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.access.queries import actor_of
from app.actions.models import Action
from app.actor import Role
from app.bodies import service as bodies
from app.bodies.models import MembershipKind, Seat
from app.circulars.models import Ballot, BallotRole, Circular, CircularSeat, CircularState, Vote
from app.clock import BERLIN
from app.config import Settings
from app.db import Database, ident
from app.decisions.models import Decision, Taking
from app.errors import Invalid, NotFound
from app.history.service import record
from app.links.models import PersonalLink
from app.links.rules import link_key
from app.meetings.models import Meeting, MeetingState
from app.minutes.models import Minutes, MinutesState, Objection, ObjectionState
from app.notices.models import Notice, NoticeChoice, NoticeState, NoticeWay
from app.notices.rules import timing
from app.notices.rules.kinds import KINDS, Kind, chosen_way
from app.notices.service import delivering
from app.notices.service.choosing import choose_ways, kinds_to_stop, stop_kinds
from app.notices.service.delivering import send_bundle, send_daily
from app.outbox.models import Mail
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people.models import Account
from app.projects.models import ProjectLead, StatusReport, StatusSource, StatusState
from app.visibility import Level
from app.worker import follow_all
from tests import factories as make

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
BODY_PEOPLE = {"voting", "advisory", "office", "deputy"}
WITH_POST = BODY_PEOPLE | {"by post"}


@dataclass
class World:
    """A body with somebody of every kind; ``names`` says who is who by the key of the recipient."""

    database: Database
    body: int
    meeting: int
    seat: int
    person: int
    names: dict[str, str]

    def told(self, kind: Kind) -> set[str]:
        with self.database.read() as session:
            rows = session.exec(select(Notice).where(Notice.kind == kind)).all()
            return {self.names[f"a{row.account_id}" if row.account_id else f"p{row.person_id}"] for row in rows}

    def account(self, session: Session, name: str) -> Account:
        key = next(key for key, who in self.names.items() if who == name)
        return session.get_one(Account, int(key[1:]))


@pytest.fixture
def world(database: Database) -> World:
    with database.write() as session:
        body = make.make_body(session)
        voting = make.make_seated(session, body)
        seat_id = bodies_seat(session, voting)
        people = {
            "voting": voting,
            "advisory": make.make_seated(session, body, voting=False),
            "office": with_seat(session, body, seat_id, MembershipKind.OFFICE),
            "deputy": with_seat(session, body, seat_id, MembershipKind.DEPUTY),
            "secretariat": make.make_account(session, Role.SECRETARIAT, body),
            "revision": make.make_account(session, Role.AUDITOR, body),
            "elsewhere": make.make_seated(session, make.make_body(session)),
            "closed": make.make_seated(session, body),
            "lead": make.make_account(session, person=make.make_person(session)),
        }
        people["closed"].active = False
        session.add(people["closed"])
        by_post = make.make_person(session, email="post@example.org")
        bodies.fill_seat(
            session,
            make.operator(),
            make.make_seat(session, body),
            person_id=ident(by_post),
            kind=MembershipKind.MEMBER,
        )
        meeting = make.make_meeting(session, body)
        meeting.state, meeting.announced_at = MeetingState.RELEASED, clock.now()
        session.add(meeting)
        session.flush()
        names = {f"a{account.id}": name for name, account in people.items()} | {f"p{by_post.id}": "by post"}
        made = World(database, ident(body), ident(meeting), seat_id, voting.person_id or 0, names)
    follow_all(database)
    return made


def bodies_seat(session: Session, account: Account) -> int:
    actor = actor_of(session, account)
    return actor.seats[0].seat_id


def with_seat(session: Session, body, seat_id: int, kind: MembershipKind) -> Account:
    person = make.make_person(session)
    bodies.fill_seat(session, make.operator(), session.get_one(Seat, seat_id), person_id=ident(person), kind=kind)
    return make.make_account(session, person=person)


def act(world: World, verb: str, thing: object, **after: object) -> None:
    """Something is done: its line in the history, as its service writes it."""
    with world.database.write() as session:
        record(session, make.operator(), verb, session.merge(thing), after=after or None, body_id=world.body)
    follow_all(world.database)


def change_meeting(world: World, **fields: object) -> Meeting:
    with world.database.write() as session:
        meeting = session.get_one(Meeting, world.meeting)
        for name, value in fields.items():
            setattr(meeting, name, value)
        session.add(meeting)
        return meeting


def sent(world: World) -> list[Mail]:
    with world.database.read() as session:
        return list(session.exec(select(Mail).order_by(col(Mail.id))))


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


def minutes_of(world: World, state: MinutesState) -> Minutes:
    with world.database.write() as session:
        approved = clock.today() if state is MinutesState.APPROVED else None
        minutes = Minutes(
            meeting_id=world.meeting,
            state=state,
            approved_on=approved,
            objections_until=clock.today() + 14 * DAY,
            changed_at=clock.now(),
        )
        session.add(minutes)
        session.flush()
        return minutes


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


def circular_of(world: World, level: Level = Level.INTERNAL) -> Circular:
    with world.database.write() as session:
        decision = Decision(
            body_id=world.body, title="Verratwort", level=level, taking=Taking.CIRCULAR, changed_at=clock.now()
        )
        session.add(decision)
        session.flush()
        ends_on = clock.today() + 10 * DAY
        circular = Circular(
            body_id=world.body,
            decision_id=ident(decision),
            state=CircularState.RUNNING,
            started_at=clock.now(),
            ends_on=ends_on,
            ends_at=clock.end_of_day(ends_on),
            changed_at=clock.now(),
        )
        session.add(circular)
        session.flush()
        session.add(CircularSeat(circular_id=ident(circular), seat_id=world.seat))
        return circular


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


def action_of(world: World, due_in: int, **fields: object) -> int:
    with world.database.write() as session:
        body = make.load_body(session, world.body)
        action = make.make_action(session, body, person_id=world.person, due_on=clock.today() + due_in * DAY, **fields)
        if not action.number:
            action.number = f"A {action.id}"
            session.add(action)
        return ident(action)


def daily(world: World, at: dt.datetime) -> None:
    with clock.standing_at(at):
        send_daily(world.database, Settings(secret_key="x" * 40))


def later(world: World, settings: Settings, after: dt.timedelta) -> None:
    with world.database.read() as session:
        bundles = sorted(set(session.exec(select(Notice.bundle))))
    with clock.standing_at(clock.now() + after):
        for bundle in bundles:
            send_bundle(world.database, settings, bundle)


def test_an_action_is_told_to_who_answers_for_it_and_their_office(world: World) -> None:
    with world.database.read() as session:
        organisation_id = session.get_one(Seat, world.seat).organisation_id
    action_id = action_of(world, 30, organisation_id=organisation_id)
    with world.database.read() as session:
        action = session.get_one(Action, action_id)
    act(world, "action.number", action)
    assert world.told(Kind.ACTION_GIVEN) == {"voting", "office"}


def marks(world: World, kind: Kind) -> list[str]:
    with world.database.read() as session:
        rows = session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id))).all()
        return [row.dedupe_key.split(":")[3] for row in rows if world.names[f"a{row.account_id}"] == "voting"]


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
