"""Projects: list, one, create, change."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.queries import projects_by_id
from app.api.schemas.projects import ProjectDetail, ProjectOut, project_detail, project_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MustHaveSeen
from app.projects.models import Phase, Project
from app.projects.queries.listing import list_projects
from app.projects.queries.projects import get_project, lock_project
from app.projects.queries.view import load_view
from app.projects.schemas import ProjectChange, ProjectFilter, ProjectIn
from app.projects.service.projects import change_project, create_project
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(prefix="/projects", tags=["Projekte"])

AnyId = Annotated[RowId | None, Field(description="Kennung")]


class ProjectQuery(ListQuery):
    """Filters of the list of projects. ``light`` "none": never reported one."""

    q: str = Field(default="", max_length=200, description="Wörter aus Titel oder Nummer")
    period: AnyId = None
    field: AnyId = None
    cluster: AnyId = None
    lead: AnyId = None
    light: Literal["green", "yellow", "red", "none"] | None = None
    phase: Phase | None = None


@router.get("", response_model=Listing[ProjectOut], summary="Projekte")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ProjectQuery, Query()]
) -> Response:
    """The projects you may read, in the order of their numbers, with where they stand now."""
    walk = Walk(request, query)
    wish = ProjectFilter(
        q=query.q,
        period_id=query.period,
        field_id=query.field,
        cluster_id=query.cluster,
        lead_id=query.lead,
        light=query.light or "",
        phase=query.phase,
    )
    after = walk.after[0] if walk.after else None
    page = list_projects(session, actor, wish, after=after, limit=walk.limit)
    rows = projects_by_id(session, actor, [line.id for line in page.lines])
    return listed([project_out(line, rows[line.id]) for line in page.lines], walk.sealed(page.next))


@router.get("/{project_id}", response_model=ProjectDetail, summary="Ein Projekt")
def show_project(project_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One project with its standing, fields, earlier numbers, lineage, milestones and decision needs."""
    return shown(show_one(session, actor, get_project(session, actor, project_id)))


@router.post("", response_model=ProjectDetail, status_code=201, summary="Projekt anlegen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ProjectIn) -> Response:
    """A new project of a plan period; references are ids."""
    return once.created(session, lambda: create_project(session, actor, wish), partial(show_one, session, actor))


@router.patch("/{project_id}", response_model=ProjectDetail, summary="Projekt ändern")
def update(
    project_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: ProjectChange
) -> Response:
    """Change the given fields; lists are replaced whole. A number that is given up stays findable."""

    def act() -> Project:
        project = lock_project(session, actor, project_id)
        seen.check(project.version, lambda: show_one(session, actor, project))
        return change_project(session, actor, project, wish)

    return changed(session, act, partial(show_one, session, actor))


def show_one(session: Session, actor: Actor, project: Project) -> ProjectDetail:
    """A readable project as programs read it."""
    return project_detail(load_view(session, actor, project))
