"""Minutes to download: PDF of every version and edition, addenda as annexes, DOCX of the draft."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.agenda.models import Edition
from app.agenda.rules.words import EDITION_WORDS
from app.clock import BERLIN
from app.documents import office
from app.documents.minutes import render_minutes
from app.documents.minutes_choosing import choose_addendum, choose_minutes, find_record
from app.documents.minutes_office import minutes_docx
from app.minutes.schemas.frozen import AddendumValues, MinutesValues
from app.request import CurrentActor, CurrentDatabase, CurrentStorage
from app.web.agenda.documents import served
from app.web.downloads import file_headers

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/niederschrift.pdf")
def download_minutes(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """The kept bytes of a version that was sent or approved, or the working copy (0) with its watermark."""
    with database.read() as session:
        meeting, minutes = find_record(session, actor, meeting_id)
        chosen = choose_minutes(session, actor, meeting, minutes, named=fassung, version=version)
    headers = file_headers(*_name(chosen.values), ending="pdf", digest=chosen.digest)
    return served(request, database, storage, actor, chosen.digest, headers, lambda: render_minutes(chosen.values))


@router.get("/sitzungen/{meeting_id}/niederschrift.docx")
def download_minutes_docx(meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The working copy for those who finish it by hand."""
    with database.read() as session:
        meeting, minutes = find_record(session, actor, meeting_id)
        values = choose_minutes(session, actor, meeting, minutes, version=0).values
    headers = file_headers(*_name(values), ending="docx")
    return Response(minutes_docx(values), headers=headers, media_type=office.MEDIA_TYPE)


@router.get("/sitzungen/{meeting_id}/niederschrift/nachtraege/{serial:int}.pdf")
def download_addendum(
    request: Request,
    meeting_id: int,
    serial: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    fassung: str = "",
) -> Response:
    """An addendum as an annex of its own: kept bytes."""
    with database.read() as session:
        meeting, minutes = find_record(session, actor, meeting_id)
        chosen = choose_addendum(session, actor, meeting, minutes, serial, named=fassung)
    headers = file_headers(*_addendum_name(chosen.values), ending="pdf", digest=chosen.digest)
    return served(request, database, storage, actor, chosen.digest, headers, bytes)


def _name(values: MinutesValues) -> list[str]:
    day = values.meeting.starts_at.astimezone(BERLIN).date()
    parts = [values.body.short_name, values.meeting.label, day.isoformat(), "Niederschrift"]
    if values.edition is not Edition.FULL:
        parts.append(EDITION_WORDS[values.edition])
    return [*parts, f"Version {values.version}" if values.version else "Entwurf"]


def _addendum_name(values: AddendumValues) -> list[str]:
    day = values.meeting.starts_at.astimezone(BERLIN).date()
    name = f"Niederschrift Nachtrag {values.serial}"
    return [values.body.short_name, values.meeting.label, day.isoformat(), name]
