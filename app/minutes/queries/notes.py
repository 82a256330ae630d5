"""Reading what was noted about items: their notes and times, and the list of items beside them."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import text
from app.actor import Actor
from app.agenda.models import AgendaItem, ItemKind, Outcome
from app.errors import NotFound
from app.meetings.models import Meeting
from app.minutes.models import MinuteNote, TextBlock
from app.visibility import Level, Matter, body_clause


@dataclass(frozen=True, slots=True)
class Point:
    """An item as the list beside the minutes shows it, without its long texts."""

    id: int
    number: str
    title: str
    kind: ItemKind
    minutes: int
    level: Level
    outcome: Outcome | None
    withdrawn: bool
    started_at: dt.datetime | None
    ended_at: dt.datetime | None


def readable_notes(actor: Actor) -> SelectOfScalar[MinuteNote]:
    """Notes on items while minutes are written: only where drafts are read (secretariat, chair and its office)."""
    return (
        select(MinuteNote)
        .join(AgendaItem, col(AgendaItem.id) == MinuteNote.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(body_clause(actor, Matter.DRAFT, col(Meeting.body_id)))
    )


def find_note(session: Session, actor: Actor, item_id: int) -> MinuteNote | None:
    """The note on an item, None while nothing is noted or where it is not for the actor."""
    return session.exec(readable_notes(actor).where(MinuteNote.item_id == item_id)).first()


def notes_of_meeting(session: Session, actor: Actor, meeting_id: int) -> dict[int, MinuteNote]:
    """The readable notes of a meeting, by item."""
    rows = session.exec(readable_notes(actor).where(AgendaItem.meeting_id == meeting_id))
    return {row.item_id: row for row in rows}


def note_to_keep(session: Session, item_id: int) -> MinuteNote | None:
    """The note on an item whoever asks; for the worker."""
    return session.exec(select(MinuteNote).where(MinuteNote.item_id == item_id)).first()


def find_running(session: Session, meeting_id: int) -> MinuteNote | None:
    """The note of the item that is being dealt with in a meeting. Rights are the caller's matter."""
    return session.exec(
        select(MinuteNote)
        .join(AgendaItem, col(AgendaItem.id) == MinuteNote.item_id)
        .where(
            AgendaItem.meeting_id == meeting_id,
            col(MinuteNote.started_at).is_not(None),
            col(MinuteNote.ended_at).is_(None),
        )
        .order_by(col(MinuteNote.started_at).desc(), col(MinuteNote.id))
        .limit(1)
    ).first()


def list_points(session: Session, actor: Actor, meeting_id: int) -> list[Point]:
    """All items of a meeting in the order of their numbers with their times; one query without any long text."""
    item, note = AgendaItem, MinuteNote
    rows = session.execute(
        sa.select(
            col(item.id),
            col(item.number),
            col(item.title),
            col(item.kind),
            col(item.minutes),
            col(item.level),
            col(item.outcome),
            col(item.withdrawn),
            col(note.started_at),
            col(note.ended_at),
        )
        .join(Meeting, col(Meeting.id) == item.meeting_id)
        .outerjoin(note, col(note.item_id) == item.id)
        .where(col(item.meeting_id) == meeting_id, body_clause(actor, Matter.DRAFT, col(Meeting.body_id)))
    )
    points = [Point(*row) for row in rows]
    return sorted(points, key=lambda point: (point.number == "", text.number_key(point.number), point.id))


def list_text_blocks(session: Session, body_id: int) -> list[TextBlock]:
    """The text blocks of a body in their order. Rights are the caller's matter."""
    return list(
        session.exec(
            select(TextBlock)
            .where(TextBlock.body_id == body_id)
            .order_by(col(TextBlock.position), col(TextBlock.title), col(TextBlock.id))
        ).all()
    )


def get_text_block(session: Session, body_id: int, block_id: int) -> TextBlock:
    """One text block of a body; NotFound where there is none. Rights are the caller's matter."""
    found = session.exec(select(TextBlock).where(TextBlock.body_id == body_id, TextBlock.id == block_id)).first()
    if found is None:
        raise NotFound()
    return found
