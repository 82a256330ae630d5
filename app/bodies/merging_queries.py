"""What hangs on an institution: seats, projects, persons and whatever else names it; read, locked and led on."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.actor import Actor
from app.bodies.models import Body, Seat
from app.bodies.queries import memberships_of
from app.bodies.schemas import Hanging, HangingSeat
from app.db import ident, rel
from app.errors import NotFound
from app.people.models import Organisation, Person, PersonFunction
from app.people.queries import get_organisation, list_predecessors, readable_organisations, uses_of
from app.people.rules import valid_one
from app.projects.models import Project, ProjectPartner
from app.projects.queries.projects import readable_clause
from app.visibility import Matter, reads

SHOWN = ("organisation_name", "seat", "project", "project_partner", "person_function", "organisation")
"""Tables whose rows are shown one by one; of all others only the number is told."""

Owners = tuple[frozenset[int], frozenset[int]]


def all_seats(session: Session, organisation_id: int) -> list[tuple[Seat, str]]:
    """Every seat that the institution has or had, with the short name of its body, whoever may read it."""
    statement = select(Seat, Body.short_name).join(Body, col(Body.id) == Seat.body_id)
    return list(session.exec(statement.where(Seat.organisation_id == organisation_id).order_by(col(Seat.id))))


def projects_of(session: Session, organisation_id: int) -> list[Project]:
    """Every project that the institution leads or takes part in, by id."""
    return list(session.exec(select(Project).where(_takes_part(organisation_id)).order_by(col(Project.id))))


def persons_of(session: Session, organisation_id: int) -> list[Person]:
    """Every person with a function in the institution, with all functions, by id."""
    statement = select(Person).where(_works_there(organisation_id)).order_by(col(Person.id))
    return list(session.exec(statement.options(selectinload(rel(Person.functions)))))


def owners_of(session: Session, organisation_id: int) -> Owners:
    """The ids of the projects and of the persons that name the institution."""
    projects = session.exec(select(Project.id).where(_takes_part(organisation_id)))
    persons = session.exec(select(Person.id).where(_works_there(organisation_id)))
    return frozenset(one for one in projects if one), frozenset(one for one in persons if one)


def lock_owners(session: Session, organisation_id: int) -> Owners:
    """Lock all bodies (for their seats), then the projects and persons that name the institution, each in one order.

    Their keys stay free, so that nobody waits who only lets a new row name one of them.
    """
    session.exec(select(Body.id).order_by(col(Body.id)).with_for_update(key_share=True)).all()
    projects, persons = owners_of(session, organisation_id)
    for key, ids in ((col(Project.id), projects), (col(Person.id), persons)):
        session.execute(sa.select(key).where(key.in_(ids)).order_by(key).with_for_update(key_share=True)).all()
    return projects, persons


def lock_both(session: Session, actor: Actor, one_id: int, other_id: int) -> tuple[Organisation, Organisation]:
    """Two institutions with their names, locked in one order whichever comes first; NotFound as for one."""
    statement = readable_organisations(actor).where(col(Organisation.id).in_({one_id, other_id}))
    statement = statement.order_by(col(Organisation.id)).options(selectinload(rel(Organisation.names)))
    rows = session.exec(statement.with_for_update().execution_options(populate_existing=True)).all()
    found = {ident(row): row for row in rows}
    if not {one_id, other_id} <= found.keys():
        raise NotFound()
    return found[one_id], found[other_id]


def drop_double_partners(session: Session, organisation_id: int, project_ids: Collection[int]) -> None:
    """Who leads one of these projects is not its partner as well."""
    led = sa.select(col(Project.id)).where(col(Project.lead_id) == organisation_id, col(Project.id).in_(project_ids))
    session.execute(
        sa.delete(ProjectPartner).where(
            col(ProjectPartner.organisation_id) == organisation_id, col(ProjectPartner.project_id).in_(led)
        )
    )


def redirect(session: Session, gone: int, kept: int) -> None:
    """Whoever went over into *gone*, or was merged into it, leads to *kept*."""
    for name in ("successor_id", "merged_into_id"):
        key = col(getattr(Organisation, name))
        for row in session.exec(select(Organisation).where(key == gone, col(Organisation.id) != kept)).all():
            setattr(row, name, kept)
            session.add(row)


def hanging_on(session: Session, actor: Actor, organisation_id: int) -> Hanging:
    """Everything that names the institution, as far as the actor reads it; of the rest only that there is more."""
    organisation = get_organisation(session, actor, organisation_id)
    seats, projects = all_seats(session, organisation_id), projects_of(session, organisation_id)
    held = memberships_of(session, [ident(seat) for seat, _ in seats])
    own = [row for row in seats if reads(actor, Matter.INTERNAL, row[0].body_id)]
    readable = set(session.exec(select(Project.id).where(readable_clause(actor), _takes_part(organisation_id))))
    shown = [one for one in projects if one.id in readable]
    persons = persons_of(session, organisation_id)
    return Hanging(
        version=organisation.version,
        seats=tuple(
            HangingSeat(seat, body, tuple(dict.fromkeys(name for _, name in held.get(ident(seat), ()))))
            for seat, body in own
        ),
        leads=tuple(_project(one) for one in shown if one.lead_id == organisation_id),
        partners=tuple(_project(one) for one in shown if one.lead_id != organisation_id),
        functions=tuple(
            (ident(person), person.name, function.title)
            for person in persons
            for function in person.functions
            if function.organisation_id == organisation_id
        ),
        predecessors=tuple(
            (ident(one), _name(one, actor)) for one in list_predecessors(session, actor, organisation_id)
        ),
        others=tuple(uses_of(session, "organisation", organisation_id, but=SHOWN)),
        hidden=len(seats) - len(own) + len(projects) - len(shown),
    )


def _takes_part(organisation_id: int) -> sa.ColumnElement[bool]:
    partners = sa.select(col(ProjectPartner.project_id)).where(col(ProjectPartner.organisation_id) == organisation_id)
    return sa.or_(col(Project.lead_id) == organisation_id, col(Project.id).in_(partners))


def _works_there(organisation_id: int) -> sa.ColumnElement[bool]:
    there = sa.select(col(PersonFunction.person_id)).where(col(PersonFunction.organisation_id) == organisation_id)
    return col(Person.id).in_(there)


def _project(project: Project) -> tuple[int, str]:
    return ident(project), f"{project.code} {project.title}"


def _name(organisation: Any, actor: Actor) -> str:
    name = valid_one(organisation.names, actor.on)
    return str(name.long) if name else "Institution ohne Namen"
