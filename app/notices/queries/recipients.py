"""Whom an occasion may concern, as persons and accounts; what each of them may read is looked at afterwards."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.access.queries import people_of_seats
from app.actions.models import Action
from app.actor import Role
from app.agenda.models import Edition
from app.agenda.queries.releases import find_last_edition
from app.agenda.schemas.frozen import AgendaValues, read_values
from app.bodies.models import Membership, MembershipKind, Seat
from app.circulars.queries.answers import seats_asked
from app.db import ident
from app.people.models import Account, AccountRole
from app.people.rules import holds
from app.projects.models import ProjectLead
from app.visibility import Level


def of_body(session: Session, body_id: int, on: dt.date) -> frozenset[int]:
    """Members, deputies and offices of a body."""
    return frozenset(one.person_id for one in people_of_seats(session, body_id, on))


def of_seats(session: Session, seat_ids: Collection[int], on: dt.date) -> frozenset[int]:
    """Members, deputies and offices of these seats."""
    return frozenset[int]().union(*_people(session, seat_ids, on).values())


def of_agenda(session: Session, meeting_id: int, on: dt.date) -> frozenset[int]:
    """Guests and project leads of the last released agenda."""
    document = find_last_edition(session, meeting_id, Edition.FULL)
    return frozenset() if document is None else named_in(session, read_values(document.content), on)


def named_in(session: Session, values: AgendaValues, on: dt.date) -> frozenset[int]:
    """Guests of an agenda, and who leads a project of an item that is not confidential."""
    items = [item for section in values.sections for item in section.items]
    guests = {guest.person for item in items for guest in item.guests}
    open_items = [item for item in items if item.level is not Level.CONFIDENTIAL]
    leads = of_projects(session, {project.id for item in open_items for project in item.projects}, on)
    return frozenset(one for one in guests if one) | leads


def of_projects(session: Session, project_ids: Collection[int], on: dt.date) -> frozenset[int]:
    """Who leads one of the projects."""
    rows = session.execute(sa.select(ProjectLead).where(col(ProjectLead.project_id).in_(project_ids))).scalars()
    return frozenset(row.person_id for row in rows if holds(row, on))


def of_circular(session: Session, circular_id: int, on: dt.date) -> frozenset[int]:
    """Members, deputies and offices of the seats that a procedure asks."""
    return of_circulars(session, [circular_id], on)[circular_id]


def of_circulars(session: Session, circular_ids: Collection[int], on: dt.date) -> dict[int, frozenset[int]]:
    """The same of several procedures; two queries."""
    seats = seats_asked(session, circular_ids)
    people = _people(session, {row.seat_id for rows in seats.values() for row in rows}, on)
    return {
        one: frozenset[int]().union(*(people.get(row.seat_id, frozenset()) for row in seats.get(one, ())))
        for one in circular_ids
    }


def of_action(session: Session, action: Action, on: dt.date) -> frozenset[int]:
    """The responsible person with the offices of their seats; where none is named, the seats of the institution."""
    return of_actions(session, [action], on)[ident(action)]


def of_actions(session: Session, actions: Collection[Action], on: dt.date) -> dict[int, frozenset[int]]:
    """The same of several actions; as many queries as for one."""
    houses = {one.organisation_id for one in actions if one.person_id is None and one.organisation_id}
    rows = session.execute(
        sa.select(col(Seat.id), col(Seat.organisation_id)).where(col(Seat.organisation_id).in_(houses))
    )
    seats: dict[int, set[int]] = {}
    for seat_id, house in rows:
        seats.setdefault(house, set()).add(seat_id)
    people = _people(session, {one for ids in seats.values() for one in ids}, on)
    offices = _offices(session, {one.person_id for one in actions if one.person_id is not None}, on)
    found = {}
    for one in actions:
        if one.person_id is None:
            mine = seats.get(one.organisation_id or 0, ())
            found[ident(one)] = frozenset[int]().union(*(people.get(seat_id, frozenset()) for seat_id in mine))
        else:
            found[ident(one)] = offices.get(one.person_id, frozenset()) | {one.person_id}
    return found


def _people(session: Session, seat_ids: Collection[int], on: dt.date) -> dict[int, frozenset[int]]:
    """Members, deputies and offices by seat."""
    found: dict[int, frozenset[int]] = {}
    if seat_ids:
        rows = session.execute(sa.select(Membership).where(col(Membership.seat_id).in_(seat_ids))).scalars()
        for row in rows:
            if holds(row, on):
                found[row.seat_id] = found.get(row.seat_id, frozenset()) | {row.person_id}
    return found


def _offices(session: Session, person_ids: Collection[int], on: dt.date) -> dict[int, frozenset[int]]:
    """The offices of the seats that these persons hold or stand in for, by person."""
    mine, office = aliased(Membership), aliased(Membership)
    rows = session.execute(
        sa.select(mine, office)
        .join(office, col(office.seat_id) == col(mine.seat_id))
        .where(
            col(mine.person_id).in_(person_ids),
            col(mine.kind) != MembershipKind.OFFICE,
            col(office.kind) == MembershipKind.OFFICE,
        )
    )
    found: dict[int, frozenset[int]] = {}
    for held, beside in rows:
        if holds(held, on) and holds(beside, on):
            found[held.person_id] = found.get(held.person_id, frozenset()) | {beside.person_id}
    return found


def secretariats(session: Session, body_id: int | None) -> frozenset[int]:
    """The active accounts of the secretariat of a body (None: of any)."""
    statement = (
        sa.select(col(Account.id))
        .join(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(col(AccountRole.role) == Role.SECRETARIAT, col(Account.active).is_(True))
    )
    if body_id is not None:
        statement = statement.where(sa.or_(col(AccountRole.body_id).is_(None), col(AccountRole.body_id) == body_id))
    return frozenset(session.execute(statement).scalars())
