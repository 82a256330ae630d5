"""The plan behind projects: which periods, fields, clusters, institutions and persons exist, and a project in words."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.people.models import Person
from app.people.queries import names_on
from app.projects.models import (
    Cluster,
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    ProjectField,
    ProjectLead,
    ProjectLineage,
    ProjectPartner,
)
from app.projects.queries.projects import readable_clause
from app.projects.queries.view import list_leads
from app.projects.rules import words


def find_period(session: Session, period_id: int) -> PlanPeriod | None:
    """One plan period, None if unknown."""
    return session.get(PlanPeriod, period_id)


def load_fields(session: Session, ids: Collection[int]) -> dict[int, PlanField]:
    """The fields with these ids."""
    return {ident(row): row for row in session.exec(select(PlanField).where(col(PlanField.id).in_(ids)))}


def find_cluster(session: Session, cluster_id: int) -> Cluster | None:
    """One cluster, None if unknown."""
    return session.get(Cluster, cluster_id)


def known_persons(session: Session, ids: Collection[int]) -> set[int]:
    """Which of these persons exist."""
    return set(session.execute(sa.select(col(Person.id)).where(col(Person.id).in_(ids))).scalars())


def known_projects(session: Session, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of these projects the actor may read."""
    statement = sa.select(col(Project.id)).where(col(Project.id).in_(ids), readable_clause(actor))
    return set(session.execute(statement).scalars())


def list_periods(session: Session) -> list[PlanPeriod]:
    """Every plan period, latest first."""
    found = session.exec(select(PlanPeriod)).all()
    return sorted(found, key=lambda one: (newest_first(one.starts_on), text.sort_key(one.name), ident(one)))


def newest_first(day: dt.date | None) -> int:
    """The place of a beginning among others: the latest first, an unknown one last."""
    return -day.toordinal() if day else 0


def list_all_fields(session: Session, *, on: dt.date | None = None, but: Collection[int] = ()) -> list[tuple[int, str]]:
    """Every field of every plan period as (id, name with its period); on a day only those not ended, and *but*."""
    rows = session.execute(
        sa.select(
            col(PlanField.id),
            col(PlanField.name),
            col(PlanField.position),
            col(PlanPeriod.name).label("period"),
            col(PlanPeriod.starts_on),
        )
        .join(PlanPeriod, col(PlanPeriod.id) == col(PlanField.period_id), isouter=True)
        .where(_open(PlanField, on, but))
    ).all()
    rows = sorted(rows, key=lambda row: (newest_first(row.starts_on), row.position, text.sort_key(row.name), row.id))
    return [(row.id, f"{row.name} ({row.period})" if row.period else row.name) for row in rows]


def _open(part: type[PlanField] | type[Cluster], on: dt.date | None, but: Collection[int]) -> sa.ColumnElement[bool]:
    """Whether a part of the plan had not ended on a day (None: any), or is one of *but*."""
    if on is None:
        return sa.true()
    return sa.or_(col(part.ends_on).is_(None), col(part.ends_on) >= on, col(part.id).in_(but))


def list_all_clusters(
    session: Session, *, on: dt.date | None = None, but: Collection[int] = ()
) -> list[tuple[int, str]]:
    """Every cluster as (id, name with its field); on a day only those that had not ended, and *but*."""
    rows = session.execute(
        sa.select(
            col(Cluster.id),
            col(Cluster.name),
            col(Cluster.position),
            col(PlanField.name).label("field"),
            col(PlanField.position).label("field_position"),
            col(PlanPeriod.starts_on),
        )
        .join(PlanField, col(PlanField.id) == col(Cluster.field_id), isouter=True)
        .join(PlanPeriod, col(PlanPeriod.id) == col(PlanField.period_id), isouter=True)
        .where(sa.or_(col(Cluster.id).in_(but), sa.and_(_open(Cluster, on, ()), _open(PlanField, on, ()))))
    ).all()
    rows = sorted(
        rows,
        key=lambda row: (
            newest_first(row.starts_on),
            row.field_position or 0,
            row.position,
            text.sort_key(row.name),
            row.id,
        ),
    )
    return [(row.id, f"{row.name} ({row.field})" if row.field else row.name) for row in rows]


