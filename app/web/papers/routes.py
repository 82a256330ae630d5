"""The addresses of papers, the same below every holder: list, upload, download, and the forms of one paper."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.actor import Actor
from app.config import Settings
from app.db import Database
from app.errors import Invalid, Refused, SkipError, Stale, Unavailable
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage, ReadSession, Submitted
from app.sending import send_file
from app.web.forms import Form, typed
from app.web.papers.desk import Desk, show_form, show_list
from app.web.papers.paper_forms import change_of, form_of, reason_of, seen, steps_of, store, stored_one, wish_of
from app.web.respond import done


def paper_routes(path: str, desk: Callable[..., Desk]) -> APIRouter:
    """The routes below *path*, whose parameters *desk* reads."""
    router = APIRouter()
    read(router, path, desk)
    add(router, path, desk)
    change(router, path, desk)
    return router


def read(router: APIRouter, path: str, desk: Callable[..., Desk]) -> None:
    """List, download, and the form of one paper."""

    @router.get(path)
    def show_papers(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        session: ReadSession,
        actor: CurrentActor,
        settings: CurrentSettings,
        punkt: str = "",
    ) -> Response:
        """Every paper that this reader gets; ``punkt`` names the part of the holder that the upload is meant for."""
        return show_list(request, session, actor, settings, at, Form({"owner": punkt}))

    @router.get(f"{path}/{{paper_id}}")
    def download_paper(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        paper_id: int,
        database: CurrentDatabase,
        storage: CurrentStorage,
        actor: CurrentActor,
        version: int | None = None,
    ) -> Response:
        """The file of a paper, in the version that is this reader's."""
        with database.read() as session:
            file = at.open(session, actor).file(paper_id, version)
        return send_file(request, storage, file)

    @router.get(f"{path}/{{paper_id}}/bearbeiten")
    def edit_paper(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        paper_id: int,
        session: ReadSession,
        actor: CurrentActor,
        settings: CurrentSettings,
    ) -> Response:
        """The form of one paper."""
        return show_form(request, session, actor, settings, at, paper_id)


def add(router: APIRouter, path: str, desk: Callable[..., Desk]) -> None:
    """New papers, and new files of a paper: looked into, stored, then written, all or none."""

    @router.post(path)
    def upload_papers(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        database: CurrentDatabase,
        storage: CurrentStorage,
        settings: CurrentSettings,
        actor: CurrentActor,
        submitted: Submitted,
    ) -> Response:
        """One or several files for the holder, or for the part of it that the form names."""
        values = typed(submitted)
        _require(database, actor, at)
        try:
            wish = wish_of(values)
            files = store(storage, submitted, settings)
            with database.write() as session:
                holder = at.open(session, actor, lock=True)
                place = at.owner_of(holder, values.get("owner", ""))
                holder.add(files, wish, place)
                address, said = f"{at.address}{at.behind(place)}", at.said(holder, len(files))
        except (Invalid, Refused, Unavailable) as error:
            with database.read() as session:
                form = form_of(values, error)
                return show_list(request, session, actor, settings, at, form, status=error.status)
        return done(request, address, said)

    @router.post(f"{path}/{{paper_id}}/version")
    def upload_paper_version(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        paper_id: int,
        database: CurrentDatabase,
        storage: CurrentStorage,
        settings: CurrentSettings,
        actor: CurrentActor,
        submitted: Submitted,
    ) -> Response:
        """A new file of the same paper."""
        _require(database, actor, at, paper_id)
        try:
            file = stored_one(storage, submitted, settings)
            with database.write() as session:
                number = at.open(session, actor, lock=True).add_version(paper_id, file).version
        except (Invalid, Refused, Unavailable) as error:
            return _again(request, database, actor, settings, at, paper_id, error, renew=typed(submitted))
        return done(request, at.at(paper_id), f"Version {number} liegt bereit.")


def change(router: APIRouter, path: str, desk: Callable[..., Desk]) -> None:
    """Change, order, withdraw."""

    @router.post(f"{path}/{{paper_id}}/bearbeiten")
    def update_paper(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        paper_id: int,
        database: CurrentDatabase,
        settings: CurrentSettings,
        actor: CurrentActor,
        submitted: Submitted,
    ) -> Response:
        """Save title, kind, level, further fields, and (where the form says so) where the paper hangs."""
        values = typed(submitted)
        _require(database, actor, at, paper_id)
        try:
            with database.write() as session:
                holder = at.open(session, actor, lock=True)
                holder.change(paper_id, change_of(values), expected=seen(values))
                if "owner" in values:
                    holder.transfer(paper_id, at.owner_of(holder, values["owner"]))
        except (Invalid, Refused, Stale) as error:
            return _again(request, database, actor, settings, at, paper_id, error, change=values)
        return done(request, at.at(paper_id), "Die Unterlage ist gespeichert.")

    @router.post(f"{path}/{{paper_id}}/verschieben")
    def move_paper(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        paper_id: int,
        database: CurrentDatabase,
        actor: CurrentActor,
        submitted: Submitted,
    ) -> Response:
        """One place up or down."""
        _require(database, actor, at, paper_id)
        with database.write() as session:
            at.open(session, actor, lock=True).move(paper_id, steps=steps_of(typed(submitted)))
        return done(request, at.at(paper_id))

    @router.post(f"{path}/{{paper_id}}/zurueckziehen")
    def withdraw_paper(
        request: Request,
        at: Annotated[Desk, Depends(desk)],
        paper_id: int,
        database: CurrentDatabase,
        settings: CurrentSettings,
        actor: CurrentActor,
        submitted: Submitted,
    ) -> Response:
        """Withdraw a paper, with the reason."""
        values = typed(submitted)
        with database.read() as session:
            holder = at.open(session, actor)
            holder.find(paper_id)
            holder.require_withdraw()
        try:
            with database.write() as session:
                at.open(session, actor, lock=True).withdraw(paper_id, reason_of(values))
        except (Invalid, Refused) as error:
            return _again(request, database, actor, settings, at, paper_id, error, away=values)
        return done(request, at.at(paper_id), "Die Unterlage ist zurückgezogen.")


def _require(database: Database, actor: Actor, at: Desk, paper_id: int | None = None) -> None:
    """Ask for the right before anything that was sent is looked into."""
    with database.read() as session:
        holder = at.open(session, actor)
        if paper_id is not None:
            holder.find(paper_id)
        holder.require_change()


def _again(
    request: Request,
    database: Database,
    actor: Actor,
    settings: Settings,
    at: Desk,
    paper_id: int,
    error: SkipError,
    **forms: Mapping[str, str],
) -> Response:
    with database.read() as session:
        return show_form(request, session, actor, settings, at, paper_id, error, **forms)
