"""Reading bodies, their rules, sections and seats."""

import datetime as dt
from collections.abc import Collection
from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import text
from app.actor import Actor, Role
from app.bodies.importing.state import (
    ExistingFunction,
    ExistingMembership,
    ExistingOrganisation,
    ExistingPerson,
    ExistingSeat,
    PeopleState,
)
from app.bodies.models import (
    Body,
    BodyName,
    BodyPeriod,
    BodyRule,
    ClosingDay,
    Membership,
    MembershipKind,
    Seat,
    SeatAddress,
    Section,
    SpeakingGrant,
)
from app.bodies.rules import MAILBOX, REPORT_DAYS, SENDER, RuleBook, may_name
from app.bodies.schemas import Holder, SeatView
from app.config import Settings
from app.db import ident, rel
from app.errors import NotFound
from app.outbox.rules import installation_mailbox
from app.outbox.schemas import Mailbox
from app.people.models import Account, AccountRole, Organisation, Person, PersonFunction
from app.people.queries import names_on
from app.people.rules import holds, valid_one
from app.projects.models import Project
from app.projects.queries.importing import known_names
from app.visibility import Matter, body_clause, body_ids

Value = TypeVar("Value")


def readable_bodies(actor: Actor) -> SelectOfScalar[Body]:
    """Bodies whose interna the actor reads."""
    bodies = body_ids(actor, Matter.INTERNAL)
    return select(Body).where(sa.true() if bodies is None else col(Body.id).in_(sorted(bodies)))


def list_bodies(session: Session, actor: Actor) -> list[Body]:
    """The readable bodies with their names, by short name in German order."""
    found = session.exec(readable_bodies(actor).options(selectinload(rel(Body.names)))).all()
    return sorted(found, key=lambda body: (text.sort_key(body.short_name), ident(body)))


def get_body(session: Session, actor: Actor, body_id: int) -> Body:
    """One body with its names; NotFound for unknown and invisible alike."""
    found = session.exec(
        readable_bodies(actor).where(Body.id == body_id).options(selectinload(rel(Body.names)))
    ).first()
    if found is None:
        raise NotFound()
    return found


def lock_body(session: Session, actor: Actor, body_id: int) -> Body:
    """One body for changing its rules: its row is locked until the commit. NotFound as for :func:`get_body`."""
    statement = readable_bodies(actor).where(Body.id == body_id).with_for_update()
    statement = statement.options(selectinload(rel(Body.names)))
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def load_body(session: Session, body_id: int) -> Body:
    """The body of a meeting that the actor may see anyway, with its names."""
    return session.exec(select(Body).where(Body.id == body_id).options(selectinload(rel(Body.names)))).one()


def get_named_body(session: Session, actor: Actor, body_id: int) -> Body:
    """The body whose speaking notes the actor may open to the secretariat; NotFound for everybody else."""
    found = session.get(Body, body_id)
    if found is None or not may_name(actor, body_id):
        raise NotFound()
    return found


def lock_named_body(session: Session, actor: Actor, body_id: int) -> Body:
    """The same body, locked until the commit."""
    found = session.get(Body, body_id, with_for_update=True, populate_existing=True)
    if found is None or not may_name(actor, body_id):
        raise NotFound()
    return found


def secretariat_accounts(session: Session, body_id: int) -> list[Account]:
    """The active accounts of the body's secretariat, by name: who can be named for the speaking notes."""
    given = select(AccountRole.account_id).where(
        AccountRole.role == Role.SECRETARIAT,
        sa.or_(col(AccountRole.body_id).is_(None), col(AccountRole.body_id) == body_id),
    )
    rows = session.exec(select(Account).where(col(Account.id).in_(given), col(Account.active).is_(True)))
    return sorted(rows, key=lambda account: (text.sort_key(account.name), ident(account)))


def list_grants(session: Session, body_id: int) -> dict[int, SpeakingGrant]:
    """Who is named for the body's speaking notes, by account."""
    rows = session.exec(select(SpeakingGrant).where(SpeakingGrant.body_id == body_id))
    return {row.account_id: row for row in rows}


