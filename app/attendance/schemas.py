"""Plain values of attendance: the room at a moment, and the wishes of people."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.attendance.models import Answer, PresenceRole
from app.meetings.schemas import When
from app.validation import Line, RowId

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


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


class AnnounceIn(BaseModel):
    """What a seat announces; ``deputy`` (a person) or ``deputy_name`` represents it. ``excused``: the secretariat's."""

    model_config = _STRICT

    answer: Answer
    deputy: RowId | None = None
    deputy_name: Annotated[Line, Field(max_length=200)] = ""
    note: Annotated[Line, Field(max_length=500)] = ""
    excused: bool | None = None


class ArriveIn(BaseModel):
    """Somebody is there: for a ``seat`` (its member without further words), or as a guest or staff.

    ``name`` alone is an ad-hoc representative of the seat, or a guest who is in no list. ``item``: for that item only.
    ``at`` absent: now, or the meeting's beginning where it is entered afterwards.
    """

    model_config = _STRICT

    seat: RowId | None = None
    person: RowId | None = None
    name: Annotated[Line, Field(max_length=300)] = ""
    role: PresenceRole = PresenceRole.GUEST
    remote: bool = False
    item: RowId | None = None
    at: When | None = None
    until: When | None = None


class MomentIn(BaseModel):
    """A moment; absent: now, or what is usual for the act."""

    model_config = _STRICT

    at: When | None = None


class PresenceChange(BaseModel):
    """Corrections of a presence: only the given fields change. ``until_at`` null: still there."""

    model_config = _STRICT

    from_at: When | None = None
    until_at: When | None = None
    remote: bool = False


class ChairIn(BaseModel):
    """Somebody who is there takes the chair."""

    model_config = _STRICT

    person: RowId
    at: When | None = None


class ExcludeIn(BaseModel):
    """A person takes no part in an item."""

    model_config = _STRICT

    item: RowId
    person: RowId
    reason: Annotated[Line, Field(min_length=1, max_length=500)]


class RepeatIn(BaseModel):
    """The meeting repeats ``first_meeting``; ``says_so``: its invitation states that it is quorate regardless."""

    model_config = _STRICT

    first_meeting: RowId
    says_so: bool = False
