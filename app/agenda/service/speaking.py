"""Writing the chair's speaking notes; every function expects the meeting locked.

Their changes stay out of the meeting's version: somebody who may not read them must not notice, and nobody who works on
the agenda is in the way.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, SpeakingFrame, SpeakingNote
from app.agenda.rules.speaking import may_write_notes, reads_notes
from app.agenda.schemas.wishes import SpeakingFrameIn, SpeakingNoteIn
from app.agenda.service.note_texts import TEXTS, NoteTexts, record_speaking
from app.db import ident
from app.errors import NotFound, Refused, Stale
from app.history.service import snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.revisions import service as revisions
from app.revisions.schemas import Presence, Saved, TextSave

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
    holder, given = NoteTexts(session, meeting, item, note), wish.model_dump(exclude_unset=True)
    before = {name: holder.text(name) for name in TEXTS if given.get(name) not in (None, holder.text(name))}
    revisions.close_texts(session, holder, fields=tuple(before), actor=actor)
    note = note or SpeakingNote(item_id=ident(item), changed_at=clock.now())
    _write(session, actor, meeting, note, given, label=_label(meeting, item))
    for name, text_before in before.items():
        revisions.note_change(session, actor, NoteTexts(session, meeting, item, note), name, text_before)
    return note


def save_note_text(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: TextSave) -> Saved:
    """Store what somebody is writing about an item, as :func:`app.revisions.service.save_text` says."""
    require_notes(actor, meeting)
    return revisions.save_text(session, actor, _holder(session, actor, meeting, item), wish)


def leave_note(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, writer: str) -> None:
    """The form *writer* was left: what it wrote enters the history, and nobody is shown there any more."""
    _require_reader(actor, meeting)
    revisions.close_texts(session, _holder(session, actor, meeting, item), writer=writer)
    revisions.end_presence(session, actor, writer)


def visit_note(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, writer: str) -> Sequence[Presence]:
    """The form *writer* is open: says so to others who read notes, and tells who else is there."""
    _require_reader(actor, meeting)
    revisions.note_presence(session, actor, NoteTexts.kind, ident(item), writer)
    session.flush()
    return revisions.present(session, actor, NoteTexts.kind, [ident(item)], but_writer=writer).get(ident(item), [])


def _holder(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> NoteTexts:
    return NoteTexts(session, meeting, item, queries.find_note(session, actor, ident(item)))


def _require_reader(actor: Actor, meeting: Meeting) -> None:
    if not reads_notes(actor, meeting):
        raise NotFound()


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
    _require_reader(actor, meeting)
    if not may_write_notes(actor, meeting):
        raise Refused(
            f"Diese Sitzung ist {life.STATE_WORDS[meeting.state]}; ihr Sprechzettel wird nicht mehr geändert."
        )


def keep_note_in_history(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """An item leaves the agenda, and its note with it: the texts stay in the history, for those who may read them."""
    note = queries.note_to_keep(session, ident(item))
    if note is not None:
        record_speaking(session, actor, meeting, note, snapshot(note, *TEXTS), {}, label=_label(meeting, item))


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
    record_speaking(session, actor, meeting, texts, before, after, label=label)


def _label(meeting: Meeting, item: AgendaItem) -> str:
    return f"{life.label_with_date(meeting)}: {item.title}"


def _overtaken(texts: SpeakingNote | SpeakingFrame | None) -> str:
    who = texts.changed_by if texts else ""
    when = f" ({text.moment(texts.changed_at)})" if texts else ""
    return (
        f"{who or 'Jemand'} hat diesen Sprechzettel inzwischen geändert{when}. "
        "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Texte."
    )