def load_bodies(session: Session) -> dict[int, Body]:
    """All bodies with their names, by id: they are few, and lists of meetings name them."""
    return {ident(body): body for body in session.exec(select(Body).options(selectinload(rel(Body.names))))}


def find_body_by_short_name(session: Session, short_name: str) -> Body | None:
    """The body with this short name, None if there is none; for the operator's commands."""
    return session.exec(select(Body).where(Body.short_name == short_name)).first()


def name_on(body: Body, on: dt.date) -> str:
    """The full name of the body on a day (names must be loaded); its short name if it has none."""
    found = valid_one(body.names, on)
    return found.name if found else body.short_name


def load_rules(session: Session, body_id: int) -> RuleBook:
    """The body's rules; one query."""
    rows = session.exec(select(BodyRule).where(BodyRule.body_id == body_id)).all()
    return RuleBook({row.key: (row.value, row.provenance) for row in rows})


def body_mailbox(session: Session, body_id: int, settings: Settings) -> Mailbox:
    """Whose mails about this body are, with the body's sender as the name: its own mailbox, else ``SKIP_MAIL_FROM``.

    Where there is neither, the address is ``app.outbox.rules.NO_MAILBOX``: mails are written and withheld, not refused,
    so that invitations work by page and letter; ``app.outbox.rules.is_real`` tells. The same mailbox is the organizer.
    """
    book = load_rules(session, body_id)
    house = installation_mailbox(settings)
    return Mailbox(book[MAILBOX] or house.address, book[SENDER] or house.name)


def mailbox_of(session: Session, body_id: int | None, settings: Settings) -> Mailbox:
    """The mailbox of a body, or without one that of the installation."""
    return installation_mailbox(settings) if body_id is None else body_mailbox(session, body_id, settings)


def list_sections(session: Session, body_id: int) -> list[Section]:
    """The body's sections in their order."""
    return list(session.exec(select(Section).where(Section.body_id == body_id).order_by(col(Section.position))).all())


def list_closing_days(session: Session, body_id: int) -> dict[dt.date, str]:
    """The body's closing days with their names, earliest first."""
    rows = session.exec(select(ClosingDay).where(ClosingDay.body_id == body_id).order_by(col(ClosingDay.day))).all()
    return {row.day: row.label for row in rows}


def steered_periods(session: Session, body_id: int) -> frozenset[int] | None:
    """The plan periods whose projects the body steers; None = all."""
    rows = session.exec(select(BodyPeriod.period_id).where(BodyPeriod.body_id == body_id)).all()
    return frozenset(rows) or None


def report_days(session: Session, project_ids: Collection[int]) -> dict[int, int]:
    """How many days old the last report of each of these projects may be: the strictest body that steers it decides."""
    wanted = sa.select(col(Project.id), col(Project.period_id)).where(col(Project.id).in_(project_ids))
    steered: dict[int, set[int]] = {}
    for row in session.exec(select(BodyPeriod)):
        steered.setdefault(row.body_id, set()).add(row.period_id)
    rules: dict[int, RuleBook] = {}
    for rule in session.exec(select(BodyRule).where(BodyRule.key == REPORT_DAYS.key)):
        rules[rule.body_id] = RuleBook({rule.key: (rule.value, rule.provenance)})
    bodies = session.execute(sa.select(col(Body.id))).scalars().all()
    found = {}
    for project_id, period in session.execute(wanted):
        own = [one for one in bodies if one not in steered or period is None or period in steered[one]]
        found[project_id] = min((rules.get(one, RuleBook())[REPORT_DAYS] for one in own), default=REPORT_DAYS.default)
    return found


