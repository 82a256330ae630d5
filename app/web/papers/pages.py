"""The papers of a meeting: the tab Unterlagen, uploads, the form of one paper, and downloads."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.agenda.service import papers
from app.agenda.service.shown_papers import choose_paper_file, papers_of_item, shown_groups, shown_papers
from app.config import Settings
from app.db import Database, ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale, Unavailable
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.papers.schemas import ShownPaper
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage, ReadSession, Submitted
from app.sending import send_file
from app.text import counted
from app.web.forms import Form, typed
from app.web.meetings.meeting_frame import PAPERS, address_of, lock_run, meeting_page
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
from app.web.respond import done

router = APIRouter()

WHOLE = "sitzung"


@router.get("/sitzungen/{meeting_id}/unterlagen")
def show_papers(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    settings: CurrentSettings,
    punkt: str = "",
) -> Response:
    """Every paper that this reader gets, by item; ``punkt`` names the item that the upload is meant for."""
    meeting = get_meeting(session, actor, meeting_id)
    return papers_page(request, session, actor, settings, meeting, Form({"owner": punkt}))


@router.post("/sitzungen/{meeting_id}/unterlagen")
def upload_papers(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """One or several files for an item or the meeting: looked into, stored, then written, all or none."""
    values = typed(submitted)
    try:
        _require(database, actor, meeting_id)
        wish = wish_of(values)
        files = store(storage, submitted, settings)
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            item = _owner(session, actor, meeting, values.get("owner", ""))
            papers.add_meeting_papers(session, actor, meeting, item, files, wish)
            address = address_of(meeting)
    except (Invalid, Refused, Unavailable) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            form = form_of(values, error)
            return papers_page(request, session, actor, settings, meeting, form, status=error.status)
    said = counted(len(files), "Unterlage liegt bereit", "Unterlagen liegen bereit")
    return done(request, f"{address}/unterlagen#{_anchor(item)}", f"{said}.")


@router.get("/sitzungen/{meeting_id}/unterlagen/{paper_id}")
def download_paper(
    request: Request,
    meeting_id: int,
    paper_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    version: int | None = None,
) -> Response:
    """The file of a paper, in the version that is this reader's."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        file = choose_paper_file(session, actor, meeting, paper_id, version=version)
    return send_file(request, storage, file)


@router.get("/sitzungen/{meeting_id}/unterlagen/{paper_id}/bearbeiten")
def edit_paper(
    request: Request,
    meeting_id: int,
    paper_id: int,
    session: ReadSession,
    actor: CurrentActor,
    settings: CurrentSettings,
) -> Response:
    """The form of one paper."""
    meeting = get_meeting(session, actor, meeting_id)
    return _paper_page(request, session, actor, settings, meeting, paper_id)


