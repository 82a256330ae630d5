"""Whom an occasion may concern, as persons and accounts; what each of them may read is looked at afterwards."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col

from app.access.queries import people_of_seats
from app.actions.models import Action
from app.actor import Role
from app.agenda.models import Edition
from app.agenda.queries.releases import find_last_edition
from app.agenda.schemas.frozen import read_values
from app.bodies.models import Membership, MembershipKind, Seat
from app.circulars.models import CircularSeat
from app.people.models import Account, AccountRole
from app.people.rules import holds
from app.projects.models import ProjectLead


def of_body(session: Session, body_id: int, on: dt.date) -> frozenset[int]:
    """Members, deputies and offices of a body."""
    return frozenset(one.person_id for one in people_of_seats(session, body_id, on))


def of_seats(session: Session, seat_ids: Collection[int], on: dt.date) -> frozenset[int]:
    """Members, deputies and offices of these seats."""
    rows = session.execute(sa.select(Membership).where(col(Membership.seat_id).in_(seat_ids))).scalars()
    return frozenset(row.person_id for row in rows if holds(row, on))


def of_agenda(session: Session, meeting_id: int, on: dt.date) -> frozenset[int]:
    """Guests and project leads of the last released agenda."""
    document = find_last_edition(session, meeting_id, Edition.FULL)
    if document is None:
        return frozenset()
    items = [item for section in read_values(document.content).sections for item in section.items]
    guests = {guest.person for item in items for guest in item.guests}
    leads = of_projects(session, {project.id for item in items for project in item.projects}, on)
    return frozenset(one for one in guests if one) | leads


def of_projects(session: Session, project_ids: Collection[int], on: dt.date) -> frozenset[int]:
    """Who leads one of the projects."""
    rows = session.execute(sa.select(ProjectLead).where(col(ProjectLead.project_id).in_(project_ids))).scalars()
    return frozenset(row.person_id for row in rows if holds(row, on))


def of_circular(session: Session, circular_id: int, on: dt.date) -> frozenset[int]:
    """Members, deputies and offices of the seats that a procedure asks."""
    seats = session.execute(sa.select(col(CircularSeat.seat_id)).where(col(CircularSeat.circular_id) == circular_id))
    return of_seats(session, list(seats.scalars()), on)


def of_action(session: Session, action: Action, on: dt.date) -> frozenset[int]:
    """The responsible person with the offices of their seats; where none is named, the seats of the institution."""
    if action.person_id is None:
        seats = session.execute(
            sa.select(col(Seat.id)).where(col(Seat.organisation_id) == (action.organisation_id or 0))
        )
        return of_seats(session, list(seats.scalars()), on)
    held = session.execute(sa.select(Membership).where(col(Membership.person_id) == action.person_id)).scalars()
    seats_held = [row.seat_id for row in held if holds(row, on) and row.kind is not MembershipKind.OFFICE]
    rows = session.execute(
        sa.select(Membership).where(
            col(Membership.seat_id).in_(seats_held), col(Membership.kind) == MembershipKind.OFFICE
        )
    ).scalars()
    return frozenset(row.person_id for row in rows if holds(row, on)) | {action.person_id}


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
