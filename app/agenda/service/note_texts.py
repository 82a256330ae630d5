"""The chair's texts as texts that several people write, each saved while it is written.

They count for themselves: neither the item's nor the meeting's version rises, and only readers of notes come here.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda import queries
from app.agenda.models import AgendaItem, SpeakingFrame, SpeakingNote
from app.agenda.schemas.wishes import SpeakingFrameIn, SpeakingNoteIn
from app.db import ident
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.revisions.schemas import TextHolder

NOTE_LABELS: Mapping[str, str] = {"goal": "Ziel", "key_messages": "Kernbotschaften", "reactive": "Reaktiv"}
FRAME_LABELS: Mapping[str, str] = {"opening": "Begrüßung", "closing": "Schluss"}


class _ChairTexts(TextHolder):
    """Texts of the chair: their row begins with the first text, until then its version is 0."""

    def __init__(self, session: Session, meeting: Meeting, row: SpeakingNote | SpeakingFrame | None) -> None:
        self._session, self._meeting, self._row = session, meeting, row

    def begun(self) -> SpeakingNote | SpeakingFrame:
        """A new row, not stored yet."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What the history calls it."""
        return life.label_with_date(self._meeting)

    @property
    def version(self) -> int:
        """The version of the row, 0 while there is none."""
        return self._row.version if self._row else 0

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._row, field)) if self._row else ""

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text; the row gets a new version."""
        row = self._row = self._row or self.begun()
        setattr(row, field, content)
        row.changed_at, row.changed_by = clock.now(), actor.name
        if row.id is not None:
            flag_modified(row, "changed_at")
        self._session.add(row)
        self._session.flush()

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's, for those who read notes."""
        if self._row is not None:
            record_speaking(
                self._session,
                actor,
                self._meeting,
                self._row,
                {field: before},
                {field: after},
                label=self.label,
                reason=reason,
            )


class NoteTexts(_ChairTexts):
    """The note about an item of a locked meeting as the holder of its texts; it is known by the item's id."""

    kind = str(SpeakingNote.__tablename__)
    labels = NOTE_LABELS
    shape = SpeakingNoteIn

    def __init__(self, session: Session, meeting: Meeting, item: AgendaItem, note: SpeakingNote | None) -> None:
        super().__init__(session, meeting, note)
        self._item = item

    def begun(self) -> SpeakingNote:
        """A note about the item."""
        return SpeakingNote(item_id=self.object_id, changed_at=clock.now())

    @property
    def label(self) -> str:
        """The meeting and the item."""
        return f"{super().label}: {self._item.title}"

    @property
    def object_id(self) -> int:
        """The item's id."""
        return ident(self._item)


class FrameTexts(_ChairTexts):
    """Begrüßung and Schluss of a locked meeting as the holder of its texts; it is known by the meeting's id."""

    kind = str(SpeakingFrame.__tablename__)
    labels = FRAME_LABELS
    shape = SpeakingFrameIn

    def begun(self) -> SpeakingFrame:
        """A frame of the meeting."""
        return SpeakingFrame(meeting_id=self.object_id, changed_at=clock.now())

    @property
    def object_id(self) -> int:
        """The meeting's id."""
        return ident(self._meeting)


def load_note_texts(session: Session, item_id: int) -> NoteTexts | None:
    """The note about an item for the worker, its meeting locked; None if the item is gone."""
    meeting_id = queries.find_meeting_of_item(session, item_id)
    if meeting_id is None:
        return None
    operator = system(clock.today())
    meeting = lock_meeting(session, operator, meeting_id)
    item = queries.get_item(session, operator, meeting_id, item_id)
    return NoteTexts(session, meeting, item, queries.note_to_keep(session, item_id))


def load_frame_texts(session: Session, meeting_id: int) -> FrameTexts | None:
    """Begrüßung and Schluss for the worker, the meeting locked; None if there are none."""
    frame = queries.frame_to_keep(session, meeting_id)
    return FrameTexts(session, lock_meeting(session, system(clock.today()), meeting_id), frame) if frame else None


def record_speaking(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    texts: SpeakingNote | SpeakingFrame,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    label: str,
    reason: str = "",
) -> None:
    """The history of the chair's texts, for those who may read them."""
    record(
        session,
        actor,
        "speaking.change" if isinstance(texts, SpeakingNote) else "speaking.frame",
        texts,
        before=before,
        after=after,
        label=label,
        reason=reason,
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL,
    )