def list_all_persons(session: Session) -> list[tuple[int, str]]:
    """Every person as (id, name), by last name."""
    return [(ident(row), row.name) for row in session.exec(select(Person).order_by(Person.sort_key, col(Person.id)))]


def list_all_projects(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Every readable project as (id, number and title), by period and number."""
    rows = session.execute(
        sa.select(col(Project.id), col(Project.code), col(Project.title), col(PlanPeriod.name).label("period"))
        .join(PlanPeriod, col(PlanPeriod.id) == col(Project.period_id), isouter=True)
        .where(readable_clause(actor))
        .order_by(col(PlanPeriod.starts_on).desc().nulls_last(), col(Project.code_key), col(Project.id))
    ).all()
    return [(row.id, f"{row.code} {row.title}" + (f" ({row.period})" if row.period else "")) for row in rows]


def load_links(session: Session, project_id: int) -> dict[type, list[Any]]:
    """The rows below a project that a change of its data replaces whole, by their table."""
    kinds: tuple[tuple[type, Any], ...] = (
        (ProjectField, ProjectField.project_id),
        (ProjectPartner, ProjectPartner.project_id),
        (ProjectCode, ProjectCode.project_id),
        (ProjectLineage, ProjectLineage.from_id),
        (ProjectLead, ProjectLead.project_id),
    )
    return {kind: list(session.execute(sa.select(kind).where(col(key) == project_id)).scalars()) for kind, key in kinds}


def describe_project(session: Session, project: Project) -> dict[str, Any]:
    """A project's own data in words, for the history."""
    key = ident(project)
    links = load_links(session, key)
    period, cluster = (
        find_period(session, project.period_id) if project.period_id else None,
        find_cluster(session, project.cluster_id) if project.cluster_id else None,
    )
    further = [row.field_id for row in sorted(links[ProjectField], key=lambda row: row.position)]
    fields = load_fields(session, [*further, *([project.field_id] if project.field_id else [])])
    partners = [row.organisation_id for row in sorted(links[ProjectPartner], key=lambda row: row.position)]
    names = names_on(session, [*partners, *([project.lead_id] if project.lead_id else [])], clock.today())
    heirs = dict(list_named_projects(session, [row.to_id for row in links[ProjectLineage]]))
    return {
        "code": project.code,
        "title": project.title,
        "period": period.name if period else "",
        "field": fields[project.field_id].name if project.field_id in fields else "",
        "fields": [fields[one].name for one in further if one in fields],
        "cluster": cluster.name if cluster else "",
        "lead": names[project.lead_id].long if project.lead_id in names else "",
        "partners": [names[one].long for one in partners if one in names],
        "starts_on": project.starts_on.isoformat() if project.starts_on else None,
        "ends_on": project.ends_on.isoformat() if project.ends_on else None,
        "funding": project.funding,
        "source": project.source,
        "earlier_codes": [row.code for row in links[ProjectCode]],
        "lineage": [
            f"{words.LINEAGES[row.kind]} {heirs.get(row.to_id, '')} seit {text.date(row.since_on)}"
            for row in links[ProjectLineage]
        ],
        "leads": [one.name for one in list_leads(session, key)],
    }


def list_further(session: Session, project_id: int) -> list[int]:
    """The further fields of a project."""
    return list(session.exec(select(ProjectField.field_id).where(ProjectField.project_id == project_id)))


def list_named_projects(session: Session, ids: Collection[int]) -> list[tuple[int, str]]:
    """These projects as (id, number and title)."""
    rows = session.execute(
        sa.select(col(Project.id), col(Project.code), col(Project.title)).where(col(Project.id).in_(ids))
    ).all()
    return [(row.id, f"{row.code} {row.title}") for row in rows]
