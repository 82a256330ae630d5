"""Notes on items as texts that several people write, each saved while it is written.

They count for themselves: a save loads one item and its note, and neither the agenda's nor the meeting's version rises.
"""

from collections.abc import Mapping

from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda.models import AgendaItem
from app.agenda.queries import find_meeting_of_item, get_item
from app.db import ident
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import MinuteNote
from app.minutes.schemas.notes import MinuteNoteIn
from app.revisions.queries import last_version
from app.revisions.schemas import TextHolder

NOTE_LABELS: Mapping[str, str] = {"note": "Verlauf der Beratung"}


class MinuteNoteTexts(TextHolder):
    """The note on an item of a locked meeting as the holder of its text; it is known by the item's id.

    Its version is its own, counted by its revisions: the times of the item are not in the writer's way. The row begins
    with the first text or time.
    """

    kind = str(MinuteNote.__tablename__)
    labels = NOTE_LABELS
    shape = MinuteNoteIn

    def __init__(self, session: Session, meeting: Meeting, item: AgendaItem, row: MinuteNote | None) -> None:
        self._session, self._meeting, self._item, self._row = session, meeting, item, row
        self._version = last_version(session, self.kind, ident(item))

    @property
    def object_id(self) -> int:
        """The item's id."""
        return ident(self._item)

    @property
    def version(self) -> int:
        """How often the text was changed."""
        return self._version

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._row, field)) if self._row else ""

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text."""
        row = self._row = self._row or begun_note(self._item)
        setattr(row, field, content)
        row.changed_at, row.changed_by = clock.now(), actor.name
        self._session.add(row)
        self._session.flush()
        self._version += 1

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        if self._row is not None:
            place = self._session, actor, self._meeting, self._item, self._row
            record_note(*place, "minutes.note", {field: before}, {field: after}, reason)


def begun_note(item: AgendaItem) -> MinuteNote:
    """A note on the item in which nothing stands yet, not stored."""
    return MinuteNote(item_id=ident(item), changed_at=clock.now())


def load_note_texts(session: Session, item_id: int) -> MinuteNoteTexts | None:
    """The note on an item for the worker, its meeting locked; None if the item is gone."""
    meeting_id = find_meeting_of_item(session, item_id)
    if meeting_id is None:
        return None
    operator = system(clock.today())
    meeting = lock_meeting(session, operator, meeting_id)
    item = get_item(session, operator, meeting_id, item_id)
    return MinuteNoteTexts(session, meeting, item, queries.note_to_keep(session, item_id))


def record_note(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    row: MinuteNote,
    verb: str,
    before: dict[str, object],
    after: dict[str, object],
    reason: str = "",
) -> None:
    """The history of what is noted about an item, for those who read drafts (and so what is confidential, too)."""
    record(
        session,
        actor,
        verb,
        row,
        before=before,
        after=after,
        label=f"{life.label_with_date(meeting)}: {item.title}",
        reason=reason,
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )
