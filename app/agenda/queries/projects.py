"""Reading projects as agendas name them, with where they stand on a day."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.agenda.rules.codes import KnownProject
from app.bodies.models import Body
from app.db import ident
from app.projects.models import (
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    StatusReport,
)
from app.projects.rules.standing import Standing


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project as agendas name it, with where it stands on a day."""

    id: int
    code: str
    title: str
    field: str
    standing: Standing
    status_id: int | None = None


def project_lines(
    session: Session, *, ids: Collection[int] | None = None, periods: Collection[int] | None = None, on: dt.date
) -> dict[int, ProjectLine]:
    """Projects with their standing on a day, by id: those named, or all of *periods* (None = of every period).

    One query that reads one row per project, whatever was reported over the years. Only accepted, valid reports with a
    Stand up to the day count, and what the last one does not tell stands as it was told before.
    """
    light = col(StatusReport.light)
    statement = sa.select(
        col(Project.id),
        col(Project.code),
        col(Project.title),
        col(PlanField.name).label("field"),
        _last_told(col(StatusReport.id), on).label("status_id"),
        _last_told(col(StatusReport.as_of), on).label("as_of"),
        _last_told(light, on).label("light"),
        _last_told(col(StatusReport.as_of), on, told=light).label("light_as_of"),
        _last_told(col(StatusReport.light_schedule), on).label("light_schedule"),
        _last_told(col(StatusReport.light_cost), on).label("light_cost"),
        _last_told(col(StatusReport.light_content), on).label("light_content"),
        _last_told(col(StatusReport.phase), on).label("phase"),
    ).join(PlanField, col(PlanField.id) == Project.field_id, isouter=True)
    if ids is not None:
        statement = statement.where(col(Project.id).in_(ids))
    elif periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    parts = [part.name for part in fields(Standing)]
    return {
        row.id: ProjectLine(
            id=row.id,
            code=row.code,
            title=row.title,
            field=row.field or "",
            standing=Standing(**{part: getattr(row, part) for part in parts}),
            status_id=row.status_id,
        )
        for row in session.execute(statement)
    }


# The words of the partial index uq_status_report_valid: written so that both databases use it.
_COUNTS = sa.and_(sa.literal_column("status_report.valid"), sa.literal_column("status_report.state = 'accepted'"))


def _last_told(column: Any, on: dt.date, *, told: Any = None) -> sa.ScalarSelect[Any]:
    """*column* of the project's last counting report up to *on* that tells *told* (default: the column itself)."""
    return (
        sa.select(column)
        .where(
            col(StatusReport.project_id) == col(Project.id),
            _COUNTS,
            col(StatusReport.as_of) <= on,
            (column if told is None else told).is_not(None),
        )
        .order_by(col(StatusReport.as_of).desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def count_projects(session: Session, periods: Collection[int] | None) -> int:
    """How many projects *periods* (None = all) hold."""
    statement = select(sa.func.count()).select_from(Project)
    if periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    return session.exec(statement).one()


def known_projects(session: Session, periods: Collection[int] | None) -> list[KnownProject]:
    """The projects of *periods* (None = all) as forms name them, in the order of their numbers; two queries."""
    statement = (
        sa.select(Project, PlanPeriod)
        .join(PlanPeriod, col(PlanPeriod.id) == Project.period_id, isouter=True)
        .order_by(col(Project.code_key), col(Project.id))
    )
    if periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    earlier: dict[int, list[str]] = {}
    for row in session.exec(select(ProjectCode)):
        earlier.setdefault(row.project_id, []).append(row.code)
    return [
        KnownProject(
            id=ident(project),
            code=project.code,
            title=project.title,
            period=period.name if period else "",
            starts_on=period.starts_on if period else None,
            ends_on=period.ends_on if period else None,
            earlier=tuple(earlier.get(ident(project), ())),
        )
        for project, period in session.execute(statement)
    ]


def steered_projects(session: Session, project_ids: Collection[int], periods: Collection[int] | None) -> set[int]:
    """Which of the ids are projects of *periods* (None = all) or of no period: what a body may put on its agenda."""
    if not project_ids:
        return set()
    statement = select(Project.id).where(col(Project.id).in_(project_ids))
    if periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    return {found for found in session.exec(statement) if found}


def names_of_bodies(session: Session, body_ids: Collection[int]) -> dict[int, str]:
    """The short names of bodies that rows name, by id."""
    rows = session.execute(sa.select(col(Body.id), col(Body.short_name)).where(col(Body.id).in_(body_ids)))
    return {row.id: row.short_name for row in rows}


def project_titles(session: Session, project_ids: Collection[int]) -> dict[int, str]:
    """The titles of projects that an item names, by id."""
    rows = session.execute(sa.select(col(Project.id), col(Project.title)).where(col(Project.id).in_(project_ids)))
    return {row.id: row.title for row in rows}
