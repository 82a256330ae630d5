"""Writing the chair's speaking notes; every function expects the meeting locked.

Their changes stay out of the meeting's version: somebody who may not read them must not notice, and nobody who works on
the agenda is in the way.
"""

from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, SpeakingFrame, SpeakingNote
from app.agenda.rules.speaking import may_write_notes, reads_notes
from app.agenda.schemas.wishes import SpeakingFrameIn, SpeakingNoteIn
from app.db import ident
from app.errors import NotFound, Refused, Stale
from app.history.models import Reach
from app.history.service import record, snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life

TEXTS = ("goal", "key_messages", "reactive")
FRAME_TEXTS = ("opening", "closing")


def write_note(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: SpeakingNoteIn, *, base_version: int
) -> SpeakingNote:
    """Write the texts about one item, seen at *base_version* (0 = nothing was written yet); Stale if overtaken.

    A wish that changes nothing leaves no trace. NotFound for people who may not read notes.
    """
    require_notes(actor, meeting)
    note = queries.find_note(session, actor, ident(item))
    if (note.version if note else 0) != base_version:
        raise Stale(_state(note, item), _overtaken(note))
    note = note or SpeakingNote(item_id=ident(item), changed_at=clock.now())
    _write(session, actor, meeting, note, wish.model_dump(exclude_unset=True), label=_label(meeting, item))
    return note


def write_frame(
    session: Session, actor: Actor, meeting: Meeting, wish: SpeakingFrameIn, *, base_version: int
) -> SpeakingFrame:
    """Write Begrüßung and Schluss; as :func:`write_note`."""
    require_notes(actor, meeting)
    frame = queries.find_frame(session, actor, ident(meeting))
    if (frame.version if frame else 0) != base_version:
        raise Stale(frame_state(frame), _overtaken(frame))
    frame = frame or SpeakingFrame(meeting_id=ident(meeting), changed_at=clock.now())
    _write(session, actor, meeting, frame, wish.model_dump(exclude_unset=True), label=life.label_with_date(meeting))
    return frame


def require_notes(actor: Actor, meeting: Meeting) -> None:
    """Refuse: for people who may not read notes there are none; after the meeting they stay as they are."""
    if not reads_notes(actor, meeting):
        raise NotFound()
    if not may_write_notes(actor, meeting):
        raise Refused(
            f"Diese Sitzung ist {life.STATE_WORDS[meeting.state]}; ihr Sprechzettel wird nicht mehr geändert."
        )


def keep_note_in_history(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """An item leaves the agenda, and its note with it: the texts stay in the history, for those who may read them."""
    note = queries.note_to_keep(session, ident(item))
    if note is not None:
        _record(session, actor, meeting, note, snapshot(note, *TEXTS), {}, label=_label(meeting, item))


def frame_state(frame: SpeakingFrame | None) -> dict[str, Any]:
    """Begrüßung and Schluss as plain values; version 0 while nothing is written."""
    if frame is None:
        return {**dict.fromkeys(FRAME_TEXTS, ""), "version": 0, "changed_by": ""}
    return {**snapshot(frame, *FRAME_TEXTS), "version": frame.version, "changed_by": frame.changed_by}


def note_state(note: SpeakingNote | None) -> dict[str, Any]:
    """The texts about an item as plain values; version 0 while nothing is written."""
    if note is None:
        return {**dict.fromkeys(TEXTS, ""), "version": 0, "changed_by": ""}
    return {**snapshot(note, *TEXTS), "version": note.version, "changed_by": note.changed_by}


def _state(note: SpeakingNote | None, item: AgendaItem) -> dict[str, Any]:
    return {**note_state(note), "id": item.id}


def _write(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    texts: SpeakingNote | SpeakingFrame,
    given: dict[str, str | None],
    *,
    label: str,
) -> None:
    names = TEXTS if isinstance(texts, SpeakingNote) else FRAME_TEXTS
    before = snapshot(texts, *names)
    for name, value in given.items():
        if value is not None:
            setattr(texts, name, value)
    after = snapshot(texts, *names)
    if after == before:
        return
    texts.changed_at, texts.changed_by = clock.now(), actor.name
    session.add(texts)
    if texts.id is not None:
        flag_modified(texts, "changed_at")
    session.flush()
    _record(session, actor, meeting, texts, before, after, label=label)


def _record(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    texts: SpeakingNote | SpeakingFrame,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    label: str,
) -> None:
    record(
        session,
        actor,
        "speaking.change" if isinstance(texts, SpeakingNote) else "speaking.frame",
        texts,
        before=before,
        after=after,
        label=label,
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL,
    )


def _label(meeting: Meeting, item: AgendaItem) -> str:
    return f"{life.label_with_date(meeting)}: {item.title}"


def _overtaken(texts: SpeakingNote | SpeakingFrame | None) -> str:
    who = texts.changed_by if texts else ""
    when = f" ({text.moment(texts.changed_at)})" if texts else ""
    return (
        f"{who or 'Jemand'} hat diesen Sprechzettel inzwischen geändert{when}. "
        "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Fassungen."
    )
