"""The projects that a person leads, as far as the reader may read them."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.actor import Actor
from app.projects.models import Project, ProjectLead
from app.projects.queries.projects import readable_clause


@dataclass(frozen=True, slots=True)
class Led:
    """A project with the days on which the person leads it (None = open)."""

    id: int
    code: str
    title: str
    valid_from: dt.date | None
    valid_to: dt.date | None


def list_led(session: Session, actor: Actor, person_id: int) -> list[Led]:
    """The projects that the person leads or led, by number."""
    rows = session.execute(
        sa.select(
            col(Project.id),
            col(Project.code),
            col(Project.title),
            col(ProjectLead.valid_from),
            col(ProjectLead.valid_to),
        )
        .join(ProjectLead, col(ProjectLead.project_id) == col(Project.id))
        .where(col(ProjectLead.person_id) == person_id, readable_clause(actor))
        .order_by(col(Project.code_key), col(Project.id), col(ProjectLead.id))
    ).all()
    return [Led(*row) for row in rows]
