"""Opening and closing of the minutes as texts that several people write, each saved while it is written."""

from collections.abc import Mapping

from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.db import ident
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import Minutes
from app.minutes.schemas.notes import MinutesTextsIn
from app.minutes.service.opening import open_minutes
from app.revisions.queries import last_version
from app.revisions.schemas import TextHolder

FRAME_LABELS: Mapping[str, str] = {"opening": "Einleitung", "closing": "Schluss"}


class MinutesTexts(TextHolder):
    """Opening and closing of the minutes of a locked meeting, known by the meeting's id.

    Their version is their own, counted by their revisions: the life of the minutes is not in the writer's way.
    """

    kind = str(Minutes.__tablename__)
    labels = FRAME_LABELS
    shape = MinutesTextsIn

    def __init__(self, session: Session, meeting: Meeting, row: Minutes | None) -> None:
        self._session, self._meeting, self._row = session, meeting, row
        self._version = last_version(session, self.kind, ident(meeting))

    @property
    def object_id(self) -> int:
        """The meeting's id."""
        return ident(self._meeting)

    @property
    def version(self) -> int:
        """How often the texts were changed."""
        return self._version

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._row, field)) if self._row else ""

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text; the minutes begin with it where they had not."""
        row = self._row = self._row or open_minutes(self._session, actor, self._meeting)
        setattr(row, field, content)
        row.changed_at, row.changed_by = clock.now(), actor.name
        self._session.add(row)
        self._session.flush()
        self._version += 1

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        if self._row is not None:
            record(
                self._session,
                actor,
                "minutes.frame",
                self._row,
                before={field: before},
                after={field: after},
                label=life.label_with_date(self._meeting),
                reason=reason,
                body_id=self._meeting.body_id,
                reach=Reach.DRAFT,
            )


def load_minutes_texts(session: Session, meeting_id: int) -> MinutesTexts | None:
    """Opening and closing for the worker, the meeting locked; None if there are none."""
    row = queries.find_minutes(session, meeting_id)
    return MinutesTexts(session, lock_meeting(session, system(clock.today()), meeting_id), row) if row else None
