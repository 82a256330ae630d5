"""Papers of a project: list, upload, new version, change, move, withdraw, download."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.papers import ABOUT_FILES, FILE, PaperOut, multipart, paper_out
from app.api.schemas.thing import Id, Listing
from app.api.uploads import KEY, created_all, once_of, only_file, stored_files, wish_of
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import ident
from app.errors import NotFound
from app.papers.rules.showing import file_to_send
from app.papers.schemas import PaperChange, WithdrawIn
from app.projects.models import Project
from app.projects.queries.projects import get_project, lock_project
from app.projects.service import papers
from app.request import (
    CurrentActor,
    CurrentDatabase,
    CurrentSettings,
    CurrentStorage,
    ReadSession,
    Submitted,
    WriteSession,
)
from app.sending import send_file

router = APIRouter(prefix="/projects/{project_id}/papers", tags=["Unterlagen"])


class ProjectPaperPatch(PaperChange):
    """Fields to change; ``position`` counts from 1."""

    position: int | None = Field(default=None, ge=1, le=1000)


@router.get("", response_model=Listing[PaperOut], summary="Unterlagen eines Projekts")
def list_them(
    project_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The papers of the project that are yours to read, in their order."""
    found = _papers(session, actor, get_project(session, actor, project_id))
    page, following = Walk(request, query).cut(found, lambda one: (one.position, one.id))
    return listed(page, following)


@router.get("/{paper_id}", response_model=PaperOut, summary="Eine Unterlage eines Projekts")
def show_paper(project_id: Id, paper_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One paper."""
    return shown(_find(session, actor, get_project(session, actor, project_id), paper_id))


@router.get("/{paper_id}/file", response_class=Response, responses=FILE, summary="Datei einer Unterlage eines Projekts")
def download(
    project_id: Id,
    paper_id: Id,
    request: Request,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    version: int | None = None,
) -> Response:
    """The bytes of the newest version; for the secretariat of any."""
    with database.read() as session:
        project = get_project(session, actor, project_id)
        file = file_to_send(papers.choose_project_file(session, actor, project, paper_id, version=version))
    return send_file(request, storage, file)


@router.post(
    "",
    response_model=Listing[PaperOut],
    status_code=201,
    summary="Unterlagen zu einem Projekt hochladen",
    openapi_extra=multipart(**ABOUT_FILES),
)
def upload(
    project_id: Id,
    request: Request,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
    idempotency_key: KEY = None,
) -> Response:
    """One or several files at once, all or none; the answer lists what they became."""
    with database.read() as session:
        papers.require_project_papers(actor, get_project(session, actor, project_id))
    wish = wish_of(submitted)
    files = stored_files(storage, submitted, settings)
    once = once_of(request, actor, idempotency_key, submitted, files)
    with database.write() as session:

        def act() -> list[PaperOut]:
            project = lock_project(session, actor, project_id)
            ids = {ident(one) for one in papers.add_project_papers(session, actor, project, files, wish)}
            return [one for one in _papers(session, actor, project) if one.id in ids]

        return created_all(session, once, act)


@router.post(
    "/{paper_id}/versions",
    response_model=PaperOut,
    status_code=201,
    summary="Neue Version einer Unterlage eines Projekts hochladen",
    openapi_extra=multipart(),
)
def upload_version(
    project_id: Id,
    paper_id: Id,
    request: Request,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
    idempotency_key: KEY = None,
) -> Response:
    """A new file of the same paper; earlier ones stay for the secretariat."""
    with database.read() as session:
        project = get_project(session, actor, project_id)
        papers.find_project_paper(session, actor, project, paper_id)
        papers.require_project_papers(actor, project)
    file = only_file(stored_files(storage, submitted, settings))
    once = once_of(request, actor, idempotency_key, submitted, [file])
    with database.write() as session:

        def act() -> Project:
            project = lock_project(session, actor, project_id)
            papers.add_project_paper_version(session, actor, project, paper_id, file)
            return project

        return once.created(session, act, lambda project: _find(session, actor, project, paper_id))


@router.patch("/{paper_id}", response_model=PaperOut, summary="Unterlage eines Projekts ändern")
def update(
    project_id: Id,
    paper_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    seen: MustHaveSeen,
    wish: ProjectPaperPatch,
) -> Response:
    """Change the given fields or the position. If-Match is the paper's version."""

    def act() -> Project:
        project, found = _lock(session, actor, project_id, paper_id, seen)
        given = wish.model_dump(exclude_unset=True, exclude={"position"})
        papers.change_project_paper(session, actor, project, paper_id, PaperChange(**given))
        if wish.position is not None:
            steps = wish.position - found.position
            papers.move_project_paper(session, actor, project, paper_id, steps=steps)
        return project

    return changed(session, act, lambda project: _find(session, actor, project, paper_id))


@router.post("/{paper_id}/withdraw", response_model=PaperOut, summary="Unterlage eines Projekts zurückziehen")
def withdraw(
    project_id: Id,
    paper_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: WithdrawIn,
) -> Response:
    """Nobody but the secretariat gets its files any more."""

    def act() -> Project:
        project, _ = _lock(session, actor, project_id, paper_id, seen)
        papers.withdraw_project_paper(session, actor, project, paper_id, wish)
        return project

    return once.done(session, act, lambda project: _find(session, actor, project, paper_id))


def _papers(session: Session, actor: Actor, project: Project) -> list[PaperOut]:
    return [paper_out(one, project=ident(project)) for one in papers.shown_project_papers(session, actor, project)]


def _find(session: Session, actor: Actor, project: Project, paper_id: int) -> PaperOut:
    found = next((one for one in _papers(session, actor, project) if one.id == paper_id), None)
    if found is None:
        raise NotFound()
    return found


def _lock(session: Session, actor: Actor, project_id: int, paper_id: int, seen: Seen) -> tuple[Project, PaperOut]:
    project = lock_project(session, actor, project_id)
    visible = _find(session, actor, project, paper_id)
    papers.require_project_papers(actor, project)
    seen.check(visible.version, lambda: visible)
    return project, visible
