"""Reading what only the API asks: bodies by short name, last releases of several meetings, numbers of projects."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app import text
from app.actor import Actor
from app.agenda.models import AgendaRelease
from app.bodies.models import Body, Section
from app.bodies.queries import readable_bodies
from app.db import ident
from app.errors import NotFound
from app.projects.models import Project
from app.projects.queries.projects import readable_projects


def get_body_named(session: Session, actor: Actor, short_name: str) -> Body:
    """The body with this short name; NotFound for unknown and invisible alike."""
    found = session.exec(readable_bodies(actor).where(Body.short_name == text.one_line(short_name))).first()
    if found is None:
        raise NotFound()
    return found


def last_releases(session: Session, meeting_ids: Collection[int]) -> dict[int, AgendaRelease]:
    """The last release of meetings that the actor may see anyway, by meeting; one query."""
    rows = session.exec(
        select(AgendaRelease).where(col(AgendaRelease.meeting_id).in_(meeting_ids)).order_by(col(AgendaRelease.version))
    )
    return {row.meeting_id: row for row in rows}


def codes_of(session: Session, project_ids: Collection[int]) -> dict[int, str]:
    """The numbers of projects that are named by things the actor may read anyway, by id; one query."""
    rows = session.exec(select(Project.id, Project.code).where(col(Project.id).in_(project_ids)))
    return {key: code for key, code in rows if key is not None}


def projects_by_id(session: Session, actor: Actor, project_ids: Collection[int]) -> dict[int, Project]:
    """Those of the projects that the actor may read, by id; one query."""
    rows = session.exec(readable_projects(actor).where(col(Project.id).in_(project_ids)))
    return {ident(row): row for row in rows}


def section_titles(session: Session, body_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """The titles of the sections of several bodies, by body and key; one query."""
    rows = session.exec(select(Section).where(col(Section.body_id).in_(body_ids)))
    return {(row.body_id, row.key): row.title for row in rows}
