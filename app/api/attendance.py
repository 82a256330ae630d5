"""Attendance of a meeting: answers of seats, presences, the chair, exclusions, the second invitation."""

from functools import partial

from fastapi import APIRouter, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda.queries.items import list_items
from app.api.answers import changed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody
from app.api.schemas.attendance import (
    AttendanceOut,
    PresenceOut,
    RepeatOut,
    SeatAnswerOut,
    chair_out,
    exclusion_out,
    presence_out,
    room_out,
    seat_out,
)
from app.api.schemas.thing import PREFIX, Id
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.attendance import queries
from app.attendance.models import Announcement, Presence
from app.attendance.queries import load_room
from app.attendance.rules.line import room_line
from app.attendance.rules.reading import reads_room, require_reader
from app.attendance.schemas import (
    AnnounceIn,
    ArriveIn,
    ChairIn,
    ExcludeIn,
    MomentIn,
    PresenceChange,
    RepeatIn,
)
from app.attendance.service import chairing, excluding, presence, repeating
from app.attendance.service.announcing import announce, expected_seat, is_own
from app.attendance.service.traces import require_keeper
from app.bodies.queries import load_rules
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/attendance", tags=["Anwesenheit"])


@router.get("", response_model=AttendanceOut, summary="Anwesenheit")
def show_attendance(meeting_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """Who is expected, what they announced, who is there; members: their own seats, and afterwards who was there."""
    return shown(attendance_of(session, actor, get_meeting(session, actor, meeting_id)))


@router.get("/seats/{seat_id}", response_model=SeatAnswerOut, summary="Antwort eines Sitzes")
def show_seat(meeting_id: Id, seat_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """What a seat announced: for secretariat and chair any, for its own people theirs."""
    meeting = get_meeting(session, actor, meeting_id)
    view = _seat(session, actor, meeting, seat_id)
    return shown(seat_out(meeting, view, queries.find_announcement(session, meeting_id, seat_id)))


@router.patch("/seats/{seat_id}", response_model=SeatAnswerOut, summary="Teilnahme ankündigen")
def answer(
    meeting_id: Id, seat_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: AnnounceIn
) -> Response:
    """What a seat announces, whole: its own people until the meeting begins, the secretariat also afterwards.

    If-Match is the version of the answer, "0" where there is none.
    """
    meeting = _lock(session, actor, meeting_id)
    view = _seat(session, actor, meeting, seat_id)
    row = queries.find_announcement(session, meeting_id, seat_id)
    seen.check(row.version if row is not None else 0, lambda: seat_out(meeting, view, row))

    def show(stored: Announcement) -> SeatAnswerOut:
        return seat_out(meeting, view, stored)

    return changed(session, lambda: announce(session, actor, meeting, seat_id, wish), show)


@router.get("/presences/{presence_id}", response_model=PresenceOut, summary="Eine Anwesenheit")
def show_presence(meeting_id: Id, presence_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """Somebody who was there."""
    meeting = get_meeting(session, actor, meeting_id)
    require_reader(actor, meeting)
    return shown(presence_out(queries.get_presence(session, actor, meeting, presence_id)))


@router.post("/presences", response_model=PresenceOut, status_code=201, summary="Jemand ist da")
def arrive(meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ArriveIn) -> Response:
    """Somebody came: for a seat, for one item, as a guest or without a seat."""
    return once.created(
        session, lambda: presence.arrive(session, actor, _lock(session, actor, meeting_id), wish), presence_out
    )


@router.post("/arrive-all", response_model=AttendanceOut, summary="Alle, die zugesagt haben, sind da")
def arrive_all(meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: MomentIn) -> Response:
    """Everybody who said yes came, at ``at`` or at the beginning."""

    def act() -> Meeting:
        meeting = _lock(session, actor, meeting_id)
        presence.arrive_all(session, actor, meeting, wish)
        return meeting

    return once.done(session, act, partial(attendance_of, session, actor))


@router.patch("/presences/{presence_id}", response_model=PresenceOut, summary="Anwesenheit berichtigen")
def correct(
    meeting_id: Id,
    presence_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    seen: MustHaveSeen,
    wish: PresenceChange,
) -> Response:
    """Correct times, or whether somebody took part by video, until the minutes are approved."""
    meeting = _lock_presence(session, actor, meeting_id, presence_id, seen)
    return changed(session, lambda: presence.change_presence(session, actor, meeting, presence_id, wish), presence_out)


@router.post("/presences/{presence_id}/leave", response_model=PresenceOut, summary="Jemand geht")
def leave(
    meeting_id: Id,
    presence_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: MomentIn,
) -> Response:
    """Somebody left, now or at ``at``."""

    def act() -> Presence:
        meeting = _lock_presence(session, actor, meeting_id, presence_id, seen)
        return presence.leave(session, actor, meeting, presence_id, wish)

    return once.done(session, act, presence_out)


@router.delete("/presences/{presence_id}", response_model=AttendanceOut, summary="Anwesenheit streichen")
def strike(meeting_id: Id, presence_id: Id, session: WriteSession, actor: CurrentActor, seen: MaybeSeen) -> Response:
    """The entry was a mistake; answers with what is left."""
    meeting = _lock_presence(session, actor, meeting_id, presence_id, seen)

    def act() -> Meeting:
        presence.remove_presence(session, actor, meeting, presence_id)
        return meeting

    return changed(session, act, partial(attendance_of, session, actor))


@router.post("/chair", response_model=AttendanceOut, summary="Leitung übernehmen")
def take_chair(meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ChairIn) -> Response:
    """Somebody who is there leads from now on, or from ``at``; the one before no longer does."""

    def act() -> Meeting:
        meeting = _lock(session, actor, meeting_id)
        chairing.take_chair(session, actor, meeting, wish)
        return meeting

    return once.done(session, act, partial(attendance_of, session, actor))


@router.post("/exclusions", response_model=AttendanceOut, summary="Von einem Punkt ausschließen")
def exclude(meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ExcludeIn) -> Response:
    """A person takes no part in an item (Befangenheit)."""

    def act() -> Meeting:
        meeting = _lock(session, actor, meeting_id)
        excluding.exclude(session, actor, meeting, wish)
        return meeting

    return once.done(session, act, partial(attendance_of, session, actor))


@router.post("/exclusions/{item_id}/{person_id}/lift", response_model=AttendanceOut, summary="Ausschluss aufheben")
def admit(
    meeting_id: Id,
    item_id: Id,
    person_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    _: NoBody,
) -> Response:
    """The person takes part in the item after all."""

    def act() -> Meeting:
        meeting = _lock(session, actor, meeting_id)
        excluding.admit(session, actor, meeting, item_id, person_id)
        return meeting

    return once.done(session, act, partial(attendance_of, session, actor))


@router.post("/second-invitation", response_model=AttendanceOut, summary="Zweite Einladung")
def repeat(meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: RepeatIn) -> Response:
    """The meeting repeats one that was not quorate."""

    def act() -> Meeting:
        meeting = _lock(session, actor, meeting_id)
        repeating.repeat_meeting(session, actor, meeting, wish)
        return meeting

    return once.done(session, act, partial(attendance_of, session, actor))


def attendance_of(session: Session, actor: Actor, meeting: Meeting) -> AttendanceOut:
    """Attendance of a readable meeting, as far as the actor reads it; NotFound where it is none of theirs."""
    require_reader(actor, meeting)
    whole, meeting_id = reads_room(actor, meeting), ident(meeting)
    announced = queries.list_announcements(session, meeting_id)
    views = queries.expected_seats(session, meeting)
    rows = queries.readable_presences(session, actor, meeting)
    items = [ident(one) for one in list_items(session, actor, meeting_id)] if whole else []
    second = queries.find_second_invitation(session, meeting_id) if whole else None
    return AttendanceOut(
        id=meeting_id,
        url=f"{PREFIX}/meetings/{meeting_id}/attendance",
        page=f"/sitzungen/{meeting_id}/anwesenheit",
        seats=[
            seat_out(meeting, view, announced.get(ident(view.seat))) for view in views if whole or is_own(actor, view)
        ],
        presences=[presence_out(row) for row in rows],
        room=room_out(room_line(load_rules(session, meeting.body_id), load_room(session, meeting))) if whole else None,
        chair=[chair_out(row) for row in queries.list_chairings(session, meeting_id)] if whole else [],
        exclusions=[exclusion_out(row) for row in queries.list_exclusions(session, items)] if items else [],
        repeats=RepeatOut(first_meeting=second.first_meeting_id, says_so=second.says_so) if second else None,
    )


def _lock(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    meeting = lock_meeting(session, actor, meeting_id)
    require_reader(actor, meeting)
    return meeting


def _lock_presence(session: Session, actor: Actor, meeting_id: int, presence_id: int, seen: Seen) -> Meeting:
    """The meeting for changing a presence; whoever does not read who is there learns nothing of it."""
    meeting = _lock(session, actor, meeting_id)
    row = queries.get_presence(session, actor, meeting, presence_id)
    require_keeper(actor, meeting)
    seen.check(row.version, lambda: presence_out(row))
    return meeting


def _seat(session: Session, actor: Actor, meeting: Meeting, seat_id: int) -> SeatView:
    """A seat whose answer the actor reads; NotFound for any other."""
    require_reader(actor, meeting)
    view = expected_seat(session, meeting, seat_id)
    if not (reads_room(actor, meeting) or is_own(actor, view)):
        raise NotFound()
    return view
