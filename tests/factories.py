"""Plain functions that make the things tests need, with sensible defaults and unique names."""

import datetime as dt
import itertools
from typing import Any

from sqlmodel import Session

from app import clock, text
from app.actions.models import Action, ActionProject
from app.actions.service.storing import fold
from app.actor import Actor, Role, system
from app.agenda.models import Outcome
from app.bodies import service as bodies
from app.bodies.models import Body, MembershipKind, Seat
from app.bodies.queries import load_body as load_body
from app.bodies.queries import seats_in_order
from app.bodies.schemas import BodyIn
from app.db import ident
from app.decisions.models import Clause, Decision, DecisionProject
from app.history.service import record
from app.meetings import service as meetings
from app.meetings.models import Meeting
from app.meetings.schemas import MeetingIn
from app.people.models import Account, AccountRole, Organisation, OrganisationName, Person
from app.people.rules import hash_password, person_sort_key
from app.projects.models import Light, PlanField, PlanPeriod, Project, StatusReport, StatusSource

_count = itertools.count(1)
PASSWORD = "ein langes Kennwort"


def operator() -> Actor:
    """Somebody who may do everything."""
    return system(clock.today(), "Test")


def recorded(session: Session, thing: Any) -> None:
    """The history's entry of a change that a test makes by hand; services make theirs, and feeds go by them."""
    session.add(thing)
    record(session, operator(), "test.change", thing)


def make_person(session: Session, last_name: str = "", **fields: Any) -> Person:
    last_name = last_name or f"Muster{next(_count)}"
    person = Person(last_name=last_name, sort_key=person_sort_key(last_name), **fields)
    session.add(person)
    session.flush()
    return person


def make_account(
    session: Session, role: Role | None = None, body: Body | None = None, person: Person | None = None, **fields: Any
) -> Account:
    number = next(_count)
    account = Account(
        email=fields.pop("email", f"konto{number}@example.org"),
        name=fields.pop("name", f"Konto {number}"),
        password_hash=hash_password(PASSWORD),
        person_id=person.id if person else None,
        created_at=clock.now(),
        **fields,
    )
    session.add(account)
    session.flush()
    if role is not None:
        session.add(AccountRole(account_id=ident(account), role=role, body_id=body.id if body else None))
        session.flush()
    return account


def make_organisation(session: Session, long: str = "", short: str = "") -> Organisation:
    long = long or f"Institution {next(_count)}"
    made = Organisation()
    session.add(made)
    session.flush()
    session.add(OrganisationName(organisation_id=ident(made), long=long, short=short, sort_key=text.sort_key(long)))
    session.flush()
    return made


def make_body(session: Session, short_name: str = "", name: str = "Steuerungskreis Test") -> Body:
    return bodies.create_body(session, operator(), BodyIn(name=name, short_name=short_name or f"G{next(_count)}"))


def make_seat(session: Session, body: Body, **fields: Any) -> Seat:
    return bodies.add_seat(session, operator(), body, organisation_id=ident(make_organisation(session)), **fields)


def make_seated(
    session: Session,
    body: Body,
    kind: MembershipKind = MembershipKind.MEMBER,
    *,
    voting: bool = True,
    chair: bool = False,
) -> Account:
    """An account whose person sits in the body."""
    person = make_person(session)
    seat = make_seat(session, body, voting=voting, chair=chair)
    bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=kind)
    return make_account(session, person=person)


def make_meeting(session: Session, body: Body, on: dt.date | None = None, **fields: Any) -> Meeting:
    """A planned meeting of two hours at 10:00 on *on* (default: 60 days from today)."""
    on = on or clock.today() + dt.timedelta(days=60)
    start = dt.datetime.combine(on, dt.time(10), clock.BERLIN)
    wish = MeetingIn(body=ident(body), starts_at=start, ends_at=start + dt.timedelta(hours=2), **fields)
    return meetings.plan_meeting(session, operator(), wish)


def make_period(session: Session, name: str = "", **fields: Any) -> PlanPeriod:
    period = PlanPeriod(name=name or f"Periode {next(_count)}", **fields)
    session.add(period)
    session.flush()
    return period


def make_field(session: Session, period: PlanPeriod | None = None, name: str = "", position: int = 1) -> PlanField:
    made = PlanField(period_id=period.id if period else None, name=name or f"Feld {next(_count)}", position=position)
    session.add(made)
    session.flush()
    return made


def make_project(session: Session, code: str = "", title: str = "", **fields: Any) -> Project:
    number = next(_count)
    code, title = code or f"9.{number}", title or f"Projekt {number}"
    project = Project(code=code, code_key=text.number_key(code), title=title, title_key=text.sort_key(title), **fields)
    session.add(project)
    session.flush()
    return project


def make_status(
    session: Session, project: Project, as_of: dt.date, light: Light | None = None, **fields: Any
) -> StatusReport:
    """A counting status, written directly; decision needs are the service's business."""
    status = StatusReport(
        project_id=ident(project),
        as_of=as_of,
        light=light,
        source=fields.pop("source", StatusSource.IMPORT),
        created_at=clock.now(),
        **fields,
    )
    session.add(status)
    session.flush()
    return status


def make_action(session: Session, body: Body, *, projects: tuple[Project, ...] = (), **fields: Any) -> Action:
    """A numbered action of the body's secretariat, written directly; ``number=""`` makes it provisional."""
    given_on = fields.pop("given_on", clock.today() - dt.timedelta(days=60))
    due_on = fields.pop("due_on", None)
    serial = next(_count)
    if fields.get("number") != "":
        fields = {"year": given_on.year, "serial": serial, "number": f"A {given_on.year}/{serial:03d}", **fields}
    action = Action(
        body_id=ident(body),
        title=fields.pop("title", f"Auftrag {serial}"),
        given_on=given_on,
        first_due_on=fields.pop("first_due_on", due_on),
        due_on=due_on,
        changed_at=clock.now(),
        **fields,
    )
    fold(action)
    session.add(action)
    session.flush()
    for place, project in enumerate(projects, 1):
        session.add(ActionProject(action_id=ident(action), project_id=ident(project), position=place))
    session.flush()
    return action


def seats_of(session: Session, body: Body) -> list[int]:
    """The ids of a body's seats in order of protocol."""
    return [ident(seat) for seat in seats_in_order(session, ident(body))]


def make_decision(
    session: Session, body: Body, *, clauses: tuple[Clause, ...] = (), projects: tuple[Project, ...] = (), **fields: Any
) -> Decision:
    """A numbered decision of the body, adopted, written directly; ``number=""`` makes it provisional."""
    decided_on = fields.pop("decided_on", clock.today() - dt.timedelta(days=60))
    serial = next(_count)
    if fields.get("number") != "":
        number = f"{body.short_name} {decided_on.year}/{serial:02d}"
        fields = {"year": decided_on.year, "serial": serial, "number": number, "outcome": Outcome.ADOPTED, **fields}
    decision = Decision(
        body_id=ident(body),
        title=fields.pop("title", f"Beschluss {serial}"),
        decided_on=decided_on,
        changed_at=clock.now(),
        **fields,
    )
    session.add(decision)
    session.flush()
    for place, clause in enumerate(clauses, 1):
        clause.decision_id, clause.position = ident(decision), place
        session.add(clause)
    for place, project in enumerate(projects, 1):
        session.add(DecisionProject(decision_id=ident(decision), project_id=ident(project), position=place))
    session.flush()
    return decision
