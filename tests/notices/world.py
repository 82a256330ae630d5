"""A body with somebody of every kind, acts in it, and what its people were told."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app import clock
from app.access.queries import actor_of
from app.bodies import service as bodies
from app.bodies.models import MembershipKind, Seat
from app.circulars.models import Circular, CircularSeat, CircularState
from app.config import Settings
from app.db import Database, ident
from app.decisions.models import Decision, Taking
from app.history.service import record
from app.meetings.models import Meeting
from app.minutes.models import Minutes, MinutesState
from app.notices.models import Notice
from app.notices.rules.kinds import Kind
from app.notices.service.delivering import send_bundle, send_daily
from app.outbox.models import Mail
from app.people.models import Account
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


def marks(world: World, kind: Kind) -> list[str]:
    with world.database.read() as session:
        rows = session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id))).all()
        return [row.dedupe_key.split(":")[3] for row in rows if world.names[f"a{row.account_id}"] == "voting"]
