"""The operations on papers, the same below every holder: list, upload, renew, change, order, withdraw, download."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData

from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.papers import ABOUT_FILES, FILE, PaperOut, multipart, paper_out
from app.api.schemas.thing import Id, Listing
from app.api.uploads import KEY, created_all, once_of, only_file, stored_files, wish_of
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import Database, ident
from app.errors import Invalid, NotFound
from app.papers.schemas import PaperChange, Place, WithdrawIn
from app.papers.service.holder import PaperHolder
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
from app.validation import RowId

NO_ITEMS = "Punkte gibt es nur bei Sitzungen."


class PaperPatch(PaperChange):
    """Fields to change; ``position`` counts from 1; ``item`` (of a meeting alone): null lays the paper at the whole."""

    item: RowId | None = None
    position: int | None = Field(default=None, ge=1, le=1000)


class Shelf(ABC):
    """Where programs find the papers of one holder."""

    @abstractmethod
    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> PaperHolder:
        """The holder, with *lock* for a change."""

    @abstractmethod
    def above(self) -> dict[str, int]:
        """The holder as ``paper_out`` names it."""

    def upload_place(self, holder: Any, submitted: FormData) -> Place:  # noqa: ARG002 - most holders have no parts
        """Where uploaded files go."""
        return holder.place  # type: ignore[no-any-return]

    def item_place(self, holder: Any, item_id: int | None) -> Place:  # noqa: ARG002 - most holders have no parts
        """The place that a change names; Invalid where there are no items."""
        raise Invalid({"item": NO_ITEMS})

    def papers(self, holder: PaperHolder) -> list[PaperOut]:
        """The papers that programs get; what a guest sees on the page only is left out (domain §6)."""
        return [paper_out(one, **self.above()) for one in holder.shown() if not one.page_only]

    def find(self, holder: PaperHolder, paper_id: int) -> PaperOut:
        """One of them; NotFound for unknown and invisible alike."""
        found = next((one for one in self.papers(holder) if one.id == paper_id), None)
        if found is None:
            raise NotFound()
        return found

    def page(self, request: Request, query: ListQuery, found: list[PaperOut]) -> Response:
        """A page of papers in their order."""
        places = {one.id: place for place, one in enumerate(found)}
        page, following = Walk(request, query).cut(found, lambda one: (places[one.id],))
        return listed(page, following)


def paper_routes(
    path: str, shelf: Callable[..., Shelf], *, of: str, about: dict[str, dict[str, Any]] | None = None
) -> APIRouter:
    """The operations below *path*, whose parameters *shelf* reads; *of*: whose papers they are, in words.

    *about* describes fields of an upload beside those of the files.
    """
    router = APIRouter(prefix=path, tags=["Unterlagen"])
    read(router, shelf, of)
    add(router, shelf, of, about or {})
    renew(router, shelf, of)
    change(router, shelf, of)
    return router


def read(router: APIRouter, shelf: Callable[..., Shelf], of: str) -> None:
    """List, one paper, its file."""

    @router.get("", response_model=Listing[PaperOut], summary=f"Unterlagen {of}")
    def list_them(
        at: Annotated[Shelf, Depends(shelf)],
        request: Request,
        session: ReadSession,
        actor: CurrentActor,
        query: Annotated[ListQuery, Query()],
    ) -> Response:
        """The papers that are yours to read, in their order."""
        return at.page(request, query, at.papers(at.open(session, actor)))

    @router.get("/{paper_id}", response_model=PaperOut, summary=f"Eine Unterlage {of}")
    def show_paper(
        at: Annotated[Shelf, Depends(shelf)], paper_id: Id, session: ReadSession, actor: CurrentActor
    ) -> Response:
        """One paper, from the same source as the list."""
        return shown(at.find(at.open(session, actor), paper_id))

    @router.get("/{paper_id}/file", response_class=Response, responses=FILE, summary=f"Datei einer Unterlage {of}")
    def download(
        at: Annotated[Shelf, Depends(shelf)],
        paper_id: Id,
        request: Request,
        database: CurrentDatabase,
        storage: CurrentStorage,
        actor: CurrentActor,
        version: int | None = None,
    ) -> Response:
        """The bytes of the named version, else of the newest that is yours."""
        with database.read() as session:
            file = at.open(session, actor).file(paper_id, version)
        return send_file(request, storage, file)


def add(router: APIRouter, shelf: Callable[..., Shelf], of: str, about: dict[str, dict[str, Any]]) -> None:
    """New papers."""

    @router.post(
        "",
        response_model=Listing[PaperOut],
        status_code=201,
        summary=f"Unterlagen {of} hochladen",
        openapi_extra=multipart(**ABOUT_FILES, **about),
    )
    def upload(
        at: Annotated[Shelf, Depends(shelf)],
        request: Request,
        database: CurrentDatabase,
        storage: CurrentStorage,
        settings: CurrentSettings,
        actor: CurrentActor,
        submitted: Submitted,
        idempotency_key: KEY = None,
    ) -> Response:
        """One or several files at once, all or none; the answer lists what they became and is yours to see."""
        _require(database, actor, at)
        wish = wish_of(submitted, *about)
        files = stored_files(storage, submitted, settings)
        once = once_of(request, actor, idempotency_key, submitted, files)
        with database.write() as session:

            def act() -> list[PaperOut]:
                holder = at.open(session, actor, lock=True)
                ids = {ident(one) for one in holder.add(files, wish, at.upload_place(holder, submitted))}
                return [one for one in at.papers(holder) if one.id in ids]

            return created_all(session, once, act)


def renew(router: APIRouter, shelf: Callable[..., Shelf], of: str) -> None:
    """New files of a paper."""

    @router.post(
        "/{paper_id}/versions",
        response_model=PaperOut,
        status_code=201,
        summary=f"Neue Version einer Unterlage {of} hochladen",
        openapi_extra=multipart(),
    )
    def upload_version(
        at: Annotated[Shelf, Depends(shelf)],
        paper_id: Id,
        request: Request,
        database: CurrentDatabase,
        storage: CurrentStorage,
        settings: CurrentSettings,
        actor: CurrentActor,
        submitted: Submitted,
        idempotency_key: KEY = None,
    ) -> Response:
        """A new file of the same paper; earlier ones stay."""
        _require(database, actor, at, paper_id)
        file = only_file(stored_files(storage, submitted, settings))
        once = once_of(request, actor, idempotency_key, submitted, [file])
        with database.write() as session:

            def act() -> PaperHolder:
                holder = at.open(session, actor, lock=True)
                holder.add_version(paper_id, file)
                return holder

            return once.created(session, act, lambda holder: at.find(holder, paper_id))


def change(router: APIRouter, shelf: Callable[..., Shelf], of: str) -> None:
    """Change, order, withdraw."""

    @router.patch("/{paper_id}", response_model=PaperOut, summary=f"Unterlage {of} ändern oder verschieben")
    def update(
        at: Annotated[Shelf, Depends(shelf)],
        paper_id: Id,
        session: WriteSession,
        actor: CurrentActor,
        seen: MustHaveSeen,
        wish: PaperPatch,
    ) -> Response:
        """Change the given fields, the item or the position. If-Match is the paper's version."""

        def act() -> PaperHolder:
            holder = _lock(at, session, actor, paper_id, seen)
            given = wish.model_dump(exclude_unset=True, exclude={"item", "position"})
            holder.change(paper_id, PaperChange(**given))
            if "item" in wish.model_fields_set:
                holder.transfer(paper_id, at.item_place(holder, wish.item))
            if wish.position is not None:
                place = at.find(holder, paper_id).position
                holder.move(paper_id, steps=wish.position - place)
            return holder

        return changed(session, act, lambda holder: at.find(holder, paper_id))

    @router.post("/{paper_id}/withdraw", response_model=PaperOut, summary=f"Unterlage {of} zurückziehen")
    def withdraw(
        at: Annotated[Shelf, Depends(shelf)],
        paper_id: Id,
        session: WriteSession,
        actor: CurrentActor,
        once: SentOnce,
        seen: MaybeSeen,
        wish: WithdrawIn,
    ) -> Response:
        """Close the paper's files, also earlier ones, and also where they were released."""

        def act() -> PaperHolder:
            holder = _lock(at, session, actor, paper_id, seen)
            holder.withdraw(paper_id, wish)
            return holder

        return once.done(session, act, lambda holder: at.find(holder, paper_id))


def _require(database: Database, actor: Actor, at: Shelf, paper_id: int | None = None) -> None:
    """Ask for the right before anything that was sent is looked into."""
    with database.read() as session:
        holder = at.open(session, actor)
        if paper_id is not None:
            at.find(holder, paper_id)
        holder.require_change()


def _lock(at: Shelf, session: Session, actor: Actor, paper_id: int, seen: Seen) -> PaperHolder:
    """The holder for writing: what the actor does not see is unknown, what they may not change is forbidden."""
    holder = at.open(session, actor, lock=True)
    visible = at.find(holder, paper_id)
    holder.require_change()
    seen.check(visible.version, lambda: visible)
    return holder
