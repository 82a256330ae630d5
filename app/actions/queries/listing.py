"""Lists of action items: filtered, counted, page by page, in a fixed number of queries."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, keyset
from app.actions.models import Action, ActionProject, ActionStep
from app.actions.queries.actions import own_clause, readable_clause
from app.actions.rules.steps import OVER, days_late
from app.actions.schemas import ActionFilter, ActionLine, ActionPage, Named, Timing
from app.actor import Actor
from app.bodies.models import Body
from app.decisions.rules.searching import patterns
from app.people.models import Person
from app.people.queries import load_persons, names_on
from app.projects.models import Project
from app.projects.queries.projects import readable_clause as readable_projects_clause

PAGE_SIZE = 100
_NEVER = dt.date(9999, 1, 1)


class ActionSort(StrEnum):
    """By what a list of actions is sorted."""

    DUE = "due"
    NUMBER = "number"
    GIVEN = "given"


def list_actions(
    session: Session,
    actor: Actor,
    wish: ActionFilter,
    *,
    sort: ActionSort = ActionSort.DUE,
    descending: bool = False,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = PAGE_SIZE,
) -> ActionPage:
    """A page of the readable actions; six queries. ``limit`` None: all of them.

    The counts by timing leave the wished timing aside, so that they lead from one to the other.
    """
    clauses = _filters(actor, wish)
    statement = _lines(actor).where(*clauses, *_timing(wish.timing))
    rows = keyset.page(session, statement, _order(sort, descending), after=after, before=before, limit=limit)
    return ActionPage(
        lines=_filled(session, actor, rows.found),
        counts=_counts(session, clauses),
        previous=rows.previous,
        next=rows.next,
    )


def lines_of(session: Session, actor: Actor, action_ids: Collection[int]) -> list[ActionLine]:
    """The readable ones of these actions as lists show them, soonest due first; five queries."""
    statement = _lines(actor).where(readable_clause(actor), col(Action.id).in_(action_ids))
    rows = keyset.page(session, statement, _order(ActionSort.DUE, False))
    return _filled(session, actor, rows.found)


def count_actions(session: Session, actor: Actor, wish: ActionFilter) -> int:
    """How many readable actions a filter leaves."""
    clauses = [*_filters(actor, wish), *_timing(wish.timing)]
    found: int = session.execute(sa.select(sa.func.count()).select_from(Action).where(*clauses)).scalar_one()
    return found


def list_responsible(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The institutions that answer for a readable action, as (id, name), by name: what the filter offers."""
    ids = session.execute(sa.select(col(Action.organisation_id)).where(readable_clause(actor)).distinct()).scalars()
    names = names_on(session, {one for one in ids if one is not None}, clock.today())
    found = sorted(names.items(), key=lambda item: (item[1].sort_key, item[0]))
    return [(key, name.short or name.long) for key, name in found]


