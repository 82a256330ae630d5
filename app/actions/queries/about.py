"""Action items by what they are about: those of several projects, and those a body still waits for."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actions.models import Action, ActionProject
from app.actions.queries.actions import readable_actions, readable_clause
from app.actions.rules.steps import OVER
from app.actor import Actor, Role


def actions_of_projects(session: Session, actor: Actor, project_ids: Collection[int]) -> list[tuple[int, Action]]:
    """The readable numbered actions about any of the projects, each with those of its projects; one query."""
    rows = session.execute(
        sa.select(col(ActionProject.project_id), Action)
        .join(Action, col(Action.id) == ActionProject.action_id)
        .where(col(ActionProject.project_id).in_(project_ids), col(Action.number) != "", readable_clause(actor))
        .order_by(col(Action.given_on).desc(), col(Action.id).desc(), col(ActionProject.position))
    )
    return [(project_id, action) for project_id, action in rows]


def running_actions(
    session: Session, actor: Actor, body_id: int, *, also: Collection[int] = ()
) -> list[tuple[Action, frozenset[int]]]:
    """The readable numbered actions of a body that are not over, with their projects, soonest due first.

    *also* are further ones of the body by id, whatever their state. Two queries.
    """
    due = col(Action.due_on)
    found = session.exec(
        readable_actions(actor)
        .where(
            Action.body_id == body_id,
            col(Action.number) != "",
            sa.or_(col(Action.state).not_in(OVER), col(Action.id).in_(also)),
        )
        .order_by(due.is_(None), due, col(Action.year), col(Action.serial), col(Action.id))
    ).all()
    links: dict[int, set[int]] = {}
    for row in session.exec(select(ActionProject).where(col(ActionProject.action_id).in_([one.id for one in found]))):
        links.setdefault(row.action_id, set()).add(row.project_id)
    return [(one, frozenset(links.get(one.id or 0, ()))) for one in found]


def count_overdue(session: Session, actor: Actor, on: dt.date) -> int:
    """How many actions are overdue on a day, in the bodies whose secretariat the actor is; one query."""
    bodies = actor.bodies_of(Role.SECRETARIAT)
    statement = (
        readable_actions(actor)
        .where(
            col(Action.number) != "",
            col(Action.state).not_in(OVER),
            col(Action.due_on) < on,
            sa.true() if bodies is None else col(Action.body_id).in_(sorted(bodies)),
        )
        .subquery()
    )
    found: int = session.execute(sa.select(sa.func.count()).select_from(statement)).scalar_one()
    return found
