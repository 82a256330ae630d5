"""Finding projects and their reports: what an actor may read, one by one, and locked for writing."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.errors import NotFound
from app.projects.models import Project, ProjectCode, StatusReport, StatusState
from app.projects.rules import rights
from app.visibility import Matter, project_periods


def readable_clause(actor: Actor) -> sa.ColumnElement[bool]:
    """Domain §6 on the table of projects: readers of a body's interna read the projects it steers, leads their own.

    A project without plan period belongs to every body.
    """
    periods = project_periods(actor, Matter.INTERNAL)
    if periods is None:
        return sa.true()
    own = col(Project.id).in_(sorted(actor.lead_project_ids)) if actor.lead_project_ids else sa.false()
    if not periods:
        return own
    return sa.or_(col(Project.period_id).in_(sorted(periods)), col(Project.period_id).is_(None), own)


def readable_projects(actor: Actor) -> SelectOfScalar[Project]:
    """The projects that the actor may read."""
    return select(Project).where(readable_clause(actor))


def get_project(session: Session, actor: Actor, project_id: int) -> Project:
    """One project; NotFound for unknown and invisible alike."""
    found = session.exec(readable_projects(actor).where(Project.id == project_id)).first()
    if found is None:
        raise NotFound()
    return found


def readable_ids(session: Session, actor: Actor, project_ids: Collection[int]) -> frozenset[int]:
    """Which of the ids are projects that the actor may read; one query."""
    if not project_ids:
        return frozenset()
    found = session.exec(select(Project.id).where(readable_clause(actor))).all()
    return frozenset(one for one in found if one) & frozenset(project_ids)


def readable_codes(session: Session, actor: Actor, project_ids: Collection[int]) -> dict[int, str]:
    """The numbers of those of the projects that the actor may read, by id; one query."""
    if not project_ids:
        return {}
    rows = session.execute(
        sa.select(col(Project.id), col(Project.code)).where(col(Project.id).in_(project_ids), readable_clause(actor))
    )
    return {row.id: row.code for row in rows}


def lock_project(session: Session, actor: Actor, project_id: int) -> Project:
    """One project for writing: its row is locked until the commit, before anything below it is read or written."""
    statement = readable_projects(actor).where(Project.id == project_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def find_project(session: Session, code: str, period_id: int | None, *, but: int | None = None) -> Project | None:
    """The project that bears *code* in a plan period (None = without period), whoever may read it."""
    period = Project.period_id == period_id if period_id is not None else col(Project.period_id).is_(None)
    statement = select(Project).where(Project.code == code, period)
    if but is not None:
        statement = statement.where(Project.id != but)
    return session.exec(statement).first()


def list_codes(session: Session, project_id: int) -> list[ProjectCode]:
    """The earlier numbers of a project."""
    return list(
        session.exec(select(ProjectCode).where(ProjectCode.project_id == project_id).order_by(col(ProjectCode.id)))
    )


def readable_reports(actor: Actor, project: Project) -> SelectOfScalar[StatusReport]:
    """The reports of a readable project; those that nobody accepted only for secretariat and its own lead."""
    statement = select(StatusReport).where(StatusReport.project_id == project.id)
    if rights.reads_unaccepted(actor, project):
        return statement
    return statement.where(StatusReport.state == StatusState.ACCEPTED)


def readable_accepted_reports(actor: Actor) -> SelectOfScalar[StatusReport]:
    """The valid, accepted reports of the projects that the actor may read."""
    return (
        select(StatusReport)
        .join(Project, col(Project.id) == StatusReport.project_id)
        .where(readable_clause(actor), col(StatusReport.valid).is_(True), StatusReport.state == StatusState.ACCEPTED)
    )


def list_reports(session: Session, actor: Actor, project: Project) -> list[StatusReport]:
    """Every report of a project that the actor may read, corrected ones included, latest Stand first."""
    return list(
        session.exec(
            readable_reports(actor, project).order_by(col(StatusReport.as_of).desc(), col(StatusReport.id).desc())
        )
    )


def get_report(session: Session, actor: Actor, project: Project, report_id: int) -> StatusReport:
    """One report of a project; NotFound for unknown and invisible alike."""
    found = session.exec(readable_reports(actor, project).where(StatusReport.id == report_id)).first()
    if found is None:
        raise NotFound()
    return found


def find_valid_report(session: Session, project_id: int, as_of: object) -> StatusReport | None:
    """The one valid, accepted report of a project for a Stand."""
    return session.exec(
        select(StatusReport).where(
            StatusReport.project_id == project_id,
            StatusReport.as_of == as_of,
            col(StatusReport.valid).is_(True),
            StatusReport.state == StatusState.ACCEPTED,
        )
    ).first()


def counting_reports(project_ids: Collection[int]) -> SelectOfScalar[StatusReport]:
    """The reports at which rules look, of several projects."""
    return select(StatusReport).where(
        col(StatusReport.project_id).in_(project_ids),
        col(StatusReport.valid).is_(True),
        StatusReport.state == StatusState.ACCEPTED,
    )


def list_submitted(session: Session, actor: Actor, *, limit: int = 100) -> list[tuple[StatusReport, Project]]:
    """Reports that wait for the secretariat's acceptance, oldest first; empty for everybody else."""
    periods = project_periods(actor, Matter.UNACCEPTED)
    statement = (
        select(StatusReport, Project)
        .join(Project, col(Project.id) == StatusReport.project_id)
        .where(StatusReport.state == StatusState.SUBMITTED, col(StatusReport.valid).is_(True))
        .order_by(col(StatusReport.created_at), col(StatusReport.id))
        .limit(limit)
    )
    if periods is not None:
        allowed = col(Project.period_id).in_(sorted(periods))
        statement = statement.where(
            sa.or_(allowed, col(Project.period_id).is_(None)) if actor.is_secretariat else sa.false()
        )
    return list(session.exec(statement).all())