def list_projects_of_actions(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The readable projects of readable actions, as (id, number and title), by number: what the filter offers."""
    about = sa.select(col(ActionProject.project_id)).join(Action, col(Action.id) == ActionProject.action_id)
    rows = session.execute(
        sa.select(col(Project.id), col(Project.code), col(Project.title))
        .where(col(Project.id).in_(about.where(readable_clause(actor))), readable_projects_clause(actor))
        .order_by(col(Project.code_key), col(Project.id))
    )
    return [(row.id, f"{row.code} {row.title}") for row in rows]


def _lines(actor: Actor) -> sa.Select[Any]:
    last_text = (
        sa.select(col(ActionStep.text))
        .where(col(ActionStep.action_id) == col(Action.id), col(ActionStep.text) != "")
        .order_by(col(ActionStep.as_of).desc(), col(ActionStep.id).desc())
        .limit(1)
        .correlate(Action)
        .scalar_subquery()
    )
    return sa.select(
        Action, col(Body.short_name).label("body"), own_clause(actor).label("mine"), last_text.label("last_text")
    ).join(Body, col(Body.id) == Action.body_id)


def _filters(actor: Actor, wish: ActionFilter) -> list[sa.ColumnElement[bool]]:
    clauses = [readable_clause(actor)]
    if wish.mine:
        clauses.append(own_clause(actor))
    if wish.state is not None:
        clauses.append(col(Action.state) == wish.state)
    if wish.body_id is not None:
        clauses.append(col(Action.body_id) == wish.body_id)
    if wish.organisation_id is not None:
        clauses.append(col(Action.organisation_id) == wish.organisation_id)
    if wish.project_id is not None:
        about = sa.select(col(ActionProject.action_id)).where(col(ActionProject.project_id) == wish.project_id)
        clauses.append(col(Action.id).in_(about))
    return clauses + [col(Action.folded).like(pattern, escape="\\") for pattern in patterns(wish.q)]


def _timing(timing: Timing | None) -> list[sa.ColumnElement[bool]]:
    if timing is None:
        return []
    return [_timings()[timing]]


def _timings() -> Mapping[Timing, sa.ColumnElement[bool]]:
    over = col(Action.state).in_(OVER)
    return {
        Timing.OVERDUE: sa.and_(sa.not_(over), col(Action.due_on) < clock.today()),
        Timing.RUNNING: sa.not_(over),
        Timing.OVER: over,
    }


def _counts(session: Session, clauses: list[sa.ColumnElement[bool]]) -> Mapping[str, int]:
    sums = [sa.func.coalesce(sa.func.sum(sa.case((one, 1), else_=0)), 0) for one in _timings().values()]
    row = session.execute(sa.select(sa.func.count(), *sums).select_from(Action).where(*clauses)).one()
    return {"all": row[0], **{timing.value: int(row[place]) for place, timing in enumerate(_timings(), 1)}}


def _order(sort: ActionSort, descending: bool) -> keyset.Order:
    due = sa.func.coalesce(col(Action.due_on), sa.literal(_NEVER, sa.Date()), type_=sa.Date())
    year = sa.func.coalesce(col(Action.year), 0, type_=sa.Integer())
    serial = sa.func.coalesce(col(Action.serial), 0, type_=sa.Integer())
    chosen: dict[ActionSort, list[sa.ColumnElement[Any]]] = {
        ActionSort.DUE: [due],
        ActionSort.NUMBER: [year, serial],
        ActionSort.GIVEN: [sa.func.coalesce(col(Action.given_on), _NEVER, type_=sa.Date())],
    }
    last: sa.ColumnElement[Any] = sa.func.coalesce(col(Action.id), 0, type_=sa.Integer())
    return [*((one, descending) for one in chosen[sort]), (last, descending)]


def _filled(session: Session, actor: Actor, rows: Sequence[Any]) -> list[ActionLine]:
    actions: list[Action] = [row[0] for row in rows]
    names = names_on(session, {one.organisation_id for one in actions if one.organisation_id}, clock.today())
    persons = load_persons(session, {one.person_id for one in actions if one.person_id})
    projects = _projects(session, actor, [one.id or 0 for one in actions])
    return [_line(row, names, persons, projects.get(row[0].id or 0, ())) for row in rows]


def _projects(session: Session, actor: Actor, action_ids: Collection[int]) -> dict[int, tuple[Named, ...]]:
    """The projects of actions that the actor reads, by action; one query."""
    rows = session.execute(
        sa.select(col(ActionProject.action_id), col(Project.id), col(Project.code), col(Project.title))
        .join(Project, col(Project.id) == ActionProject.project_id)
        .where(col(ActionProject.action_id).in_(action_ids), readable_projects_clause(actor))
        .order_by(col(ActionProject.position), col(Project.id))
    )
    found: dict[int, tuple[Named, ...]] = {}
    for action_id, *project in rows:
        found[action_id] = (*found.get(action_id, ()), Named(*project))
    return found


def _line(row: Any, names: Mapping[int, Any], persons: Mapping[int, Person], projects: tuple[Named, ...]) -> ActionLine:
    action: Action = row[0]
    name = names.get(action.organisation_id or 0)
    person = persons.get(action.person_id or 0)
    return ActionLine(
        id=action.id or 0,
        organisation=name.long if name else "",
        organisation_short=(name.short or name.long) if name else "",
        person=person.name if person else "",
        body=row.body,
        projects=projects,
        late_days=days_late(action.due_on, action.state, clock.today()),
        mine=bool(row.mine),
        last_text=row.last_text or "",
        **{name: getattr(action, name) for name in _COPIED},
    )


_COPIED = (
    "version",
    "body_id",
    "number",
    "title",
    "details",
    "organisation_id",
    "person_id",
    "level",
    "state",
    "given_on",
    "first_due_on",
    "due_on",
    "done_on",
    "item_id",
    "clause_id",
    "reported_in_id",
    "changed_at",
    "changed_by",
)
