"""The papers of a project: their page, uploads, the form of one paper, and downloads."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.config import Settings
from app.db import Database, ident
from app.errors import Forbidden, Invalid, Refused, SkipError, Stale, Unavailable
from app.papers.rules.showing import file_to_send
from app.projects.models import Project
from app.projects.queries.projects import get_project, lock_project
from app.projects.rules import rights
from app.projects.service import papers
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage, ReadSession, Submitted
from app.sending import send_file
from app.text import counted
from app.web.forms import Form, typed
from app.web.papers.paper_forms import (
    change_of,
    choices,
    form_of,
    is_stale,
    reason_of,
    seen,
    steps_of,
    store,
    stored_one,
    stored_values,
    wish_of,
)
from app.web.projects.pages import HOME
from app.web.respond import done, page

router = APIRouter()


@router.get("/projekte/{project_id:int}/unterlagen")
def show_project_papers(
    request: Request, project_id: int, session: ReadSession, actor: CurrentActor, settings: CurrentSettings
) -> Response:
    """The papers of a project that this reader gets."""
    return _papers_page(request, session, actor, settings, get_project(session, actor, project_id), Form())


@router.post("/projekte/{project_id:int}/unterlagen")
def upload_project_papers(
    request: Request,
    project_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """One or several files: looked into, stored, then written, all or none."""
    values = typed(submitted)
    try:
        _require(database, actor, project_id)
        wish = wish_of(values)
        files = store(storage, submitted, settings)
        with database.write() as session:
            papers.add_project_papers(session, actor, lock_project(session, actor, project_id), files, wish)
    except (Invalid, Refused, Unavailable) as error:
        with database.read() as session:
            project = get_project(session, actor, project_id)
            form = form_of(values, error)
            return _papers_page(request, session, actor, settings, project, form, status=error.status)
    said = counted(len(files), "Unterlage liegt bereit", "Unterlagen liegen bereit")
    return done(request, f"/projekte/{project_id}/unterlagen", f"{said}.")


@router.get("/projekte/{project_id:int}/unterlagen/{paper_id:int}")
def download_project_paper(
    request: Request,
    project_id: int,
    paper_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    version: int | None = None,
) -> Response:
    """The file of a paper; its newest version, for the secretariat any."""
    with database.read() as session:
        project = get_project(session, actor, project_id)
        file = file_to_send(papers.choose_project_file(session, actor, project, paper_id, version=version))
    return send_file(request, storage, file)


@router.get("/projekte/{project_id:int}/unterlagen/{paper_id:int}/bearbeiten")
def edit_project_paper(
    request: Request,
    project_id: int,
    paper_id: int,
    session: ReadSession,
    actor: CurrentActor,
    settings: CurrentSettings,
) -> Response:
    """The form of one paper."""
    return _paper_page(request, session, actor, settings, get_project(session, actor, project_id), paper_id)


@router.post("/projekte/{project_id:int}/unterlagen/{paper_id:int}/bearbeiten")
def update_project_paper(
    request: Request,
    project_id: int,
    paper_id: int,
    database: CurrentDatabase,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save title, kind, level and further fields."""
    values = typed(submitted)
    try:
        with database.write() as session:
            project = _lock(session, actor, project_id, paper_id)
            papers.change_project_paper(session, actor, project, paper_id, change_of(values), expected=seen(values))
    except (Invalid, Refused, Stale) as error:
        return _paper_again(request, database, actor, settings, project_id, paper_id, error, change=values)
    return done(request, _place(project_id, paper_id), "Die Unterlage ist gespeichert.")


