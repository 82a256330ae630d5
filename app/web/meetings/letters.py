"""Letters of invitation: who gets one, what is enclosed, what was sent when; each as PDF and DOCX, and all in one."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.rules.words import WAY_WORDS
from app.agenda.schemas.wishes import DispatchIn, RevokeIn
from app.agenda.service.dispatches import dispatch_words, revoke_dispatch
from app.db import Database, ident
from app.documents import office
from app.documents.letter_sending import send_letters, sent_elsewhere, standings
from app.documents.letter_values import LetterValues, letter_values, read_letter, require_letters, vacant_seats
from app.documents.letters import letters_docx, render_letters
from app.documents.pdf import Busy
from app.errors import Invalid, Refused
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, CurrentStorage, ReadSession, Submitted
from app.validation import read
from app.web.agenda.documents import served
from app.web.downloads import PDF, file_headers, wait_page
from app.web.forms import Form, read_form, typed, typed_number
from app.web.meetings.meeting_frame import LETTERS, act_on_meeting, meeting_page

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/schreiben")
def show_letters(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Everybody who gets a letter, with what is enclosed for them."""
    return _page(request, session, actor, _meeting(session, actor, meeting_id))


@router.post("/sitzungen/{meeting_id}/schreiben/versandt")
def mark_as_sent(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """The chosen letters left the house: what they say is frozen."""
    chosen = [typed_number(one) for one in submitted.getlist("persons") if isinstance(one, str)]
    values = {**typed(submitted), "persons": chosen}

    def act(session: Session, meeting: Meeting) -> str:
        wish = {name: values.get(name, "") for name in ("persons", "way", "sent_on", "sent_by")}
        sent = len(send_letters(session, actor, meeting, read(DispatchIn, wish)))
        return f"{text.counted(sent, 'Schreiben ist', 'Schreiben sind')} als versandt vermerkt."

    return _do(request, database, actor, meeting_id, Form(values), act)


@router.post("/sitzungen/{meeting_id}/schreiben/versandt/{dispatch_id:int}/zuruecknehmen")
def revoke_mark(
    request: Request,
    meeting_id: int,
    dispatch_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """The mark was wrong."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        dispatch = queries.get_dispatch(session, meeting_id, dispatch_id)
        wish = read_form(RevokeIn, {"reason": values.get("reason", "")})
        revoke_dispatch(session, actor, meeting, dispatch, wish)
        return f"Der Versandvermerk für {dispatch.name} ist zurückgenommen."

    return _do(request, database, actor, meeting_id, Form(values), act)


@router.get("/sitzungen/{meeting_id}/schreiben/versandt/{dispatch_id:int}.pdf")
def download_sent(
    request: Request,
    meeting_id: int,
    dispatch_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
) -> Response:
    """A letter as it was sent: kept bytes."""
    with database.read() as session:
        _meeting(session, actor, meeting_id)
        dispatch = queries.get_dispatch(session, meeting_id, dispatch_id)
        values = read_letter(dispatch.content)
    headers = file_headers(*_name(values), f"versandt {dispatch.sent_on}", ending="pdf", digest=dispatch.hash)
    return served(request, database, storage, actor, dispatch.hash, headers, lambda: render_letters(values))


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
    require_letters(actor, meeting)
    return meeting


def _do(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    form: Form,
    act: Callable[[Session, Meeting], str],
) -> Response:
    def see(session: Session) -> Meeting:
        return _meeting(session, actor, meeting_id)

    def again(session: Session, error: Invalid | Refused) -> Response:
        return _page(request, session, actor, see(session), Form(form.values, error.by_field), status=error.status)

    return act_on_meeting(request, database, actor, meeting_id, act, again, tab="schreiben", see=see)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    form: Form | None = None,
    *,
    status: int = 200,
) -> Response:
    values = letter_values(session, actor, meeting)
    sent = queries.list_dispatches(session, ident(meeting))
    letters = standings(values, sent)
    due = [one.letter.person_id for one in letters if one.due]
    usual = Form({"persons": due, "sent_on": clock.today().isoformat(), "sent_by": actor.name, "way": "post"})
    runs = life.may_run(actor, meeting)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "letters/show.html",
        tab=LETTERS,
        status=status,
        form=form or usual,
        chosen=list((form or usual).values.get("persons", due)),
        letters=letters,
        due=len(due),
        version=values.version,
        elsewhere=sent_elsewhere(values, sent),
        words=dispatch_words,
        ways=[(way.value, word) for way, word in WAY_WORDS.items()],
        may_send=runs and values.version > 0,
        vacant=vacant_seats(session, meeting),
        rules_address=f"/gremien/{meeting.body_id}/regeln" if runs else "",
    )


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
