"""What calendars are built from: meetings, deadlines and actions as they are stored, already narrowed to one reader."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.actions.models import Action
from app.meetings.models import Meeting, MeetingDeadline


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """Minutes that the reader may read; ``objections_until`` only while the reader may object to them.

    ``dispatches``: how often they were sent for review, the last time at ``sent_at``.
    """

    approved: bool
    objections_until: dt.date | None = None
    sent_at: dt.datetime | None = None
    dispatches: int = 0


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting with the short name of its body; ``titles`` of its agenda only where the body wants them shown.

    ``minutes``: those sent or approved, None where there are none for the reader.
    """

    meeting: Meeting
    body: str
    titles: tuple[str, ...] = ()
    minutes: MinutesRow | None = None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An own action that is not confidential; ``body``: short name; ``titled``: calendars of the body may name it."""

    action: Action
    body: str
    titled: bool


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A running circular procedure that asks the reader, with the short name of its body; never its subject."""

    circular_id: int
    body: str
    ends_on: dt.date
    started_at: dt.datetime


@dataclass(frozen=True, slots=True)
class FeedRows:
    """Meetings by time, the deadlines that concern the reader, by meeting, own actions, and votes that wait."""

    meetings: tuple[MeetingRow, ...] = ()
    deadlines: Mapping[int, tuple[MeetingDeadline, ...]] = field(default_factory=dict)
    actions: tuple[ActionRow, ...] = ()
    votes: tuple[VoteRow, ...] = ()
