"""The register of decisions: filters, search by parts of words, pages that stay fast however long it grows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import Outcome
from app.decisions.models import Decision, DecisionProject, FollowUpState
from app.decisions.queries.decisions import readable_decisions
from app.decisions.rules.searching import patterns
from app.projects.models import Project

Place = tuple[dt.date, int, int]
"""Where a page of the register goes on: day, serial (0 outside the series), id."""


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What the register shows; None and "" leave a filter out. ``year``: of the decision's date."""

    body_id: int | None = None
    year: int | None = None
    state: FollowUpState | None = None
    outcome: Outcome | None = None
    project_id: int | None = None
    field_id: int | None = None
    search: str = ""


def list_decisions(
    session: Session,
    actor: Actor,
    wanted: DecisionFilter,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int | None = None,
    oldest_first: bool = False,
) -> Sequence[Decision]:
    """Readable numbered decisions, latest first, of one day by descending number.

    ``before`` goes on below a place, ``after`` goes back to what stands directly above one.
    """
    statement = _filtered(readable_decisions(actor), wanted)
    place = (col(Decision.decided_on), sa.func.coalesce(col(Decision.serial), 0), col(Decision.id))
    if before is not None:
        statement = statement.where(sa.tuple_(*place) < sa.tuple_(*before))
    if after is not None:
        statement = statement.where(sa.tuple_(*place) > sa.tuple_(*after))
    upwards = oldest_first or after is not None
    order = [one if upwards else one.desc() for one in place]
    found = session.exec(statement.order_by(*order).limit(limit)).all()
    return found[::-1] if after is not None and not oldest_first else found


def place_of(decision: Decision) -> Place:
    """The place of a numbered decision in the register."""
    if decision.decided_on is None or decision.id is None:
        raise ValueError("a provisional decision has no place in the register")
    return decision.decided_on, decision.serial or 0, decision.id


def count_decisions(session: Session, actor: Actor, wanted: DecisionFilter) -> int:
    """How many decisions a filter finds."""
    found = _filtered(readable_decisions(actor), wanted).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(found)).scalar_one())


def years_of_decisions(session: Session, actor: Actor, body_id: int | None = None) -> list[int]:
    """The years of readable decisions, latest first."""
    days = _filtered(readable_decisions(actor), DecisionFilter(body_id=body_id)).subquery()
    year = sa.extract("year", days.c.decided_on)
    return sorted({int(row) for row in session.execute(sa.select(year).distinct()).scalars()}, reverse=True)


def _filtered(statement: SelectOfScalar[Decision], wanted: DecisionFilter) -> SelectOfScalar[Decision]:
    """The register holds numbered decisions only."""
    statement = statement.where(col(Decision.number) != "")
    if wanted.body_id is not None:
        statement = statement.where(Decision.body_id == wanted.body_id)
    if wanted.year is not None:
        first, last = dt.date(wanted.year, 1, 1), dt.date(wanted.year, 12, 31)
        statement = statement.where(col(Decision.decided_on).between(first, last))
    if wanted.state is not None:
        statement = statement.where(Decision.state == wanted.state, col(Decision.void_reason) == "")
    if wanted.outcome is not None:
        statement = statement.where(Decision.outcome == wanted.outcome)
    if wanted.project_id is not None:
        about = sa.select(col(DecisionProject.decision_id)).where(col(DecisionProject.project_id) == wanted.project_id)
        statement = statement.where(col(Decision.id).in_(about))
    if wanted.field_id is not None:
        in_field = (
            sa.select(col(DecisionProject.decision_id))
            .join(Project, col(Project.id) == col(DecisionProject.project_id))
            .where(col(Project.field_id) == wanted.field_id)
        )
        statement = statement.where(col(Decision.id).in_(in_field))
    for pattern in patterns(wanted.search):
        statement = statement.where(col(Decision.folded).like(pattern, escape="\\"))
    return statement