@router.post("/projekte/{project_id:int}/unterlagen/{paper_id:int}/version")
def upload_project_paper_version(
    request: Request,
    project_id: int,
    paper_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """A new file of the same paper."""
    try:
        _require(database, actor, project_id, paper_id)
        file = stored_one(storage, submitted, settings)
        with database.write() as session:
            project = _lock(session, actor, project_id, paper_id)
            number = papers.add_project_paper_version(session, actor, project, paper_id, file).version
    except (Invalid, Refused, Unavailable) as error:
        return _paper_again(request, database, actor, settings, project_id, paper_id, error, renew=typed(submitted))
    return done(request, _place(project_id, paper_id), f"Version {number} liegt bereit.")


@router.post("/projekte/{project_id:int}/unterlagen/{paper_id:int}/verschieben")
def move_project_paper(
    request: Request,
    project_id: int,
    paper_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """One place up or down."""
    with database.write() as session:
        project = _lock(session, actor, project_id, paper_id)
        papers.move_project_paper(session, actor, project, paper_id, steps=steps_of(typed(submitted)))
    return done(request, _place(project_id, paper_id))


@router.post("/projekte/{project_id:int}/unterlagen/{paper_id:int}/zurueckziehen")
def withdraw_project_paper(
    request: Request,
    project_id: int,
    paper_id: int,
    database: CurrentDatabase,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Withdraw a paper, with the reason."""
    values = typed(submitted)
    try:
        with database.write() as session:
            project = _lock(session, actor, project_id, paper_id)
            papers.withdraw_project_paper(session, actor, project, paper_id, reason_of(values))
    except (Invalid, Refused) as error:
        return _paper_again(request, database, actor, settings, project_id, paper_id, error, away=values)
    return done(request, _place(project_id, paper_id), "Die Unterlage ist zurückgezogen.")


def _require(database: Database, actor: Actor, project_id: int, paper_id: int | None = None) -> None:
    """Ask for the right before any file is looked into."""
    with database.read() as session:
        project = get_project(session, actor, project_id)
        if paper_id is not None:
            papers.find_project_paper(session, actor, project, paper_id)
        papers.require_project_papers(actor, project)


def _lock(session: Session, actor: Actor, project_id: int, paper_id: int) -> Project:
    """The project for writing one of its papers: what the actor does not see is unknown, the rest is forbidden."""
    project = lock_project(session, actor, project_id)
    papers.find_project_paper(session, actor, project, paper_id)
    papers.require_project_papers(actor, project)
    return project


def _place(project_id: int, paper_id: int) -> str:
    return f"/projekte/{project_id}/unterlagen#unterlage-{paper_id}"


def _papers_page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    project: Project,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    return page(
        request,
        actor,
        "papers/project.html",
        title="Unterlagen",
        status=status,
        crumbs=(*HOME, (project.code, f"/projekte/{ident(project)}"), ("Unterlagen", None)),
        project=project,
        address=f"/projekte/{ident(project)}",
        papers=papers.shown_project_papers(session, actor, project),
        may_upload=rights.may_change(actor, project),
        owners=[],
        form=form,
        **choices(settings),
    )


def _paper_again(
    request: Request,
    database: Database,
    actor: Actor,
    settings: Settings,
    project_id: int,
    paper_id: int,
    error: SkipError,
    **forms: Mapping[str, str],
) -> Response:
    with database.read() as session:
        project = get_project(session, actor, project_id)
        return _paper_page(request, session, actor, settings, project, paper_id, error, **forms)


def _paper_page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    project: Project,
    paper_id: int,
    error: SkipError | None = None,
    *,
    change: Mapping[str, str] | None = None,
    renew: Mapping[str, str] | None = None,
    away: Mapping[str, str] | None = None,
) -> Response:
    held = papers.find_project_paper(session, actor, project, paper_id)
    if not rights.may_change(actor, project):
        raise Forbidden()
    paper = papers.shown_all(session, actor, project, [held])[0]
    stale, stored = is_stale(error), stored_values(paper)
    address = f"/projekte/{ident(project)}"
    return page(
        request,
        actor,
        "papers/edit_project.html",
        title="Unterlage bearbeiten",
        status=error.status if error else 200,
        crumbs=(
            *HOME,
            (project.code, address),
            ("Unterlagen", f"{address}/unterlagen"),
            ("Unterlage bearbeiten", None),
        ),
        paper=paper,
        place=f"{address}/unterlagen/{paper_id}",
        back=_place(ident(project), paper_id),
        owners=[],
        stale=stale,
        stored=stored,
        form=form_of({**stored, **(change or {})}, error if change is not None and not stale else None),
        renew=form_of(renew or {}, error if renew is not None else None),
        away=form_of(away or {}, error if away is not None else None),
        **choices(settings),
    )
