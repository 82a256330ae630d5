"""Plain values of attendance: the room at a moment, and the wishes of people."""

import datetime as dt
from dataclasses import dataclass

from app.attendance.models import PresenceRole


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is there, ``item_id``: for one item only. ``excluded``: takes no part in the item asked for."""

    presence_id: int
    person_id: int | None
    name: str
    role: PresenceRole
    remote: bool
    from_at: dt.datetime
    until_at: dt.datetime | None = None
    item_id: int | None = None
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class RoomSeat:
    """A seat of the meeting's date, by order of protocol. ``present`` are those who are there for it, members first."""

    seat_id: int
    organisation: str
    organisation_short: str
    title: str
    voting: bool
    chair: bool
    members: tuple[tuple[int, str], ...] = ()
    deputies: tuple[tuple[int, str], ...] = ()
    present: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True)
class InTheChair:
    """The person who leads the meeting at the moment."""

    person_id: int
    name: str
    from_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Repeat:
    """The meeting repeats one that was not quorate. ``for_item``: the item asked for was carried from that one."""

    first_meeting_id: int
    says_so: bool
    for_item: bool


@dataclass(frozen=True, slots=True)
class Room:
    """Who is there at a moment, for one item or in general. ``at`` None: now, or the end of a held meeting.

    ``invited``: the agenda was sent out, or the meeting was entered afterwards. ``video_counts``: the body's rule.
    """

    meeting_id: int
    at: dt.datetime | None
    item_id: int | None
    seats: tuple[RoomSeat, ...]
    others: tuple[Attendee, ...] = ()
    chair: InTheChair | None = None
    invited: bool = True
    video_counts: bool = True
    repeat: Repeat | None = None
