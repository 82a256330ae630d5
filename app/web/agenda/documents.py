"""Documents to download as PDF: the agenda of a meeting, its changes, all in one; in the edition of the reader."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.actor import Actor
from app.agenda.models import Edition
from app.agenda.rules.reading import key_of
from app.agenda.schemas.changes import ChangesValues
from app.agenda.schemas.frozen import AgendaValues
from app.db import Database
from app.documents.changes import render_changes
from app.documents.choosing import choose_agenda, choose_changes, choose_next_agenda
from app.documents.keeping import draw_agenda, keep_pdf
from app.documents.pack_keeping import keep_pack
from app.documents.pack_values import choose_pack
from app.documents.pdf import Busy
from app.meetings.queries import get_meeting
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage
from app.sending import knows
from app.storage import Storage
from app.web.downloads import PDF, file_headers, wait_page

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/tagesordnung.pdf")
def download_agenda(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """The invitation with agenda: the kept bytes of a released edition, or a draft with its watermark."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        chosen = choose_agenda(session, actor, meeting, named=fassung, version=version)
    headers = _headers(chosen.values, "Tagesordnung", chosen.digest)
    return served(request, database, storage, actor, chosen.digest, headers, lambda: draw_agenda(chosen.values))


@router.get("/sitzungen/{meeting_id}/nachtrag.pdf")
def download_next_agenda(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    fassung: str = "",
) -> Response:
    """The agenda as a supplement would release it now, as a draft."""
    with database.read() as session:
        chosen = choose_next_agenda(session, actor, get_meeting(session, actor, meeting_id), named=fassung)
    headers = _headers(chosen.values, "Nachtrag", "")
    return served(request, database, storage, actor, "", headers, lambda: draw_agenda(chosen.values))


@router.get("/sitzungen/{meeting_id}/aenderungen.pdf")
def download_changes(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """The sheet of changes of a supplement: kept bytes."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        chosen = choose_changes(session, actor, meeting, named=fassung, version=version)
    headers = _headers(chosen.values, "Änderungsübersicht", chosen.digest)
    return served(request, database, storage, actor, chosen.digest, headers, lambda: render_changes(chosen.values))


@router.get("/sitzungen/{meeting_id}/sitzungsmappe.pdf")
def download_pack(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """Everything in one PDF: contents, agenda and the papers that the reader may take along."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        chosen, values = choose_pack(
            session, actor, meeting, base_url=settings.base_url, named=fassung, version=version
        )
    headers = _headers(chosen.values, "Sitzungsmappe", values.content_hash)
    if knows(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        content = keep_pack(database, storage, meeting_id, chosen, values)
    except Busy as busy:
        return wait_page(request, actor, busy)
    return Response(content, headers=headers, media_type=PDF)


def served(
    request: Request,
    database: Database,
    storage: Storage,
    actor: Actor,
    digest: str,
    headers: dict[str, str],
    draw: Callable[[], bytes],
) -> Response:
    """The kept bytes of *digest*, or ("") what *draw* makes now.

    The database was left before: nothing is read from the storage or rendered while a session is open.
    """
    if digest and knows(request, f'"{digest}"'):
        return Response(status_code=304, headers=headers)
    try:
        content = keep_pdf(database, storage, digest) if digest else draw()
    except Busy as busy:
        return wait_page(request, actor, busy)
    return Response(content, headers=headers, media_type=PDF)


def _headers(values: AgendaValues | ChangesValues, document: str, digest: str) -> dict[str, str]:
    day = values.meeting.starts_at.astimezone(clock.BERLIN).date()
    parts = [values.body.short_name, values.meeting.label, day.isoformat(), document]
    if values.edition is not Edition.FULL:
        parts.append(key_of(values.edition, values.guest).word)
    parts.append(f"Version {values.version}" if values.version else "Entwurf")
    return file_headers(*parts, ending="pdf", digest=digest)
