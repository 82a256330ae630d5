"""Letters of invitation: who gets one and what is enclosed, each as PDF and DOCX, and all in one file."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.db import Database
from app.documents import office
from app.documents.letter_values import LetterValues, letter_values, vacant_seats
from app.documents.letters import letters_docx, render_letters
from app.documents.pdf import Busy
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession
from app.web.downloads import PDF, file_headers, wait_page
from app.web.meetings.meeting_frame import LETTERS, meeting_page

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/schreiben")
def show_letters(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Everybody who gets a letter, with what is enclosed for them."""
    meeting = _meeting(session, actor, meeting_id)
    values = letter_values(session, actor, meeting)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "letters/show.html",
        tab=LETTERS,
        letters=values.letters,
        draft=values.version == 0,
        vacant=vacant_seats(session, meeting),
        rules_address=f"/gremien/{meeting.body_id}/regeln" if life.may_run(actor, meeting) else "",
    )


@router.get("/sitzungen/{meeting_id}/schreiben.pdf")
def download_all_pdf(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """All letters in one file, each beginning a page."""
    return _pdf(request, actor, _load(database, actor, meeting_id))


@router.get("/sitzungen/{meeting_id}/schreiben.docx")
def download_all_docx(meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """All letters in one file for a word processor."""
    return _docx(_load(database, actor, meeting_id))


@router.get("/sitzungen/{meeting_id}/schreiben/{person_id:int}.pdf")
def download_pdf(
    request: Request, meeting_id: int, person_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """The letter to one person."""
    return _pdf(request, actor, _load(database, actor, meeting_id, person_id))


@router.get("/sitzungen/{meeting_id}/schreiben/{person_id:int}.docx")
def download_docx(meeting_id: int, person_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The letter to one person for a word processor."""
    return _docx(_load(database, actor, meeting_id, person_id))


def _meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, for those who read drafts; letters exist for nobody else."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    return meeting


def _load(database: Database, actor: Actor, meeting_id: int, person_id: int | None = None) -> LetterValues:
    """The values alone: the database is left before anything is set."""
    with database.read() as session:
        return letter_values(session, actor, _meeting(session, actor, meeting_id), person_id=person_id)


def _pdf(request: Request, actor: Actor, values: LetterValues) -> Response:
    try:
        content = render_letters(values)
    except Busy as busy:
        return wait_page(request, actor, busy)
    return Response(content, headers=file_headers(*_name(values), ending="pdf"), media_type=PDF)


def _docx(values: LetterValues) -> Response:
    headers = file_headers(*_name(values), ending="docx")
    return Response(letters_docx(values), headers=headers, media_type=office.MEDIA_TYPE)


def _name(values: LetterValues) -> tuple[str, ...]:
    to = values.letters[0].name if len(values.letters) == 1 else "alle"
    return values.body_short, values.label, "Schreiben", to
