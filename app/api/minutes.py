"""Minutes: reading them while they are kept, and writing what is noted about an item."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.api.answers import changed, shown
from app.api.schemas.minutes import MinuteItemOut, MinutesOut, minute_item_out, minutes_out
from app.api.schemas.thing import Id
from app.api.versions import MustHaveSeen
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.schemas.notes import MinuteItemChange, MinuteNoteIn
from app.minutes.service.note_texts import MinuteNoteTexts
from app.minutes.service.notes import require_writable, set_moments, write_note
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/minutes", tags=["Niederschrift"])


@router.get("", response_model=MinutesOut, summary="Niederschrift, solange sie geführt wird")
def show_minutes(meeting_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """Opening, closing and what is noted about every item; for those who read drafts."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    notes = queries.notes_of_meeting(session, actor, meeting_id)
    points = queries.list_points(session, actor, meeting_id)
    items = [minute_item_out(meeting, point, notes.get(point.id)) for point in points]
    return shown(minutes_out(meeting, queries.find_minutes(session, meeting_id), items))


@router.patch("/items/{item_id}", response_model=MinuteItemOut, summary="Verlauf und Zeiten eines Punkts schreiben")
def update_item(
    meeting_id: Id, item_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: MinuteItemChange
) -> Response:
    """Write the given fields. If-Match is the version of what is noted, "0" while nothing was."""
    meeting = lock_meeting(session, actor, meeting_id)
    item = get_item(session, actor, meeting_id, item_id)
    require_writable(actor, meeting, item)

    def act() -> AgendaItem:
        note = queries.find_note(session, actor, item_id)
        seen.check(note.version if note else 0, lambda: _out(session, actor, meeting, item))
        given = wish.model_fields_set
        if given & {"started_at", "ended_at"}:
            old = (note.started_at, note.ended_at) if note else (None, None)
            started = wish.started_at if "started_at" in given else old[0]
            ended = wish.ended_at if "ended_at" in given else old[1]
            set_moments(session, actor, meeting, item, started, ended)
        if wish.note is not None:
            version = MinuteNoteTexts(session, meeting, item, note).version
            write_note(session, actor, meeting, item, MinuteNoteIn(note=wish.note), base_version=version)
        return item

    return changed(session, act, lambda done: _out(session, actor, meeting, done))


def _out(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> MinuteItemOut:
    points = queries.list_points(session, actor, item.meeting_id)
    point = next(one for one in points if one.id == item.id)
    return minute_item_out(meeting, point, queries.find_note(session, actor, point.id))
