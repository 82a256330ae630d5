"""The list of projects: filtered, counted per light, sorted, page by page, in a fixed number of queries."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, keyset, text
from app.actor import Actor
from app.people.models import OrganisationName
from app.people.queries import names_on
from app.projects.models import (
    Cluster,
    DecisionNeed,
    Light,
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    ProjectField,
    StatusReport,
)
from app.projects.queries.plan import newest_first
from app.projects.queries.projects import readable_clause
from app.projects.schemas import Choices, ProjectFilter, ProjectLine, ProjectPage, ProjectSort

PAGE_SIZE = 100
LAST = "~~~~"


def list_projects(
    session: Session,
    actor: Actor,
    wish: ProjectFilter,
    *,
    sort: ProjectSort = ProjectSort.CODE,
    descending: bool = False,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = PAGE_SIZE,
) -> ProjectPage:
    """A page of the readable projects; three queries. ``limit`` None: all of them.

    *after* and *before* are cursors of the page before and behind; NotFound if they are none. The counts per light
    leave the wished light aside, so that they lead from one light to the other.
    """
    listed = _listed(actor, wish)
    rows = sa.select(listed)
    if wish.light:
        rows = rows.where(listed.c.light.is_(None) if wish.light == "none" else listed.c.light == wish.light)
    found = keyset.page(session, rows, _order(listed, sort, descending), after=after, before=before, limit=limit)
    names = names_on(session, {row.lead_id for row in found.found if row.lead_id is not None}, clock.today())
    return ProjectPage(
        lines=[_line(row, names) for row in found.found],
        counts=_counts(session, listed),
        previous=found.previous,
        next=found.next,
    )


def repeated_codes(session: Session, actor: Actor) -> frozenset[str]:
    """The numbers that more than one readable project bears (in several plan periods); one query."""
    rows = session.execute(
        sa.select(col(Project.code))
        .where(readable_clause(actor))
        .group_by(col(Project.code))
        .having(sa.func.count() > 1)
    )
    return frozenset(rows.scalars())


def list_choices(session: Session, actor: Actor) -> Choices:
    """What the filters offer: periods, fields, clusters, lead institutions of readable projects; five queries."""
    readable = readable_clause(actor)
    periods = session.execute(
        sa.select(col(PlanPeriod.id), col(PlanPeriod.name), col(PlanPeriod.starts_on)).where(
            col(PlanPeriod.id).in_(sa.select(col(Project.period_id)).where(readable))
        )
    ).all()
    fields = session.execute(
        sa.select(
            col(PlanField.id),
            col(PlanField.name),
            col(PlanField.position),
            col(PlanPeriod.name).label("period"),
            col(PlanPeriod.starts_on),
        )
        .join(PlanPeriod, col(PlanPeriod.id) == PlanField.period_id, isouter=True)
        .where(col(PlanField.id).in_(sa.select(col(Project.field_id)).where(readable)))
    ).all()
    clusters = session.execute(
        sa.select(col(Cluster.id), col(Cluster.name), col(Cluster.position), col(Cluster.field_id)).where(
            col(Cluster.id).in_(sa.select(col(Project.cluster_id)).where(readable))
        )
    ).all()
    leads = session.execute(sa.select(col(Project.lead_id)).where(readable).distinct()).scalars().all()
    names = names_on(session, {lead for lead in leads if lead is not None}, clock.today())
    several = len({row.period for row in fields}) > 1
    periods = sorted(periods, key=lambda row: (newest_first(row.starts_on), text.sort_key(row.name), row.id))
    fields = sorted(
        fields, key=lambda row: (newest_first(row.starts_on), row.position, text.sort_key(row.name), row.id)
    )
    clusters = sorted(clusters, key=lambda row: (row.field_id or 0, row.position, text.sort_key(row.name), row.id))
    return Choices(
        periods=[(row.id, row.name) for row in periods],
        fields=[(row.id, f"{row.name} ({row.period})" if several and row.period else row.name) for row in fields],
        clusters=[(row.id, row.name) for row in clusters],
        leads=[
            (key, name.short or name.long)
            for key, name in sorted(names.items(), key=lambda item: (item[1].sort_key, item[0]))
        ],
    )


# The words of the partial index uq_status_report_valid: written so that both databases use it.
_COUNTS = sa.and_(sa.literal_column("status_report.valid"), sa.literal_column("status_report.state = 'accepted'"))


def _latest(column: Any, *, told: Any = None, offset: int = 0) -> sa.ScalarSelect[Any]:
    """*column* of the counting report with the latest Stand that tells *told* (default: any), per project."""
    statement = (
        sa.select(column)
        .where(col(StatusReport.project_id) == col(Project.id), _COUNTS)
        .order_by(col(StatusReport.as_of).desc())
        .limit(1)
        .correlate(Project)
    )
    if told is not None:
        statement = statement.where(told.is_not(None))
    return (statement.offset(offset) if offset else statement).scalar_subquery()


def _listed(actor: Actor, wish: ProjectFilter) -> sa.Subquery:
    light, phase = col(StatusReport.light), col(StatusReport.phase)
    need = (
        sa.select(col(DecisionNeed.text))
        .where(col(DecisionNeed.project_id) == col(Project.id), col(DecisionNeed.closed_on).is_(None))
        .order_by(col(DecisionNeed.opened_on).desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    present_phase = _latest(phase, told=phase)
    statement = (
        sa.select(
            *(
                col(getattr(Project, name))
                for name in ("id", "version", "code", "code_key", "title", "title_key", "lead_id", "starts_on")
            ),
            col(Project.ends_on),
            col(Project.invented),
            col(PlanPeriod.name).label("period"),
            col(PlanField.name).label("field"),
            col(Cluster.name).label("cluster"),
            _latest(col(StatusReport.as_of)).label("as_of"),
            _latest(light, told=light).label("light"),
            _latest(col(StatusReport.as_of), told=light).label("light_as_of"),
            _latest(light, told=light, offset=1).label("light_before"),
            present_phase.label("phase"),
            _latest(col(StatusReport.progress), told=col(StatusReport.progress)).label("progress"),
            need.label("need"),
            _lead_key().label("lead_key"),
        )
        .join(PlanPeriod, col(PlanPeriod.id) == col(Project.period_id), isouter=True)
        .join(PlanField, col(PlanField.id) == col(Project.field_id), isouter=True)
        .join(Cluster, col(Cluster.id) == col(Project.cluster_id), isouter=True)
        .where(readable_clause(actor), *_filters(wish))
    )
    if wish.phase is not None:
        statement = statement.where(present_phase == wish.phase)
    return statement.subquery("listed")


def _lead_key() -> sa.ScalarSelect[Any]:
    began = col(OrganisationName.valid_from)
    return (
        sa.select(col(OrganisationName.sort_key))
        .where(
            col(OrganisationName.organisation_id) == col(Project.lead_id),
            sa.or_(began.is_(None), began <= clock.today()),
        )
        .order_by(began.is_not(None).desc(), began.desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def _filters(wish: ProjectFilter) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = []
    if wish.period_id is not None:
        clauses.append(col(Project.period_id) == wish.period_id)
    if wish.cluster_id is not None:
        clauses.append(col(Project.cluster_id) == wish.cluster_id)
    if wish.lead_id is not None:
        clauses.append(col(Project.lead_id) == wish.lead_id)
    if wish.field_id is not None:
        further = sa.select(col(ProjectField.project_id)).where(col(ProjectField.field_id) == wish.field_id)
        clauses.append(sa.or_(col(Project.field_id) == wish.field_id, col(Project.id).in_(further)))
    return clauses + [_names(word) for word in text.one_line(wish.q)[:200].split()]


def _names(word: str) -> sa.ColumnElement[bool]:
    """Whether title, number or an earlier number of the project hold *word*."""
    key = text.sort_key(word)
    earlier = sa.select(col(ProjectCode.project_id)).where(
        sa.func.lower(col(ProjectCode.code)).startswith(word.lower(), autoescape=True)
    )
    clauses = [
        sa.func.lower(col(Project.code)).startswith(word.lower(), autoescape=True),
        col(Project.id).in_(earlier),
    ]
    if key:
        clauses.append(col(Project.title_key).contains(key, autoescape=True))
    return sa.or_(*clauses)


def _counts(session: Session, listed: sa.Subquery) -> Mapping[Light | None, int]:
    rows = session.execute(sa.select(listed.c.light, sa.func.count()).group_by(listed.c.light)).all()
    found: dict[Light | None, int] = {Light.RED: 0, Light.YELLOW: 0, Light.GREEN: 0, None: 0}
    return found | {row[0]: row[1] for row in rows}


def _order(listed: sa.Subquery, sort: ProjectSort, descending: bool) -> keyset.Order:
    """The columns that sort, none of them ever NULL, and whether they run downwards; the last makes it unique."""
    ranks = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2}
    rank = sa.case(*((listed.c.light == light, place) for light, place in ranks.items()), else_=len(ranks))
    never = sa.literal(dt.date(1, 1, 1), sa.Date())
    first: dict[ProjectSort, list[sa.ColumnElement[Any]]] = {
        ProjectSort.CODE: [],
        ProjectSort.TITLE: [listed.c.title_key],
        ProjectSort.LIGHT: [rank],
        ProjectSort.AS_OF: [sa.func.coalesce(listed.c.as_of, never, type_=sa.Date())],
        ProjectSort.LEAD: [sa.func.coalesce(listed.c.lead_key, LAST)],
        ProjectSort.ENDS_ON: [sa.func.coalesce(listed.c.ends_on, sa.literal(dt.date(9999, 1, 1), sa.Date()))],
    }
    chosen = first[sort]
    rest_down = descending if not chosen else False
    return [*((one, descending) for one in chosen), (listed.c.code_key, rest_down), (listed.c.id, rest_down)]


def _line(row: Any, names: Mapping[int, OrganisationName]) -> ProjectLine:
    lead = names.get(row.lead_id)
    return ProjectLine(
        id=row.id,
        version=row.version,
        code=row.code,
        title=row.title,
        period=row.period or "",
        field=row.field or "",
        cluster=row.cluster or "",
        lead=lead.long if lead else "",
        lead_short=(lead.short or lead.long) if lead else "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        as_of=row.as_of,
        light=row.light,
        light_as_of=row.light_as_of,
        light_before=row.light_before,
        phase=row.phase,
        progress=row.progress,
        need=row.need,
        invented=bool(row.invented),
    )
