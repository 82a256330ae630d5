"""Documents to download: the agenda of a meeting as PDF, in the edition that its reader may see."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.agenda.models import Edition
from app.agenda.rules.words import EDITION_WORDS
from app.agenda.schemas.frozen import AgendaValues
from app.documents.choosing import choose_agenda
from app.documents.keeping import draw_agenda, keep_pdf
from app.documents.pdf import Busy
from app.meetings.queries import get_meeting
from app.request import CurrentActor, CurrentDatabase, CurrentStorage
from app.web.calendars import knows
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
        return wait_page(request, actor, busy)
    return Response(content, headers=_headers(values, digest), media_type=PDF)


def _headers(values: AgendaValues, digest: str) -> dict[str, str]:
    day = values.meeting.starts_at.astimezone(clock.BERLIN).date()
    parts = [values.body.short_name, values.meeting.label, day.isoformat(), "Tagesordnung"]
    if values.edition is not Edition.FULL:
        parts.append(EDITION_WORDS[values.edition])
    parts.append(f"Version {values.version}" if values.version else "Entwurf")
    return file_headers(*parts, ending="pdf", digest=digest)
