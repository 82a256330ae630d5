"""Attendance of a meeting as programs read it."""

from pydantic import Field

from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.attendance.models import Announcement, Answer, Chairing, Exclusion, Presence, PresenceRole
from app.attendance.queries import deputies_of, members_of
from app.attendance.rules.line import RoomLine
from app.bodies.schemas import SeatView
from app.db import ident
from app.meetings.models import Meeting


class PersonOut(Shape):
    """Somebody at a seat on the meeting's date."""

    person: int
    name: str


class SeatAnswerOut(Thing):
    """What a seat announced; ``id`` is the seat's, ``version`` 0 where nothing was said yet."""

    seat: int
    organisation: str
    title: str
    voting: bool
    chair: bool
    members: list[PersonOut]
    deputies: list[PersonOut]
    answer: Answer
    deputy: int | None
    deputy_name: str
    excused: bool
    note: str
    answered_at: Moment | None
    answered_by: str


class PresenceOut(Thing):
    """Somebody who was there from–until (null: still), for a seat, or for the one ``item``."""

    seat: int | None
    person: int | None
    item: int | None
    name: str
    role: PresenceRole
    remote: bool
    from_at: Moment
    until_at: Moment | None


class ChairOut(Shape):
    """Somebody who led the meeting from–until (null: still)."""

    id: int
    person: int
    name: str
    from_at: Moment
    until_at: Moment | None


class ExclusionOut(Shape):
    """A person who takes no part in an item."""

    item: int
    person: int
    reason: str


class RoomOut(Shape):
    """The room now, or at the end of a held meeting."""

    present: int = Field(description="Sitze mit Stimme, für die jemand da ist")
    entitled: int = Field(description="Sitze mit Stimme")
    quorate: bool | None = Field(description="null: Das Gremium hat keine Regel")
    sentence: str
    chair: str


class RepeatOut(Shape):
    """The meeting repeats one that was not quorate."""

    first_meeting: int
    says_so: bool


class AttendanceOut(Thing):
    """Attendance as far as it is yours to read: the own seats before a meeting, who was there after it.

    ``id`` is the meeting's. ``room``, ``chair``, ``exclusions`` and ``repeats`` are for secretariat and chair.
    """

    seats: list[SeatAnswerOut]
    presences: list[PresenceOut]
    room: RoomOut | None
    chair: list[ChairOut]
    exclusions: list[ExclusionOut]
    repeats: RepeatOut | None


def seat_out(meeting: Meeting, view: SeatView, row: Announcement | None) -> SeatAnswerOut:
    """A seat with what it announced."""
    meeting_id, seat_id = ident(meeting), ident(view.seat)
    return SeatAnswerOut(
        id=seat_id,
        version=row.version if row is not None else 0,
        url=f"{PREFIX}/meetings/{meeting_id}/attendance/seats/{seat_id}",
        page=f"/sitzungen/{meeting_id}/anwesenheit",
        seat=seat_id,
        organisation=view.organisation,
        title=view.seat.title,
        voting=view.seat.voting,
        chair=view.seat.chair,
        members=[PersonOut(person=person, name=name) for person, name in members_of(view)],
        deputies=[PersonOut(person=person, name=name) for person, name in deputies_of(view)],
        answer=row.answer if row is not None else Answer.OPEN,
        deputy=row.deputy_id if row is not None else None,
        deputy_name=row.deputy_name if row is not None else "",
        excused=row.excused if row is not None else False,
        note=row.note if row is not None else "",
        answered_at=row.answered_at if row is not None else None,
        answered_by=row.answered_by if row is not None else "",
    )


def presence_out(row: Presence) -> PresenceOut:
    """Somebody who was there."""
    return PresenceOut(
        id=ident(row),
        version=row.version,
        url=f"{PREFIX}/meetings/{row.meeting_id}/attendance/presences/{ident(row)}",
        page=f"/sitzungen/{row.meeting_id}/anwesenheit",
        seat=row.seat_id,
        person=row.person_id,
        item=row.item_id,
        name=row.name,
        role=row.role,
        remote=row.remote,
        from_at=row.from_at,
        until_at=row.until_at,
    )


def chair_out(row: Chairing) -> ChairOut:
    """Somebody who led the meeting."""
    return ChairOut(id=ident(row), person=row.person_id, name=row.name, from_at=row.from_at, until_at=row.until_at)


def exclusion_out(row: Exclusion) -> ExclusionOut:
    """Somebody who takes no part in an item."""
    return ExclusionOut(item=row.item_id, person=row.person_id, reason=row.reason)


def room_out(line: RoomLine) -> RoomOut:
    """The room in one line."""
    return RoomOut(
        present=line.count.present,
        entitled=line.count.entitled,
        quorate=line.quorum.met,
        sentence=line.quorum.sentence,
        chair=line.chair,
    )
