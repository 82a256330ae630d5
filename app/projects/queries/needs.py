"""Decision needs: stored rows, and what the counting reports of several projects tell about them."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor
from app.errors import NotFound
from app.projects.models import DecisionNeed, Project, StatusReport, StatusState
from app.projects.queries.projects import readable_clause
from app.projects.rules.needs import Telling


def get_need(session: Session, actor: Actor, project: Project, need_id: int) -> DecisionNeed:
    """One decision need of a project; NotFound for unknown and invisible alike."""
    found = session.exec(
        select(DecisionNeed)
        .join(Project, col(Project.id) == DecisionNeed.project_id)
        .where(DecisionNeed.id == need_id, DecisionNeed.project_id == project.id, readable_clause(actor))
    ).first()
    if found is None:
        raise NotFound()
    return found


def open_needs(session: Session, project_ids: Collection[int]) -> list[DecisionNeed]:
    """The open needs of several projects."""
    return list(
        session.exec(
            select(DecisionNeed)
            .where(col(DecisionNeed.project_id).in_(project_ids), col(DecisionNeed.closed_on).is_(None))
            .order_by(col(DecisionNeed.project_id), col(DecisionNeed.opened_on))
        )
    )


def open_needs_of(session: Session, project_ids: Collection[int], on: dt.date) -> list[tuple[DecisionNeed, Project]]:
    """The needs that were opened up to a day and are still open, each with its project; one query."""
    rows = session.execute(
        sa.select(DecisionNeed, Project)
        .join(Project, col(Project.id) == DecisionNeed.project_id)
        .where(
            col(DecisionNeed.project_id).in_(project_ids),
            col(DecisionNeed.opened_on) <= on,
            col(DecisionNeed.closed_on).is_(None),
        )
        .order_by(col(DecisionNeed.project_id), col(DecisionNeed.opened_on))
    )
    return [(need, project) for need, project in rows]


def load_needs(session: Session, project_ids: Collection[int]) -> dict[int, list[DecisionNeed]]:
    """The stored needs of several projects, by project; one query."""
    found: dict[int, list[DecisionNeed]] = {}
    rows = session.exec(
        select(DecisionNeed)
        .where(col(DecisionNeed.project_id).in_(project_ids))
        .order_by(col(DecisionNeed.opened_on), col(DecisionNeed.id))
    )
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found


def load_tellings(session: Session, project_ids: Collection[int]) -> dict[int, list[Telling]]:
    """What the counting reports of several projects say about needs, by project; one query."""
    rows = session.execute(
        sa.select(col(StatusReport.project_id), col(StatusReport.as_of), col(StatusReport.decision_need)).where(
            col(StatusReport.project_id).in_(project_ids),
            col(StatusReport.valid).is_(True),
            col(StatusReport.state) == StatusState.ACCEPTED,
            col(StatusReport.decision_need).is_not(None),
        )
    ).all()
    found: dict[int, list[Telling]] = {}
    for project_id, as_of, told in rows:
        found.setdefault(project_id, []).append(Telling(as_of, told))
    return found
