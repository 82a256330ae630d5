"""What calendars are built from: meetings and deadlines as the database has them, already narrowed to one reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.meetings.models import Meeting, MeetingDeadline


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting with the short name of its body; ``titles`` of its agenda only where the body wants them shown."""

    meeting: Meeting
    body: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedRows:
    """Meetings by time, and the deadlines that concern the reader, by meeting."""

    meetings: tuple[MeetingRow, ...] = ()
    deadlines: Mapping[int, tuple[MeetingDeadline, ...]] = field(default_factory=dict)
