"""Below an agenda item: the chair's speaking note, and the guests."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, SpeakingNote
from app.agenda.rules.speaking import reads_notes
from app.agenda.schemas.wishes import GuestChange, GuestIn, SpeakingNoteIn
from app.agenda.service import guests as service
from app.agenda.service.speaking import require_notes, write_note
from app.api.answers import changed, shown
from app.api.schemas.speaking_notes import GuestsOut, SpeakingNoteOut, guests_out, note_out
from app.api.schemas.thing import Id
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import ident
from app.errors import Forbidden, NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/agenda-items/{item_id}", tags=["Tagesordnung"])


@router.get("/speaking-note", response_model=SpeakingNoteOut, summary="Sprechzettel zu einem Punkt")
def show_note(meeting_id: Id, item_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """The chair's own texts; for chair, its office and the accounts named for them."""
    meeting = get_meeting(session, actor, meeting_id)
    if not reads_notes(actor, meeting):
        raise NotFound()
    item = queries.get_item(session, actor, meeting_id, item_id)
    return shown(note_out(meeting, item, queries.find_note(session, actor, item_id)))


@router.patch("/speaking-note", response_model=SpeakingNoteOut, summary="Sprechzettel schreiben")
def update_note(
    meeting_id: Id, item_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: SpeakingNoteIn
) -> Response:
    """Write the given texts. If-Match is the note's version, "0" while nothing was written."""

    def act() -> SpeakingNote | None:
        note = queries.find_note(session, actor, item_id)
        version = note.version if note else 0
        seen.check(version, lambda: note_out(meeting, item, note))
        write_note(session, actor, meeting, item, wish, base_version=version)
        return queries.find_note(session, actor, item_id)

    meeting = lock_meeting(session, actor, meeting_id)
    require_notes(actor, meeting)
    item = queries.get_item(session, actor, meeting_id, item_id)
    return changed(session, act, lambda note: note_out(meeting, item, note))


@router.get("/guests", response_model=GuestsOut, summary="Gäste eines Punktes")
def show_guests(meeting_id: Id, item_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """Who is invited to the item; for those who read drafts."""
    meeting = get_meeting(session, actor, meeting_id)
    return shown(_guests(session, meeting, queries.get_item(session, actor, meeting_id, item_id)))


@router.post("/guests", response_model=GuestsOut, summary="Gast eintragen")
def invite(
    meeting_id: Id, item_id: Id, session: WriteSession, actor: CurrentActor, seen: MaybeSeen, wish: GuestIn
) -> Response:
    """Invite somebody who is stored; answers with all guests of the item."""
    meeting, item = _lock(session, actor, meeting_id, item_id, seen)

    def act() -> AgendaItem:
        service.invite_guest(session, actor, meeting, item, wish)
        return item

    return changed(session, act, lambda done: _guests(session, meeting, done))


@router.patch("/guests/{person_id}", response_model=GuestsOut, summary="Rolle oder Thema ändern")
def update_guest(
    meeting_id: Id,
    item_id: Id,
    person_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    seen: MaybeSeen,
    wish: GuestChange,
) -> Response:
    """Another role or topic of a guest."""
    meeting, item = _lock(session, actor, meeting_id, item_id, seen)

    def act() -> AgendaItem:
        service.change_guest(session, actor, meeting, item, person_id, wish)
        return item

    return changed(session, act, lambda done: _guests(session, meeting, done))


@router.delete("/guests/{person_id}", response_model=GuestsOut, summary="Gast austragen")
def uninvite(
    meeting_id: Id, item_id: Id, person_id: Id, session: WriteSession, actor: CurrentActor, seen: MaybeSeen
) -> Response:
    """Take an invitation back; answers with the guests that are left."""
    meeting, item = _lock(session, actor, meeting_id, item_id, seen)

    def act() -> AgendaItem:
        service.uninvite_guest(session, actor, meeting, item, person_id)
        return item

    return changed(session, act, lambda done: _guests(session, meeting, done))


def _guests(session: Session, meeting: Meeting, item: AgendaItem) -> GuestsOut:
    lines = queries.guests_of_items(session, [ident(item)], life.day_of(meeting))
    return guests_out(meeting, item, lines.get(ident(item), []))


def _lock(session: Session, actor: Actor, meeting_id: int, item_id: int, seen: Seen) -> tuple[Meeting, AgendaItem]:
    """Meeting and item for writing: NotFound where the item is not visible, Forbidden for whoever only reads it."""
    meeting = lock_meeting(session, actor, meeting_id)
    item = queries.get_item(session, actor, meeting_id, item_id)
    if not life.may_run(actor, meeting):
        raise Forbidden()
    seen.check(item.version, lambda: _guests(session, meeting, item))
    return meeting, item
