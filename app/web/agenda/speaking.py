"""The chair's speaking notes (Sprechzettel): page, forms, files, and who of the secretariat works on them."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.rules.speaking import may_write_notes, reads_notes
from app.agenda.schemas.wishes import SpeakingFrameIn, SpeakingNoteIn
from app.agenda.service import speaking as service
from app.agenda.service.note_texts import FRAME_LABELS, NOTE_LABELS
from app.bodies import queries as bodies
from app.bodies import rules as body_rules
from app.bodies.models import Body
from app.bodies.service import name_for_speaking_notes
from app.calendars.feed import strong_etag
from app.db import ident
from app.documents import office
from app.documents.pdf import Busy
from app.documents.speaking import Notes, notes_of, render_speaking_notes
from app.documents.speaking_office import speaking_docx
from app.documents.speaking_values import SpeakingValues, speaking_values
from app.errors import Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.revisions.schemas import Desk
from app.visibility import Matter, reads
from app.web.downloads import PDF, file_headers, wait_page
from app.web.forms import Form, read_form, typed, typed_number
from app.web.meetings.meeting_frame import SPEAKING, address_of, meeting_page
from app.web.respond import done, page
from app.web.texts import differing_texts, writing

router = APIRouter()

OVERTAKEN = "Inzwischen hat jemand die Auswahl geändert. Bitte prüfen Sie sie, und speichern Sie noch einmal."


# --- reading ----------------------------------------------------------------------------------------------------------


@router.get("/sitzungen/{meeting_id}/sprechzettel")
def show_notes(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """All items with what is to be decided, why, then and now, and the chair's own texts."""
    meeting = _meeting(session, actor, meeting_id)
    values = speaking_values(session, actor, meeting)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "speaking/show.html",
        tab=SPEAKING,
        notes=(notes := notes_of(values)),
        then_head=notes.then_head,
        basis=f"Version {values.version} der Tagesordnung" if values.version else "Entwurf der Tagesordnung",
        may_write=may_write_notes(actor, meeting),
        may_name=body_rules.may_name(actor, meeting.body_id),
    )


@router.get("/sitzungen/{meeting_id}/sprechzettel.pdf")
def download_pdf(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """One page for each item; the database is left before anything is rendered."""
    with database.read() as session:
        values = speaking_values(session, actor, _meeting(session, actor, meeting_id))
    try:
        content = render_speaking_notes(values)
    except Busy as busy:
        return wait_page(request, actor, busy)
    return Response(content, headers=file_headers(*_name(values), ending="pdf"), media_type=PDF)


@router.get("/sitzungen/{meeting_id}/sprechzettel.docx")
def download_docx(meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The same for a word processor."""
    with database.read() as session:
        values = speaking_values(session, actor, _meeting(session, actor, meeting_id))
    headers = file_headers(*_name(values), ending="docx")
    return Response(speaking_docx(values), headers=headers, media_type=office.MEDIA_TYPE)


def _meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, for those who read its speaking notes; NotFound for everybody else."""
    meeting = get_meeting(session, actor, meeting_id)
    if not reads_notes(actor, meeting):
        raise NotFound()
    return meeting


def _name(values: SpeakingValues) -> tuple[str, ...]:
    state = f"Version {values.version}" if values.version else "Entwurf"
    return values.body_short, values.label, "Sprechzettel", state


# --- writing ----------------------------------------------------------------------------------------------------------


@router.get("/sitzungen/{meeting_id}/sprechzettel/rahmen")
def edit_frame(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form for Begrüßung and Schluss."""
    return _frame_page(request, session, actor, _meeting(session, actor, meeting_id))


@router.post("/sitzungen/{meeting_id}/sprechzettel/rahmen")
def update_frame(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save Begrüßung and Schluss."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            service.require_notes(actor, meeting)
            wish = read_form(SpeakingFrameIn, _given(values, FRAME_LABELS), keep_empty=tuple(FRAME_LABELS))
            service.write_frame(session, actor, meeting, wish, base_version=_version(values))
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            return _frame_page(request, session, actor, _meeting(session, actor, meeting_id), values, error)
    return done(request, f"{address}/sprechzettel", "Begrüßung und Schluss sind gespeichert.")


@router.get("/sitzungen/{meeting_id}/sprechzettel/{item_id:int}")
def edit_note(request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form for the chair's own texts about one item, beside what they are about."""
    return _note_page(request, session, actor, _meeting(session, actor, meeting_id), item_id)


@router.post("/sitzungen/{meeting_id}/sprechzettel/{item_id:int}")
def update_note(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save the texts; whoever was slower sees both and loses nothing."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            service.require_notes(actor, meeting)
            item = queries.get_item(session, actor, meeting_id, item_id)
            wish = read_form(SpeakingNoteIn, _given(values, NOTE_LABELS), keep_empty=tuple(NOTE_LABELS))
            service.write_note(session, actor, meeting, item, wish, base_version=_version(values))
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting = _meeting(session, actor, meeting_id)
            return _note_page(request, session, actor, meeting, item_id, values, error)
    return done(request, f"{address}/sprechzettel#top-{item_id}", "Der Sprechzettel ist gespeichert.")


def _given(values: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in labels if name in values}


def _version(values: Mapping[str, str]) -> int:
    sent = values.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def _note_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item_id: int,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
) -> Response:
    item = queries.get_item(session, actor, ident(meeting), item_id)
    desk = service.note_desk(session, actor, meeting, item)
    notes = _notes(session, actor, meeting)
    sheet = next((one for one in notes.sheets if one.id == item_id), None) if notes else None
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "speaking/edit.html",
        title=f"Sprechzettel zu TOP {sheet.number}" if sheet else "Sprechzettel",
        item=item,
        about=sheet,
        then_head=notes.then_head if notes else "",
        back=f"{address_of(meeting)}/sprechzettel#top-{item_id}",
        **_form_values(session, actor, meeting, desk, f"{address_of(meeting)}/sprechzettel/{item_id}", values, error),
    )


def _frame_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
) -> Response:
    desk = service.frame_desk(session, actor, meeting)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "speaking/frame.html",
        title="Begrüßung und Schluss",
        back=f"{address_of(meeting)}/sprechzettel",
        **_form_values(session, actor, meeting, desk, f"{address_of(meeting)}/sprechzettel/rahmen", values, error),
    )


