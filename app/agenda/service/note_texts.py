"""The chair's texts about an item as texts that several people write, each saved while it is written.

They count for themselves: neither the item's nor the meeting's version rises, and only readers of notes come here.
"""

from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda import queries
from app.agenda.models import AgendaItem, SpeakingFrame, SpeakingNote
from app.agenda.schemas.wishes import SpeakingNoteIn
from app.db import ident
from app.errors import Invalid
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.validation import read

TEXTS = ("goal", "key_messages", "reactive")


class NoteTexts:
    """The note about an item of a locked meeting as the holder of its texts; it is known by the item's id.

    A note begins with its first text: until then its version is 0.
    """

    kind = str(SpeakingNote.__tablename__)

    def __init__(self, session: Session, meeting: Meeting, item: AgendaItem, note: SpeakingNote | None) -> None:
        self._session, self._meeting, self._item, self._note = session, meeting, item, note

    @property
    def object_id(self) -> int:
        """The item's id."""
        return ident(self._item)

    @property
    def version(self) -> int:
        """The note's version, 0 while there is none."""
        return self._note.version if self._note else 0

    def text(self, field: str) -> str:
        """What stands in the field now; Invalid for a field that a note does not have."""
        if field not in TEXTS:
            raise Invalid({"field": "Dieses Feld gibt es nicht."})
        return str(getattr(self._note, field)) if self._note else ""

    def checked(self, field: str, text: str) -> str:
        """*text* as it would be stored; Invalid where it is too long."""
        self.text(field)
        return str(getattr(read(SpeakingNoteIn, {field: text}), field))

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text; the note gets a new version."""
        note = self._note = self._note or SpeakingNote(item_id=self.object_id, changed_at=clock.now())
        setattr(note, field, content)
        note.changed_at, note.changed_by = clock.now(), actor.name
        if note.id is not None:
            flag_modified(note, "changed_at")
        self._session.add(note)
        self._session.flush()

    def record(self, actor: Actor, field: str, before: str, after: str) -> None:
        """A finished stretch of writing enters the history as its writer's, for those who read notes."""
        if self._note is not None:
            label = f"{life.label_with_date(self._meeting)}: {self._item.title}"
            before_after = {field: before}, {field: after}
            record_speaking(self._session, actor, self._meeting, self._note, *before_after, label=label)


def load_note_texts(session: Session, item_id: int) -> NoteTexts | None:
    """The note about an item for the worker, its meeting locked; None if the item is gone."""
    meeting_id = queries.find_meeting_of_item(session, item_id)
    if meeting_id is None:
        return None
    operator = system(clock.today())
    meeting = lock_meeting(session, operator, meeting_id)
    item = queries.get_item(session, operator, meeting_id, item_id)
    return NoteTexts(session, meeting, item, queries.note_to_keep(session, item_id))


def record_speaking(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    texts: SpeakingNote | SpeakingFrame,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    label: str,
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
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL,
    )
