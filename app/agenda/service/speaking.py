"""Writing the chair's speaking notes; every function expects the meeting locked.

Their changes stay out of the meeting's version: somebody who may not read them must not notice, and nobody who works on
the agenda is in the way.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, SpeakingFrame, SpeakingNote
from app.agenda.rules.speaking import may_write_notes, reads_notes
from app.agenda.schemas.wishes import SpeakingFrameIn, SpeakingNoteIn
from app.agenda.service.note_texts import FRAME_LABELS, NOTE_LABELS, FrameTexts, NoteTexts, record_speaking
from app.db import ident
from app.errors import NotFound, Refused, Stale
from app.history.service import snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.revisions import service as revisions
from app.revisions.schemas import Desk


def write_note(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: SpeakingNoteIn, *, base_version: int
) -> SpeakingNote:
    """Write the texts about one item, seen at *base_version* (0 = nothing was written yet); Stale if overtaken.

    A wish that changes nothing leaves no trace. NotFound for people who may not read notes.
    """
    require_notes(actor, meeting)
    note = queries.find_note(session, actor, ident(item))
    if (note.version if note else 0) != base_version:
        raise Stale({**note_state(note), "id": item.id}, _overtaken(note))
    holder, note = NoteTexts(session, meeting, item, note), note or NoteTexts(session, meeting, item, None).begun()
    _write(session, actor, meeting, note, holder, lambda: NoteTexts(session, meeting, item, note), wish)
    return note


def write_frame(
    session: Session, actor: Actor, meeting: Meeting, wish: SpeakingFrameIn, *, base_version: int
) -> SpeakingFrame:
    """Write Begrüßung and Schluss; as :func:`write_note`."""
    require_notes(actor, meeting)
    frame = queries.find_frame(session, actor, ident(meeting))
    if (frame.version if frame else 0) != base_version:
        raise Stale(frame_state(frame), _overtaken(frame))
    holder, frame = FrameTexts(session, meeting, frame), frame or FrameTexts(session, meeting, None).begun()
    _write(session, actor, meeting, frame, holder, lambda: FrameTexts(session, meeting, frame), wish)
    return frame


def note_desk(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> Desk:
    """Where the texts about an item are written; NotFound for people who may not read notes."""
    _require_reader(actor, meeting)
    return Desk(
        holder=NoteTexts(session, meeting, item, queries.find_note(session, actor, ident(item))),
        title=f"Sprechzettel: {item.title}",
        require_present=lambda: _require_reader(actor, meeting),
        require_writer=lambda: require_notes(actor, meeting),
    )


def frame_desk(session: Session, actor: Actor, meeting: Meeting) -> Desk:
    """Where Begrüßung and Schluss are written; as :func:`note_desk`."""
    _require_reader(actor, meeting)
    return Desk(
        holder=FrameTexts(session, meeting, queries.find_frame(session, actor, ident(meeting))),
        title="Begrüßung und Schluss",
        require_present=lambda: _require_reader(actor, meeting),
        require_writer=lambda: require_notes(actor, meeting),
    )


def _require_reader(actor: Actor, meeting: Meeting) -> None:
    if not reads_notes(actor, meeting):
        raise NotFound()


def require_notes(actor: Actor, meeting: Meeting) -> None:
    """Refuse: for people who may not read notes there are none; after the meeting they stay as they are."""
    _require_reader(actor, meeting)
    if not may_write_notes(actor, meeting):
        raise Refused(
            f"Diese Sitzung ist {life.STATE_WORDS[meeting.state]}; ihr Sprechzettel wird nicht mehr geändert."
        )


def keep_note_in_history(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """An item leaves the agenda, and its note with it: the texts stay in the history, for those who may read them."""
    note = queries.note_to_keep(session, ident(item))
    if note is not None:
        label = NoteTexts(session, meeting, item, note).label
        record_speaking(session, actor, meeting, note, snapshot(note, *NOTE_LABELS), {}, label=label)


def frame_state(frame: SpeakingFrame | None) -> dict[str, Any]:
    """Begrüßung and Schluss as plain values; version 0 while nothing is written."""
    if frame is None:
        return {**dict.fromkeys(FRAME_LABELS, ""), "version": 0, "changed_by": ""}
    return {**snapshot(frame, *FRAME_LABELS), "version": frame.version, "changed_by": frame.changed_by}


def note_state(note: SpeakingNote | None) -> dict[str, Any]:
    """The texts about an item as plain values; version 0 while nothing is written."""
    if note is None:
        return {**dict.fromkeys(NOTE_LABELS, ""), "version": 0, "changed_by": ""}
    return {**snapshot(note, *NOTE_LABELS), "version": note.version, "changed_by": note.changed_by}


def _write(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    texts: SpeakingNote | SpeakingFrame,
    holder: NoteTexts | FrameTexts,
    written: Callable[[], NoteTexts | FrameTexts],
    wish: SpeakingNoteIn | SpeakingFrameIn,
) -> None:
    """Change what differs; *holder* holds the texts as they were, *written* as they are then."""
    before = {name: holder.text(name) for name in holder.labels}
    after = {**before, **wish.model_dump(exclude_unset=True, exclude_none=True)}
    changed = [name for name in before if before[name] != after[name]]
    revisions.close_texts(session, holder, fields=changed, actor=actor)
    if not changed:
        return
    for name in changed:
        setattr(texts, name, after[name])
    texts.changed_at, texts.changed_by = clock.now(), actor.name
    session.add(texts)
    if texts.id is not None:
        flag_modified(texts, "changed_at")
    session.flush()
    record_speaking(session, actor, meeting, texts, before, after, label=holder.label)
    for name in changed:
        revisions.note_change(session, actor, written(), name, before[name])


def _overtaken(texts: SpeakingNote | SpeakingFrame | None) -> str:
    who = texts.changed_by if texts else ""
    when = f" ({text.moment(texts.changed_at)})" if texts else ""
    return (
        f"{who or 'Jemand'} hat diesen Sprechzettel inzwischen geändert{when}. "
        "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Texte."
    )