@router.post("/sitzungen/{meeting_id}/unterlagen/{paper_id}/bearbeiten")
def update_paper(
    request: Request,
    meeting_id: int,
    paper_id: int,
    database: CurrentDatabase,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save title, kind, level, further fields, and where the paper hangs."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting, there = _lock(session, actor, meeting_id, paper_id)
            papers.change_meeting_paper(session, actor, meeting, paper_id, change_of(values), expected=seen(values))
            owner = _owner(session, actor, meeting, values["owner"]) if "owner" in values else there.item
            papers.transfer_meeting_paper(session, actor, meeting, paper_id, owner)
            address = f"{address_of(meeting)}/unterlagen#unterlage-{paper_id}"
    except (Invalid, Refused, Stale) as error:
        return _paper_again(request, database, actor, settings, meeting_id, paper_id, error, change=values)
    return done(request, address, "Die Unterlage ist gespeichert.")


@router.post("/sitzungen/{meeting_id}/unterlagen/{paper_id}/version")
def upload_paper_version(
    request: Request,
    meeting_id: int,
    paper_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """A new file of the same paper."""
    try:
        _require(database, actor, meeting_id, paper_id)
        file = stored_one(storage, submitted, settings)
        with database.write() as session:
            meeting, _ = _lock(session, actor, meeting_id, paper_id)
            made = papers.add_meeting_paper_version(session, actor, meeting, paper_id, file)
            address, number = f"{address_of(meeting)}/unterlagen#unterlage-{paper_id}", made.version
    except (Invalid, Refused, Unavailable) as error:
        return _paper_again(request, database, actor, settings, meeting_id, paper_id, error, renew=typed(submitted))
    return done(request, address, f"Version {number} liegt bereit.")


@router.post("/sitzungen/{meeting_id}/unterlagen/{paper_id}/verschieben")
def move_paper(
    request: Request,
    meeting_id: int,
    paper_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """One place up or down among the papers of its item."""
    with database.write() as session:
        meeting, _ = _lock(session, actor, meeting_id, paper_id)
        papers.move_meeting_paper(session, actor, meeting, paper_id, steps=steps_of(typed(submitted)))
        address = f"{address_of(meeting)}/unterlagen#unterlage-{paper_id}"
    return done(request, address)


@router.post("/sitzungen/{meeting_id}/unterlagen/{paper_id}/zurueckziehen")
def withdraw_paper(
    request: Request,
    meeting_id: int,
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
            meeting, _ = _lock(session, actor, meeting_id, paper_id)
            papers.withdraw_meeting_paper(session, actor, meeting, paper_id, reason_of(values))
            address = f"{address_of(meeting)}/unterlagen#unterlage-{paper_id}"
    except (Invalid, Refused) as error:
        return _paper_again(request, database, actor, settings, meeting_id, paper_id, error, away=values)
    return done(request, address, "Die Unterlage ist zurückgezogen.")


def papers_page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    meeting: Meeting,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    """The tab Unterlagen."""
    run = life.may_run(actor, meeting)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "papers/meeting.html",
        tab=PAPERS,
        status=status,
        groups=shown_groups(session, actor, meeting),
        may_upload=run and meeting.state is not MeetingState.CANCELLED,
        owners=_owners(session, actor, meeting) if run else [],
        form=form,
        **choices(settings),
    )


def section_of_item(
    session: Session, actor: Actor, settings: Settings, meeting: Meeting, item: AgendaItem
) -> dict[str, Any]:
    """What the section "Unterlagen" on the form of an item needs (``agenda/_papers.html``)."""
    return {"papers": papers_of_item(session, actor, meeting, item), **choices(settings)}


def _require(database: Database, actor: Actor, meeting_id: int, paper_id: int | None = None) -> None:
    """Ask for the right before any file is looked into."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        if paper_id is not None:
            papers.find_paper(session, actor, meeting, paper_id)
        papers.require_papers(actor, meeting)


def _lock(session: Session, actor: Actor, meeting_id: int, paper_id: int) -> tuple[Meeting, papers.Found]:
    """Meeting and paper for writing: what the actor does not see is unknown, what they may not change is forbidden."""
    meeting = lock_meeting(session, actor, meeting_id)
    found = papers.find_paper(session, actor, meeting, paper_id)
    papers.require_papers(actor, meeting)
    return meeting, found


def _owner(session: Session, actor: Actor, meeting: Meeting, named: str) -> AgendaItem | None:
    """The item that the form names, None for the meeting as a whole."""
    if named in ("", WHOLE):
        return None
    if named.isdecimal() and len(named) < 10:
        try:
            return get_item(session, actor, ident(meeting), int(named))
        except NotFound:
            pass
    raise Invalid({"owner": "Diesen Tagesordnungspunkt gibt es nicht mehr. Bitte wählen Sie neu."})


def _owners(session: Session, actor: Actor, meeting: Meeting) -> list[tuple[str, str]]:
    items = papers.placed_items(session, actor, meeting)
    return [
        (WHOLE, "Sitzung insgesamt"),
        *((str(ident(one.item)), f"TOP {one.number} {one.item.title}"[:120]) for one in items),
    ]


def _anchor(item: AgendaItem | None) -> str:
    return f"punkt-{ident(item)}" if item is not None else "punkt-0"


def _paper_again(
    request: Request,
    database: Database,
    actor: Actor,
    settings: Settings,
    meeting_id: int,
    paper_id: int,
    error: SkipError,
    **forms: Mapping[str, str],
) -> Response:
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        return _paper_page(request, session, actor, settings, meeting, paper_id, error, **forms)


def _paper_page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    meeting: Meeting,
    paper_id: int,
    error: SkipError | None = None,
    *,
    change: Mapping[str, str] | None = None,
    renew: Mapping[str, str] | None = None,
    away: Mapping[str, str] | None = None,
) -> Response:
    paper = _shown(session, actor, meeting, paper_id)
    if not life.may_run(actor, meeting):
        raise Forbidden()
    stale = is_stale(error)
    stored = {**stored_values(paper), "owner": str(paper.item_id or WHOLE)}
    address = f"{address_of(meeting)}/unterlagen"
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "papers/edit.html",
        title="Unterlage bearbeiten",
        status=error.status if error else 200,
        paper=paper,
        place=f"{address}/{paper_id}",
        back=f"{address}#unterlage-{paper_id}",
        owners=_owners(session, actor, meeting),
        stale=stale,
        stored=stored,
        form=form_of({**stored, **(change or {})}, error if change is not None and not stale else None),
        renew=form_of(renew or {}, error if renew is not None else None),
        away=form_of(away or {}, error if away is not None else None),
        **choices(settings),
    )


def _shown(session: Session, actor: Actor, meeting: Meeting, paper_id: int) -> ShownPaper:
    found = next((one for one in shown_papers(session, actor, meeting) if one.id == paper_id), None)
    if found is None:
        raise NotFound()
    return found
