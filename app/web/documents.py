"""Documents to download: the agenda of a meeting as PDF, in the edition that its reader may see."""

import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.actor import Actor
from app.agenda.models import Edition
from app.agenda.rules.words import EDITION_WORDS
from app.agenda.schemas.frozen import AgendaValues
from app.documents.choosing import choose_agenda
from app.documents.keeping import draw_agenda, keep_pdf
from app.documents.pdf import Busy
from app.meetings.queries import get_meeting
from app.request import CurrentActor, CurrentDatabase, CurrentStorage
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
        chosen = choose_agenda(session, actor, meeting, named=fassung, version=version)
    values, digest = chosen.values, chosen.digest
    if digest and knows(request, f'"{digest}"'):
        return Response(status_code=304, headers=_headers(values, digest))
    try:
        content = keep_pdf(database, storage, digest) if digest else draw_agenda(values)
    except Busy as busy:
        return _wait(request, actor, busy)
    return Response(content, headers=_headers(values, digest), media_type=MEDIA_TYPE)


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