def list_seats(session: Session, body_id: int, on: dt.date, *, with_former: bool = False) -> list[SeatView]:
    """The seats of a body on a day in order of protocol, with holders and addresses; four queries."""
    seats = [
        seat
        for seat in session.exec(
            select(Seat).where(Seat.body_id == body_id).order_by(col(Seat.protocol_order), col(Seat.id))
        )
        if with_former or holds(seat, on)
    ]
    wanted = [ident(seat) for seat in seats]
    names = names_on(session, {seat.organisation_id for seat in seats}, on)
    holders: dict[int, list[Holder]] = {}
    rows = session.exec(
        select(Membership, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(col(Membership.seat_id).in_(wanted))
        .order_by(col(Membership.kind).desc(), col(Membership.valid_from), col(Membership.id))
    )
    for membership, person in rows:
        if with_former or holds(membership, on):
            holders.setdefault(membership.seat_id, []).append(Holder(membership, person.name))
    addresses: dict[int, list[SeatAddress]] = {}
    for address in session.exec(select(SeatAddress).where(col(SeatAddress.seat_id).in_(wanted))):
        addresses.setdefault(address.seat_id, []).append(address)
    return [
        SeatView(
            seat=seat,
            organisation=names[seat.organisation_id].long if seat.organisation_id in names else "",
            organisation_short=names[seat.organisation_id].short if seat.organisation_id in names else "",
            holders=tuple(holders.get(ident(seat), ())),
            addresses=tuple((one.kind, one.name, one.email) for one in addresses.get(ident(seat), ())),
        )
        for seat in seats
    ]


def list_body_names(session: Session, body_id: int) -> list[BodyName]:
    """The names of one body, as rows to be replaced."""
    return list(session.exec(select(BodyName).where(BodyName.body_id == body_id)).all())


def get_seat(session: Session, body_id: int, seat_id: int) -> Seat:
    """A seat of a body that the caller read through its actor; NotFound for others'."""
    found = session.get(Seat, seat_id)
    if found is None or found.body_id != body_id:
        raise NotFound()
    return found


def get_membership(session: Session, seat_id: int, membership_id: int) -> Membership:
    """One entry of who sits on a seat; NotFound for other seats'."""
    found = session.get(Membership, membership_id)
    if found is None or found.seat_id != seat_id:
        raise NotFound()
    return found


def list_memberships(session: Session, seat_id: int) -> list[tuple[Membership, str]]:
    """Who holds, held or will hold a seat, with names: members first, the latest first."""
    return memberships_of(session, [seat_id]).get(seat_id, [])


def memberships_of(session: Session, seat_ids: Collection[int]) -> dict[int, list[tuple[Membership, str]]]:
    """The same for several seats, by seat; one query."""
    rows = session.exec(
        select(Membership, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(col(Membership.seat_id).in_(seat_ids))
        .order_by(col(Membership.id))
    ).all()
    order = {kind: place for place, kind in enumerate(MembershipKind)}
    rows = sorted(rows, key=lambda row: row[0].valid_from or dt.date.min, reverse=True)
    found: dict[int, list[tuple[Membership, str]]] = {}
    for membership, person in sorted(rows, key=lambda row: order[row[0].kind]):
        found.setdefault(membership.seat_id, []).append((membership, person.name))
    return found


def find_membership(session: Session, membership_id: int) -> Membership:
    """One entry of who sits where, of a body whose row the caller has locked."""
    return session.get_one(Membership, membership_id)


def load_people_state(session: Session, body_id: int, today: dt.date) -> PeopleState:
    """What an import of people into one body is compared with: all institutions and persons, this body's seats."""
    organisations = session.execute(
        sa.select(col(Organisation.id), col(Organisation.kind), col(Organisation.successor_id))
        .where(col(Organisation.merged_into_id).is_(None))
        .order_by(col(Organisation.id))
    ).all()
    persons = session.exec(select(Person).order_by(col(Person.id))).all()
    functions = session.exec(select(PersonFunction).order_by(col(PersonFunction.id))).all()
    seats = seats_in_order(session, body_id)
    memberships = session.exec(
        select(Membership)
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .where(Seat.body_id == body_id)
        .order_by(col(Membership.id))
    ).all()
    return PeopleState(
        today=today,
        names=known_names(session),
        organisations=tuple(ExistingOrganisation(*row) for row in organisations),
        persons=tuple(_plain(ExistingPerson, one) for one in persons),
        functions=tuple(_plain(ExistingFunction, one) for one in functions),
        seats=tuple(_plain(ExistingSeat, one) for one in seats),
        memberships=tuple(_plain(ExistingMembership, one) for one in memberships),
    )


def _plain(kind: type[Value], row: Any) -> Value:
    """A row as the plain value of the same fields."""
    return kind(**{one.name: getattr(row, one.name) for one in fields(kind)})  # type: ignore[arg-type]


def list_addresses(session: Session, seat_id: int) -> list[SeatAddress]:
    """The mailing addresses of a seat, in the order in which they were entered."""
    return list(
        session.exec(select(SeatAddress).where(SeatAddress.seat_id == seat_id).order_by(col(SeatAddress.id))).all()
    )


def seats_in_order(session: Session, body_id: int) -> list[Seat]:
    """All seats of a body, former ones included, in order of protocol."""
    return list(
        session.exec(select(Seat).where(Seat.body_id == body_id).order_by(col(Seat.protocol_order), col(Seat.id))).all()
    )


def last_place(session: Session, body_id: int) -> int:
    """The last place in the order of protocol, 0 without seats."""
    return session.exec(select(sa.func.max(Seat.protocol_order)).where(Seat.body_id == body_id)).one() or 0


def used_sections(session: Session, body_id: int) -> set[str]:
    """The keys of sections under which something of the body stands, in any package above: items, proposals, topics.

    Every table with a column ``section`` is asked that belongs to the body itself or through its meeting.
    """
    found: set[str] = set()
    tables = SQLModel.metadata.tables
    for table in tables.values():
        if "section" not in table.columns or table.name == "section":
            continue
        statement = sa.select(table.c.section).distinct()
        if "body_id" in table.columns:
            found |= set(session.execute(statement.where(table.c.body_id == body_id)).scalars())
        elif "meeting_id" in table.columns:
            meeting = tables["meeting"]
            joined = statement.join(meeting, meeting.c.id == table.c.meeting_id)
            found |= set(session.execute(joined.where(meeting.c.body_id == body_id)).scalars())
    return {str(one) for one in found}


def readable_persons(actor: Actor) -> SelectOfScalar[Person]:
    """Persons: the secretariat sees all; others see who holds a seat in a body whose interna they read."""
    if actor.has_anywhere(Role.SECRETARIAT):
        return select(Person)
    bodies = body_ids(actor, Matter.INTERNAL)
    seated = select(Membership.person_id).join(Seat, col(Seat.id) == Membership.seat_id)
    if bodies is not None:
        seated = seated.where(col(Seat.body_id).in_(sorted(bodies)))
    return select(Person).where(sa.or_(col(Person.id).in_(seated), col(Person.id) == actor.person_id))


def list_persons(session: Session, actor: Actor) -> list[Person]:
    """The readable persons with their functions, by last name."""
    return list(
        session.exec(
            readable_persons(actor)
            .options(selectinload(rel(Person.functions)))
            .order_by(Person.sort_key, col(Person.id))
        ).all()
    )


def get_person(session: Session, actor: Actor, person_id: int) -> Person:
    """One person with functions; NotFound for unknown and invisible alike."""
    found = session.exec(
        readable_persons(actor).where(Person.id == person_id).options(selectinload(rel(Person.functions)))
    ).first()
    if found is None:
        raise NotFound()
    return found


def lock_person(session: Session, actor: Actor, person_id: int) -> Person:
    """One person with functions, the row locked until the commit. NotFound as for :func:`get_person`."""
    statement = readable_persons(actor).where(Person.id == person_id).with_for_update()
    statement = statement.options(selectinload(rel(Person.functions)))
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def seats_of_person(session: Session, actor: Actor, person_id: int) -> list[tuple[Membership, Seat]]:
    """The seats that a person holds or held, in bodies that the actor reads."""
    bodies = body_ids(actor, Matter.INTERNAL)
    statement = select(Membership, Seat).join(Seat, col(Seat.id) == Membership.seat_id)
    statement = statement.where(Membership.person_id == person_id)
    if bodies is not None:
        statement = statement.where(col(Seat.body_id).in_(sorted(bodies)))
    return list(session.exec(statement).all())


def seats_of_organisation(session: Session, actor: Actor, organisation_id: int) -> list[Seat]:
    """The seats that an institution has or had, in bodies that the actor reads."""
    statement = select(Seat).where(Seat.organisation_id == organisation_id)
    statement = statement.where(body_clause(actor, Matter.INTERNAL, col(Seat.body_id)))
    return list(session.exec(statement.order_by(col(Seat.body_id), col(Seat.protocol_order))).all())
