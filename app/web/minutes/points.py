"""One item of the live minutes: its note with preview and text blocks, and when it began and ended."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.markdown import prose_html
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.minutes import queries
from app.minutes.schemas.notes import MinuteNoteIn, TimesIn
from app.minutes.service import notes as service
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import read_form, typed, typed_number
from app.web.meetings.meeting_frame import address_of
from app.web.minutes.acting import act_on_point
from app.web.minutes.screen import point_page, presence_of, require_screen
from app.web.respond import done, piece

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/protokoll/{item_id:int}")
def show_point(
    request: Request,
    meeting_id: int,
    item_id: int,
    session: ReadSession,
    actor: CurrentActor,
    vorschau: bool = False,
) -> Response:
    """One item of the minutes; ``vorschau`` shows its note as it will be set."""
    meeting = get_meeting(session, actor, meeting_id)
    get_item(session, actor, meeting_id, item_id)
    service.require_keeper(actor, meeting)
    if meeting.state not in service.KEEPING:
        return done(request, address_of(meeting))
    return point_page(request, session, actor, meeting, item_id, preview=vorschau)


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}")
def save_note(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save the note; ``then`` also shows it as it will be set ("preview") or appends a text block ("block")."""
    values = typed(submitted)
    then = values.pop("then", "")

    def act(session: Session, meeting: Meeting, item: AgendaItem) -> str:
        service.require_writable(actor, meeting, item)
        note = values.get("note", "")
        if then == "block" and values.get("block"):
            block = queries.get_text_block(session, meeting.body_id, typed_number(values["block"]))
            note = f"{note.rstrip()}\n\n{block.text}" if note.strip() else block.text
        wish = read_form(MinuteNoteIn, {"note": note}, keep_empty=("note",))
        service.write_note(session, actor, meeting, item, wish, base_version=typed_number(values.get("version", "")))
        return "" if then == "preview" else "Die Notiz ist gespeichert."

    anchor = "?vorschau=1#vorschau" if then == "preview" else ""
    return act_on_point(request, database, actor, meeting_id, item_id, act, values, part="notiz", anchor=anchor)


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}/vorschau")
def preview_note(
    request: Request,
    meeting_id: int,
    item_id: int,
    session: ReadSession,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """What stands in the form as it will be set; nothing is saved."""
    meeting = get_meeting(session, actor, meeting_id)
    get_item(session, actor, meeting_id, item_id)
    require_screen(actor, meeting)
    wish = read_form(MinuteNoteIn, {"note": typed(submitted).get("note", "")}, keep_empty=("note",))
    return piece(request, "minutes/_preview.html", html=prose_html(wish.note))


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}/beginnen")
def begin_item(
    request: Request, meeting_id: int, item_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """The item begins now, and the one before ends."""

    def act(session: Session, meeting: Meeting, item: AgendaItem) -> str:
        service.begin_item(session, actor, meeting, item)
        return f"TOP {item.number} läuft."

    return act_on_point(request, database, actor, meeting_id, item_id, act, {}, part="zeiten")


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}/beenden")
def end_item(
    request: Request, meeting_id: int, item_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """The item is over now."""

    def act(session: Session, meeting: Meeting, item: AgendaItem) -> str:
        service.end_item(session, actor, meeting, item)
        return f"TOP {item.number} ist beendet."

    return act_on_point(request, database, actor, meeting_id, item_id, act, {}, part="zeiten")


@router.post("/sitzungen/{meeting_id}/protokoll/{item_id:int}/zeiten")
def correct_times(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Correct when the item began and ended."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting, item: AgendaItem) -> str:
        service.require_writable(actor, meeting, item)
        wish = read_form(TimesIn, {name: values.get(name, "") for name in service.TIMES})
        service.correct_times(session, actor, meeting, item, wish, seen=values.get("seen"))
        return "Die Zeiten sind gespeichert."

    return act_on_point(request, database, actor, meeting_id, item_id, act, values, part="zeiten")


@router.get("/sitzungen/{meeting_id}/protokoll/{item_id:int}/raum")
def show_room(request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Who is there for the item, as the side of the minutes asks for it again and again."""
    meeting = get_meeting(session, actor, meeting_id)
    item = get_item(session, actor, meeting_id, item_id)
    service.require_keeper(actor, meeting)
    if meeting.state not in service.KEEPING:
        return done(request, address_of(meeting))
    presence = presence_of(session, meeting, item)
    return piece(request, "minutes/_presence.html", presence=presence, address=address_of(meeting))