def _notes(session: Session, actor: Actor, meeting: Meeting) -> Notes | None:
    """What the notes are about; None where the agenda is gone (the meeting was cancelled before its release)."""
    try:
        values = speaking_values(session, actor, meeting)
    except NotFound:
        return None
    return notes_of(values)


def _form_values(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    desk: Desk,
    address: str,
    values: Mapping[str, str] | None,
    error: SkipError | None,
) -> dict[str, Any]:
    """What both forms show: what was typed, else what is stored; both texts where somebody else was faster."""
    stale, may_write = isinstance(error, Stale), may_write_notes(actor, meeting)
    stored = {name: desk.holder.text(name) for name in desk.holder.labels}
    shown = {**stored, **(values or {})}
    return {
        "status": error.status if error else 200,
        "action": address,
        "here": address,
        "form": Form(shown, {} if error is None or stale else error.by_field),
        "may_write": may_write,
        "stale": error.sentence if stale and error else "",
        "differences": differing_texts(desk.holder.labels, shown, stored) if stale else [],
        "writing": writing(session, actor, desk, address, may_write=may_write, typed=values is not None, error=error),
    }


# --- who of the secretariat -------------------------------------------------------------------------------------------


@router.get("/sprechzettel/{body_id:int}")
def edit_grants(request: Request, body_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Which accounts of the secretariat work on the notes; for the chair, its office and the administration."""
    return _grants_page(request, session, actor, bodies.get_named_body(session, actor, body_id))


@router.post("/sprechzettel/{body_id:int}")
def update_grants(
    request: Request, body_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Name exactly these accounts."""
    named = [str(one) for one in submitted.getlist("named")]
    try:
        with database.write() as session:
            body = bodies.lock_named_body(session, actor, body_id)
            if submitted.get("stand") != _stand(session, body_id):
                raise Invalid({"": OVERTAKEN})
            ids = [typed_number(one) for one in named]
            name_for_speaking_notes(session, actor, body, ids)
    except Invalid as error:
        with database.read() as session:
            body = bodies.get_named_body(session, actor, body_id)
            status = 412 if OVERTAKEN in error.fields.values() else 422
            return _grants_page(request, session, actor, body, Form({"named": named}, error.fields), status=status)
    return done(request, f"/sprechzettel/{body_id}", "Die Auswahl ist gespeichert.")


def _grants_page(
    request: Request, session: Session, actor: Actor, body: Body, form: Form | None = None, *, status: int = 200
) -> Response:
    body_id = ident(body)
    accounts = bodies.secretariat_accounts(session, body_id)
    grants = bodies.list_grants(session, body_id)
    inside = reads(actor, Matter.INTERNAL, body_id)
    above = (("Gremien", "/gremien"), (body.short_name, f"/gremien/{body_id}")) if inside else (("Konten", "/konten"),)
    return page(
        request,
        actor,
        "speaking/grants.html",
        title=f"Zugang zum Sprechzettel: {body.short_name}",
        status=status,
        crumbs=(*above, ("Zugang zum Sprechzettel", None)),
        body=body,
        form=form or Form({"named": [str(one) for one in grants]}),
        accounts=[(str(ident(account)), account.name) for account in accounts],
        stand=_stand(session, body_id),
    )


def _stand(session: Session, body_id: int) -> str:
    return strong_etag(repr(sorted(bodies.list_grants(session, body_id)))).strip('"')
