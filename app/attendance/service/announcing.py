"""Announcements: what a seat says before the meeting, by the secretariat or by its own people."""

import datetime as dt
from typing import Any

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.attendance import queries
from app.attendance.models import Announcement, Answer
from app.attendance.rules.settings import AD_HOC
from app.attendance.rules.words import announced_words
from app.attendance.schemas import AnnounceIn
from app.attendance.service.traces import note
from app.bodies.models import MembershipKind
from app.bodies.queries import load_rules
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life

AD_HOC_BARRED = "Das Gremium lässt nur eingetragene Stellvertretungen zu. Bitte wählen Sie eine aus."

CANCELLED = "Die Sitzung ist abgesagt; Zu- und Absagen werden nicht mehr gebraucht."
BEGUN = "Die Sitzung hat schon begonnen. Änderungen trägt die Geschäftsstelle ein."


def announce(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    seat_id: int,
    wish: AnnounceIn,
    *,
    base_version: int | None = None,
) -> Announcement:
    """Say whether a seat comes; its own people may until the meeting begins, the secretariat also afterwards.

    NotFound for a seat that does not exist on the meeting's date, Stale if the answer is no longer *base_version* (0:
    none). Who declines is excused, unless the secretariat says otherwise (eigene Festlegung).
    """
    seat = expected_seat(session, meeting, seat_id)
    require_answerer(actor, meeting, seat)
    row = queries.find_announcement(session, ident(meeting), seat_id)
    if base_version is not None and base_version != (row.version if row is not None else 0):
        raise Stale(announced_state(row))
    return _announce(session, actor, meeting, seat, wish, row, by=_answerer(actor, meeting, seat))


def announce_from_outside(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    seat_id: int,
    wish: AnnounceIn,
    *,
    by: str,
    at: dt.datetime | None = None,
) -> Announcement:
    """The answer of somebody who is not signed in, but proved otherwise to be of the seat (personal link, mail).

    *by* is who answered, in words; *actor* bears that name and has no rights; *at* is when it was said
    (default: now). Refused once the meeting has begun.
    """
    seat = expected_seat(session, meeting, seat_id)
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(CANCELLED)
    if not _is_early(meeting):
        raise Refused(BEGUN)
    row = queries.find_announcement(session, ident(meeting), seat_id)
    return _announce(session, actor, meeting, seat, wish, row, by=by, at=at)


def may_be_named(session: Session, meeting: Meeting) -> bool:
    """Whether the body lets somebody represent a seat for one meeting only, by name."""
    return bool(load_rules(session, meeting.body_id)[AD_HOC])


def _announce(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    seat: SeatView,
    wish: AnnounceIn,
    row: Announcement | None,
    *,
    by: str,
    at: dt.datetime | None = None,
) -> Announcement:
    _require_deputy(session, meeting, seat, wish)
    people = queries.names_of_people(seat)
    before = _told(row, people)
    row = row or Announcement(meeting_id=ident(meeting), seat_id=ident(seat.seat), answered_at=clock.now())
    represented = wish.answer is Answer.REPRESENTED
    row.answer, row.note = wish.answer, wish.note
    row.deputy_id = wish.deputy if represented and not wish.deputy_name else None
    row.deputy_name = wish.deputy_name if represented else ""
    row.excused = _excused(actor, meeting, wish, row)
    row.answered_at, row.answered_by = at or clock.now(), by[:200]
    session.add(row)
    session.flush()
    note(
        session,
        actor,
        "attendance.announce",
        meeting,
        queries.seat_name(seat),
        before=before,
        after=_told(row, people),
        secret=True,
    )
    return row


def may_announce(actor: Actor, meeting: Meeting, seat: SeatView) -> bool:
    """Whether the actor may answer for *seat* now."""
    if meeting.state is MeetingState.CANCELLED:
        return False
    return (life.may_run(actor, meeting) and meeting.sealed_at is None) or (is_own(actor, seat) and _is_early(meeting))


def require_answerer(actor: Actor, meeting: Meeting, seat: SeatView) -> None:
    """Refuse whoever may not answer for *seat* now, with the sentence that says why."""
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(CANCELLED)
    if life.may_run(actor, meeting):
        life.require_unsealed(meeting)
        return
    if not is_own(actor, seat):
        raise Forbidden("Für diesen Sitz antworten seine Mitglieder, ihr Büro und die Geschäftsstelle.")
    if not _is_early(meeting):
        raise Refused(BEGUN)


def is_own(actor: Actor, seat: SeatView) -> bool:
    """Whether the actor is member, deputy or office of *seat*, today and on the meeting's date."""
    of_today = any(one.seat_id == ident(seat.seat) for one in actor.seats)
    return of_today and any(one.membership.person_id == actor.person_id for one in seat.holders)


def expected_seat(session: Session, meeting: Meeting, seat_id: int) -> SeatView:
    """A seat of the meeting's date; NotFound for any other."""
    found = next((one for one in queries.expected_seats(session, meeting) if ident(one.seat) == seat_id), None)
    if found is None:
        raise NotFound()
    return found


def announced_state(row: Announcement | None) -> dict[str, Any]:
    """What is announced, as plain values; what somebody reads who was overtaken."""
    if row is None:
        return {"answer": Answer.OPEN.value, "version": 0}
    names = ("answer", "deputy_id", "deputy_name", "excused", "note", "answered_by", "version")
    return {name: getattr(row, name) for name in names}


def _is_early(meeting: Meeting) -> bool:
    opened = meeting.state in (MeetingState.IN_SESSION, MeetingState.HELD)
    return not opened and clock.now() < meeting.starts_at


def _require_deputy(session: Session, meeting: Meeting, seat: SeatView, wish: AnnounceIn) -> None:
    if wish.answer is not Answer.REPRESENTED:
        return
    if wish.deputy_name:
        if not load_rules(session, meeting.body_id)[AD_HOC]:
            raise Invalid({"deputy_name": AD_HOC_BARRED})
        return
    if wish.deputy is None:
        raise Invalid({"deputy": "Bitte sagen Sie, wer vertritt."})
    deputies = {one.membership.person_id for one in seat.holders if one.membership.kind is MembershipKind.DEPUTY}
    if wish.deputy not in deputies:
        raise Invalid({"deputy": "Diese Person ist am Tag der Sitzung keine Stellvertretung dieses Sitzes."})


def _excused(actor: Actor, meeting: Meeting, wish: AnnounceIn, row: Announcement) -> bool:
    if wish.excused is not None and life.may_run(actor, meeting):
        return wish.excused
    if wish.answer is Answer.OPEN:
        return bool(row.excused)
    return wish.answer is Answer.DECLINED


def _answerer(actor: Actor, meeting: Meeting, seat: SeatView) -> str:
    office = any(one.seat_id == ident(seat.seat) and one.office for one in actor.seats)
    return f"{actor.name}, im Auftrag" if office and not life.may_run(actor, meeting) else actor.name


def _told(row: Announcement | None, people: dict[int, str]) -> dict[str, Any]:
    if row is None:
        return {}
    return {"announced": announced_words(row, people), "excused": row.excused, "remark": row.note}
