"""Documents to download: the agenda of a meeting as PDF, in the edition that its reader may see."""

import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Edition
from app.agenda.rules.reading import edition_of
from app.agenda.rules.words import EDITION_WORDS
from app.agenda.schemas.frozen import AgendaValues, edition, read_values
from app.agenda.service.values import agenda_values, default_as_of
from app.documents.keeping import draw_agenda, keep_agenda_pdf
from app.documents.pdf import Busy
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, CurrentStorage
from app.web.agenda import edition_named
from app.web.calendars import knows
from app.web.respond import page

router = APIRouter()

MEDIA_TYPE = "application/pdf"
RETRY_SECONDS = 5
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}


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
    """The invitation with agenda: the kept bytes of a released edition, or a draft with its watermark.

    The database is left before anything is read from the storage or rendered.
    """
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        values, digest = _wanted(session, actor, meeting, fassung, version)
    if digest and knows(request, f'"{digest}"'):
        return Response(status_code=304, headers=_headers(values, digest))
    try:
        content = keep_agenda_pdf(database, storage, digest) if digest else draw_agenda(values)
    except Busy as busy:
        return _wait(request, actor, busy)
    return Response(content, headers=_headers(values, digest), media_type=MEDIA_TYPE)


def _wanted(
    session: Session, actor: Actor, meeting: Meeting, fassung: str, version: int | None
) -> tuple[AgendaValues, str]:
    """The values to show and the hash under which their bytes are kept ("" for a draft); NotFound where neither is."""
    own = edition_of(actor, meeting.body_id)
    if own is None:
        raise NotFound()
    which = edition_named(actor, meeting, fassung) if fassung else own
    found = queries.find_edition(session, meeting.id or 0, which, version=version)
    if found is not None:
        return read_values(found.content), found.hash
    released = bool(queries.list_releases(session, meeting.id or 0))
    if version is not None or released or not life.reads_draft(actor, meeting):
        raise NotFound()
    if meeting.state is MeetingState.CANCELLED:
        raise NotFound()
    return _draft(session, actor, meeting, which), ""


def _draft(session: Session, actor: Actor, meeting: Meeting, which: Edition) -> AgendaValues:
    as_of = default_as_of(session, meeting, clock.today())
    return edition(agenda_values(session, actor, meeting, as_of=as_of), which)


def _headers(values: AgendaValues, digest: str) -> dict[str, str]:
    headers = {"Content-Disposition": f"inline; {_file_name(values)}"}
    if digest:
        return {**headers, "ETag": f'"{digest}"', "Cache-Control": "private, no-cache"}
    return {**headers, "Cache-Control": "private, no-store"}


def _file_name(values: AgendaValues) -> str:
    """The name in both spellings: plain ASCII for old programs, and as it is written (RFC 6266)."""
    day = values.meeting.starts_at.astimezone(clock.BERLIN).date()
    parts = [values.body.short_name, values.meeting.label, day.isoformat(), "Tagesordnung"]
    if values.edition is not Edition.FULL:
        parts.append(EDITION_WORDS[values.edition])
    parts.append(f"Version {values.version}" if values.version else "Entwurf")
    name = "".join(sign if sign.isalnum() or sign in " .-" else " " for sign in " ".join(parts))
    name = f"{' '.join(name.split())}.pdf"
    spelled = "".join(UMLAUTS.get(sign, sign) for sign in name)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _wait(request: Request, actor: Actor, busy: Busy) -> Response:
    response = page(
        request,
        actor,
        "errors/error.html",
        title="Das Dokument wird erzeugt",
        status=busy.status,
        sentence=busy.sentence,
    )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
