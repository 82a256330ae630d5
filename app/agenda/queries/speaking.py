"""Reading the speaking notes of items and their frame."""

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import (
    AgendaItem,
    SpeakingFrame,
    SpeakingNote,
)
from app.meetings.models import Meeting
from app.visibility import Matter, body_clause


def readable_notes(actor: Actor) -> SelectOfScalar[SpeakingNote]:
    """The chair's own texts: chair and its office, and the secretariat where the account is named (domain §6)."""
    return (
        select(SpeakingNote)
        .join(AgendaItem, col(AgendaItem.id) == SpeakingNote.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(body_clause(actor, Matter.SPEAKING, col(Meeting.body_id)))
    )


def notes_of_meeting(session: Session, actor: Actor, meeting_id: int) -> dict[int, SpeakingNote]:
    """The readable speaking notes of a meeting, by item."""
    rows = session.exec(readable_notes(actor).where(AgendaItem.meeting_id == meeting_id))
    return {row.item_id: row for row in rows}


def find_note(session: Session, actor: Actor, item_id: int) -> SpeakingNote | None:
    """The speaking note of an item, None while nothing is written or where it is not for the actor."""
    return session.exec(readable_notes(actor).where(SpeakingNote.item_id == item_id)).first()


def note_to_keep(session: Session, item_id: int) -> SpeakingNote | None:
    """The note of an item that leaves the agenda, whoever takes it off: only for keeping its texts in the history."""
    return session.exec(select(SpeakingNote).where(SpeakingNote.item_id == item_id)).first()


def find_frame(session: Session, actor: Actor, meeting_id: int) -> SpeakingFrame | None:
    """Begrüßung and Schluss of a meeting, None while nothing is written or where it is not for the actor."""
    return session.exec(
        select(SpeakingFrame)
        .join(Meeting, col(Meeting.id) == SpeakingFrame.meeting_id)
        .where(SpeakingFrame.meeting_id == meeting_id, body_clause(actor, Matter.SPEAKING, col(Meeting.body_id)))
    ).first()


def frame_to_keep(session: Session, meeting_id: int) -> SpeakingFrame | None:
    """Begrüßung and Schluss of a meeting whoever asks; for the worker."""
    return session.exec(select(SpeakingFrame).where(SpeakingFrame.meeting_id == meeting_id)).first()
