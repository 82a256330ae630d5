"""Papers of a meeting and of its items: list, upload, new version, change, move, withdraw, download."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.agenda.service import papers
from app.agenda.service.shown_papers import choose_paper_file, shown_papers
from app.api.agenda_items import find_item
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.papers import ABOUT_FILES, FILE, ITEM, PaperOut, multipart, paper_out
from app.api.schemas.thing import Id, Listing
from app.api.uploads import KEY, created_all, number_in, once_of, only_file, stored_files, wish_of
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import Database, ident
from app.errors import Invalid, NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.papers.schemas import PaperChange, StoredFile, WithdrawIn
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

router = APIRouter(prefix="/meetings/{meeting_id}", tags=["Unterlagen"])


class PaperPatch(PaperChange):
    """Fields to change; ``position`` counts from 1; ``item`` null lays the paper at the meeting as a whole."""

    item: RowId | None = None
    position: int | None = Field(default=None, ge=1, le=1000)


@router.get("/papers", response_model=Listing[PaperOut], summary="Unterlagen einer Sitzung")
def list_them(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The papers of the meeting and of its items that are yours to read, in the order of the agenda."""
    return _listed(request, query, _papers(session, actor, get_meeting(session, actor, meeting_id)))


@router.get("/agenda-items/{item_id}/papers", response_model=Listing[PaperOut], summary="Unterlagen eines Punktes")
def list_of_item(
    meeting_id: Id,
    item_id: Id,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    query: Annotated[ListQuery, Query()],
) -> Response:
    """The papers of one item."""
    meeting = get_meeting(session, actor, meeting_id)
    item = find_item(session, actor, meeting, item_id)
    return _listed(request, query, [one for one in _papers(session, actor, meeting) if one.item == item.id])


