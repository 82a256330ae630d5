"""The chair's texts about an item while several people write them: saving, and who is there."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem
from app.agenda.rules.speaking import reads_notes
from app.agenda.service import speaking
from app.agenda.service.note_texts import TEXTS, NoteTexts
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.request import CurrentActor, CurrentDatabase, Submitted, WriteSession
from app.revisions.rules import presence_sentence
from app.revisions.service import present
from app.web.agenda.texts import Desk, answer, copy_key, save_at, writer_of
from app.web.forms import typed

router = APIRouter()


def writing_notes(request: Request, session: Session, actor: Actor, item: AgendaItem) -> dict[str, Any]:
    """What the form of a note needs for saving while one writes, and for saying who is there."""
    there = present(session, actor, NoteTexts.kind, [ident(item)]).get(ident(item), [])
    return {
        "text_fields": " ".join(TEXTS),
        "copy_key": copy_key(request.app.state.settings, actor),
        "presence": presence_sentence([one for one in there if not one.own]),
    }


@router.post("/sitzungen/{meeting_id}/sprechzettel/{item_id:int}/texte")
def save_note_text(
    meeting_id: int, item_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """One automatic save of one text of a note, or leaving its form, or both."""

    def sit_down(session: Session) -> Desk:
        meeting = _readable(actor, lock_meeting(session, actor, meeting_id))
        item = queries.get_item(session, actor, meeting_id, item_id)
        return Desk(
            save=lambda wish: speaking.save_note_text(session, actor, meeting, item, wish),
            leave=lambda writer: speaking.leave_note(session, actor, meeting, item, writer),
        )

    return save_at(database, typed(submitted), sit_down)


@router.post("/sitzungen/{meeting_id}/sprechzettel/{item_id:int}/anwesend")
def note_presence_at_note(
    meeting_id: int, item_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """A sign of life of an open form; answers who else is there."""
    meeting = _readable(actor, get_meeting(session, actor, meeting_id))
    item = queries.get_item(session, actor, meeting_id, item_id)
    there = speaking.visit_note(session, actor, meeting, item, writer_of(typed(submitted)))
    return answer({"sentence": presence_sentence(there)})


def _readable(actor: Actor, meeting: Meeting) -> Meeting:
    """NotFound before anything that was sent is looked at: for people who may not read notes there are none."""
    if not reads_notes(actor, meeting):
        raise NotFound()
    return meeting
