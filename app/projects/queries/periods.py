"""The plan as it is edited: periods with their fields and clusters, read by right, locked, and what hangs on them."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import text
from app.actor import Actor
from app.db import ident
from app.errors import NotFound
from app.projects.models import Cluster, PlanField, PlanPeriod, Project, ProjectField
from app.projects.queries.plan import newest_first
from app.visibility import Matter, project_periods


@dataclass(frozen=True, slots=True)
class Branch:
    """A field with its clusters in their order; ``projects`` counts by cluster id, None: those of the field itself."""

    row: PlanField
    clusters: list[Cluster] = field(default_factory=list)
    projects: dict[int | None, int] = field(default_factory=dict)


def readable_periods(actor: Actor) -> SelectOfScalar[PlanPeriod]:
    """The periods whose projects a body steers of which the actor reads the interna."""
    periods = project_periods(actor, Matter.INTERNAL)
    return select(PlanPeriod).where(sa.true() if periods is None else col(PlanPeriod.id).in_(sorted(periods)))


def list_readable(session: Session, actor: Actor) -> list[PlanPeriod]:
    """The readable periods, latest first."""
    found = session.exec(readable_periods(actor)).all()
    return sorted(found, key=lambda one: (newest_first(one.starts_on), text.sort_key(one.name), ident(one)))


def get_period(session: Session, actor: Actor, period_id: int) -> PlanPeriod:
    """One period; NotFound for unknown and invisible alike."""
    found = session.exec(readable_periods(actor).where(PlanPeriod.id == period_id)).first()
    if found is None:
        raise NotFound()
    return found


def get_field(session: Session, actor: Actor, field_id: int) -> PlanField:
    """One field; its period decides who reads it, and one without is read by whoever reads some body's projects."""
    found = session.get(PlanField, field_id)
    if found is None or not _reads(actor, found.period_id):
        raise NotFound()
    return found


def get_cluster(session: Session, actor: Actor, cluster_id: int) -> Cluster:
    """One cluster; NotFound as for its field."""
    found = session.get(Cluster, cluster_id)
    if found is None or not _reads(actor, period_of(session, found)):
        raise NotFound()
    return found


def period_of(session: Session, part: PlanField | Cluster) -> int | None:
    """The period to which a field or cluster belongs; None for none."""
    if isinstance(part, PlanField):
        return part.period_id
    above = session.get(PlanField, part.field_id) if part.field_id is not None else None
    return above.period_id if above else None


def lock_plan(session: Session) -> None:
    """Hold all periods until the commit: plans are small and seldom edited, so one goes after the other.

    Projects that only name a period do not wait.
    """
    session.exec(select(PlanPeriod.id).order_by(col(PlanPeriod.id)).with_for_update(key_share=True)).all()


def lock_period(session: Session, actor: Actor, period_id: int) -> PlanPeriod:
    """One period for editing, with the whole plan locked; NotFound as for :func:`get_period`."""
    lock_plan(session)
    return get_period(session, actor, period_id)


def lock_field(session: Session, actor: Actor, field_id: int) -> PlanField:
    """One field for editing, with the whole plan locked; NotFound as for :func:`get_field`."""
    lock_plan(session)
    return get_field(session, actor, field_id)


def lock_cluster(session: Session, actor: Actor, cluster_id: int) -> Cluster:
    """One cluster for editing, with the whole plan locked; NotFound as for :func:`get_cluster`."""
    lock_plan(session)
    return get_cluster(session, actor, cluster_id)


def list_periods_but(session: Session, period_id: int | None) -> list[PlanPeriod]:
    """All other periods, whoever reads them."""
    statement = select(PlanPeriod).where(sa.true() if period_id is None else col(PlanPeriod.id) != period_id)
    return list(session.exec(statement.order_by(col(PlanPeriod.id))))


def siblings(session: Session, part: PlanField | Cluster) -> list[PlanField] | list[Cluster]:
    """The fields of the same period, or the clusters of the same field, in their order; the part itself included."""
    if isinstance(part, PlanField):
        same = PlanField.period_id == part.period_id if part.period_id else col(PlanField.period_id).is_(None)
        fields = select(PlanField).where(same)
        return sorted(session.exec(fields), key=place)
    same = Cluster.field_id == part.field_id if part.field_id else col(Cluster.field_id).is_(None)
    return sorted(session.exec(select(Cluster).where(same)), key=place)


def place(part: PlanField | Cluster) -> tuple[int, str, int]:
    """Where a part stands among its siblings: by position, then by name (imports number from 1 as they meet them)."""
    return part.position, text.sort_key(part.name), ident(part)


def load_branches(session: Session, period_id: int | None) -> list[Branch]:
    """The fields of a period (None: those without one) with clusters and numbers of projects; four queries."""
    same = PlanField.period_id == period_id if period_id else col(PlanField.period_id).is_(None)
    branches = {ident(row): Branch(row) for row in sorted(session.exec(select(PlanField).where(same)), key=place)}
    for cluster in sorted(session.exec(select(Cluster).where(col(Cluster.field_id).in_(branches))), key=place):
        branches[cluster.field_id or 0].clusters.append(cluster)
    counted = session.execute(
        sa.select(col(Project.field_id), col(Project.cluster_id), sa.func.count())
        .where(col(Project.field_id).in_(branches))
        .group_by(col(Project.field_id), col(Project.cluster_id))
    ).all()
    further = session.execute(
        sa.select(col(ProjectField.field_id), sa.func.count())
        .where(col(ProjectField.field_id).in_(branches))
        .group_by(col(ProjectField.field_id))
    ).all()
    for field_id, cluster_id, number in (*counted, *((one, None, number) for one, number in further)):
        found = branches[field_id].projects
        found[None] = found.get(None, 0) + number
        if cluster_id is not None:
            found[cluster_id] = found.get(cluster_id, 0) + number
    return list(branches.values())


def count_projects(session: Session) -> dict[int | None, int]:
    """The number of projects by period (None: without one); one query."""
    rows = session.execute(sa.select(col(Project.period_id), sa.func.count()).group_by(col(Project.period_id)))
    return {row[0]: row[1] for row in rows}


def _reads(actor: Actor, period_id: int | None) -> bool:
    periods = project_periods(actor, Matter.INTERNAL)
    return periods is None or (bool(periods) if period_id is None else period_id in periods)