@router.get("/papers/{paper_id}", response_model=PaperOut, summary="Eine Unterlage")
def show_paper(meeting_id: Id, paper_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One paper, from the same source as the list."""
    return shown(_find(session, actor, get_meeting(session, actor, meeting_id), paper_id))


@router.get("/papers/{paper_id}/file", response_class=Response, responses=FILE, summary="Datei einer Unterlage")
def download(
    meeting_id: Id,
    paper_id: Id,
    request: Request,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    version: int | None = None,
) -> Response:
    """The bytes of the named version, else of the newest that is yours."""
    with database.read() as session:
        file = choose_paper_file(session, actor, get_meeting(session, actor, meeting_id), paper_id, version=version)
    return send_file(request, storage, file)


@router.post(
    "/papers",
    response_model=Listing[PaperOut],
    status_code=201,
    summary="Unterlagen hochladen",
    openapi_extra=multipart(**ABOUT_FILES, **ITEM),
)
def upload(
    meeting_id: Id,
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
        papers.require_papers(actor, get_meeting(session, actor, meeting_id))
    item_id = number_in(submitted, "item")
    wish = wish_of(submitted, "item")
    files = stored_files(storage, submitted, settings)
    once = once_of(request, actor, idempotency_key, submitted, files)
    with database.write() as session:

        def act() -> list[PaperOut]:
            meeting = lock_meeting(session, actor, meeting_id)
            item = _item(session, actor, meeting, item_id)
            made = papers.add_meeting_papers(session, actor, meeting, item, files, wish)
            ids = {ident(one) for one in made}
            return [one for one in _papers(session, actor, meeting) if one.id in ids]

        return created_all(session, once, act)


@router.post(
    "/agenda-items/{item_id}/papers",
    response_model=Listing[PaperOut],
    status_code=201,
    summary="Unterlagen zu einem Punkt hochladen",
    openapi_extra=multipart(**ABOUT_FILES),
)
def upload_to_item(
    meeting_id: Id,
    item_id: Id,
    request: Request,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
    idempotency_key: KEY = None,
) -> Response:
    """The same for one item."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        find_item(session, actor, meeting, item_id)
        papers.require_papers(actor, meeting)
    wish = wish_of(submitted)
    files = stored_files(storage, submitted, settings)
    once = once_of(request, actor, idempotency_key, submitted, files)
    with database.write() as session:

        def act() -> list[PaperOut]:
            meeting = lock_meeting(session, actor, meeting_id)
            item = get_item(session, actor, meeting_id, item_id)
            made = papers.add_meeting_papers(session, actor, meeting, item, files, wish)
            ids = {ident(one) for one in made}
            return [one for one in _papers(session, actor, meeting) if one.id in ids]

        return created_all(session, once, act)


@router.post(
    "/papers/{paper_id}/versions",
    response_model=PaperOut,
    status_code=201,
    summary="Neue Version hochladen",
    openapi_extra=multipart(),
)
def upload_version(
    meeting_id: Id,
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
    _require_paper(database, actor, meeting_id, paper_id)
    file: StoredFile = only_file(stored_files(storage, submitted, settings))
    once = once_of(request, actor, idempotency_key, submitted, [file])
    with database.write() as session:

        def act() -> Meeting:
            meeting = lock_meeting(session, actor, meeting_id)
            papers.add_meeting_paper_version(session, actor, meeting, paper_id, file)
            return meeting

        return once.created(session, act, lambda meeting: _find(session, actor, meeting, paper_id))


@router.patch("/papers/{paper_id}", response_model=PaperOut, summary="Unterlage ändern oder verschieben")
def update(
    meeting_id: Id, paper_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: PaperPatch
) -> Response:
    """Change the given fields, the item or the position. If-Match is the paper's version."""

    def act() -> Meeting:
        meeting, found = _lock(session, actor, meeting_id, paper_id, seen)
        given = wish.model_dump(exclude_unset=True, exclude={"item", "position"})
        papers.change_meeting_paper(session, actor, meeting, paper_id, PaperChange(**given))
        if "item" in wish.model_fields_set:
            item = _item(session, actor, meeting, wish.item)
            papers.transfer_meeting_paper(session, actor, meeting, paper_id, item)
        if wish.position is not None:
            place = _find(session, actor, meeting, found.id).position
            papers.move_meeting_paper(session, actor, meeting, paper_id, steps=wish.position - place)
        return meeting

    return changed(session, act, lambda meeting: _find(session, actor, meeting, paper_id))


@router.post("/papers/{paper_id}/withdraw", response_model=PaperOut, summary="Unterlage zurückziehen")
def withdraw(
    meeting_id: Id,
    paper_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: WithdrawIn,
) -> Response:
    """Nobody but the readers of drafts gets its files any more."""

    def act() -> Meeting:
        meeting, _ = _lock(session, actor, meeting_id, paper_id, seen)
        papers.withdraw_meeting_paper(session, actor, meeting, paper_id, wish)
        return meeting

    return once.done(session, act, lambda meeting: _find(session, actor, meeting, paper_id))


def _listed(request: Request, query: ListQuery, found: Sequence[PaperOut]) -> Response:
    walk = Walk(request, query)
    places = {one.id: place for place, one in enumerate(found)}
    page, following = walk.cut(found, lambda one: (places[one.id],))
    return listed(page, following)


def _papers(session: Session, actor: Actor, meeting: Meeting) -> list[PaperOut]:
    """Guests see confidential papers on the page only (domain §6), so they are left out here."""
    return [
        paper_out(one, meeting=ident(meeting)) for one in shown_papers(session, actor, meeting) if not one.page_only
    ]


def _find(session: Session, actor: Actor, meeting: Meeting, paper_id: int) -> PaperOut:
    found = next((one for one in _papers(session, actor, meeting) if one.id == paper_id), None)
    if found is None:
        raise NotFound()
    return found


def _item(session: Session, actor: Actor, meeting: Meeting, item_id: int | None) -> AgendaItem | None:
    if item_id is None:
        return None
    try:
        return get_item(session, actor, ident(meeting), item_id)
    except NotFound:
        raise Invalid({"item": f"Einen Punkt mit der Kennung {item_id} gibt es nicht."}) from None


def _require_paper(database: Database, actor: Actor, meeting_id: int, paper_id: int) -> None:
    """Ask for the right before any file is looked into."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        _find(session, actor, meeting, paper_id)
        papers.require_papers(actor, meeting)


def _lock(session: Session, actor: Actor, meeting_id: int, paper_id: int, seen: Seen) -> tuple[Meeting, PaperOut]:
    """Meeting and paper for writing: what the actor does not see is unknown, what they may not change is forbidden."""
    meeting = lock_meeting(session, actor, meeting_id)
    visible = _find(session, actor, meeting, paper_id)
    papers.require_papers(actor, meeting)
    seen.check(visible.version, lambda: visible)
    return meeting, visible
