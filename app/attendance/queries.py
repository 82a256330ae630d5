"""Reading attendance: the room at a moment, announcements, presences, exclusions, the chair."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor
from app.agenda.models import AgendaItem, AgendaRelease, Level
from app.agenda.queries.items import find_meeting_of_item, levels_of_items
from app.attendance.models import Announcement, Chairing, Exclusion, Presence, SecondInvitation
from app.attendance.rules.reading import reads_attended
from app.attendance.rules.settings import VIDEO
from app.attendance.rules.votes import PRECEDENCE
from app.attendance.schemas import Attendee, InTheChair, Repeat, Room, RoomSeat
from app.bodies.models import MembershipKind
from app.bodies.queries import list_seats, load_rules
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.visibility import Matter, attends, reads


def load_room(
    session: Session, meeting: Meeting, *, item: AgendaItem | None = None, at: dt.datetime | None = None
) -> Room:
    """Who is there at the moment *at*, and who takes no part in *item*. Rights are the caller's matter.

    Without *at*: now; for a held meeting its end. Who is there for one item only is counted at that item alone.
    """
    meeting_id, item_id = ident(meeting), ident(item) if item is not None else None
    rows = list_presences(session, meeting_id)
    moment = at or _end(meeting, rows)
    barred = excluded_from(session, item_id) if item_id is not None else frozenset[int]()
    here = [(_attendee(row, barred), row.seat_id) for row in rows if is_there(row, moment, item_id)]
    return Room(
        meeting_id=meeting_id,
        at=at,
        item_id=item_id,
        seats=tuple(_seat(view, here) for view in expected_seats(session, meeting)),
        others=tuple(one for one, seat_id in here if seat_id is None),
        chair=_in_the_chair(session, meeting_id, moment),
        invited=meeting.entered_afterwards or _was_sent(session, meeting_id),
        video_counts=load_rules(session, meeting.body_id)[VIDEO],
        repeat=_repeat(session, meeting_id, item),
    )


def is_there(row: Presence, moment: dt.datetime | None, item_id: int | None) -> bool:
    """Whether *row* counts for the item at *moment* (None: who has not left): its end no longer belongs to it."""
    if row.item_id is not None:
        return row.item_id == item_id
    if moment is None:
        return row.until_at is None
    return row.from_at <= moment and (row.until_at is None or moment < row.until_at)


def expected_seats(session: Session, meeting: Meeting) -> list[SeatView]:
    """The seats of the meeting's date in order of protocol with those who hold them; four queries."""
    return list_seats(session, meeting.body_id, life.day_of(meeting))


def list_presences(session: Session, meeting_id: int) -> Sequence[Presence]:
    """Everybody who was there, in the order of their coming."""
    return session.exec(
        select(Presence).where(Presence.meeting_id == meeting_id).order_by(col(Presence.from_at), col(Presence.id))
    ).all()


def readable_presences(session: Session, actor: Actor, meeting: Meeting) -> Sequence[Presence]:
    """Who was there, as far as the actor reads it: guests of confidential items only with these items."""
    if not reads_attended(actor, meeting):
        return []
    rows = list_presences(session, ident(meeting))
    if reads(actor, Matter.CONFIDENTIAL, meeting.body_id):
        return rows
    levels = levels_of_items(session, {row.item_id for row in rows if row.item_id is not None and not row.seat_id})
    barred = {
        item_id
        for item_id, level in levels.items()
        if level is Level.CONFIDENTIAL and not attends(actor, meeting.body_id, item_id)
    }
    return [row for row in rows if row.seat_id is not None or row.item_id not in barred]


def list_chairings(session: Session, meeting_id: int) -> Sequence[Chairing]:
    """Who led the meeting, in order."""
    return session.exec(
        select(Chairing).where(Chairing.meeting_id == meeting_id).order_by(col(Chairing.from_at), col(Chairing.id))
    ).all()


def excluded_from(session: Session, item_id: int) -> frozenset[int]:
    """The persons who take no part in an item."""
    return frozenset(session.exec(select(Exclusion.person_id).where(Exclusion.item_id == item_id)))


def find_exclusion(session: Session, item_id: int, person_id: int) -> Exclusion | None:
    """Why a person takes no part in an item, None if they do."""
    return session.get(Exclusion, (item_id, person_id))


def list_exclusions(session: Session, item_ids: Collection[int]) -> Sequence[Exclusion]:
    """Who takes no part in which of these items, which the reader may see."""
    return session.exec(
        select(Exclusion)
        .where(col(Exclusion.item_id).in_(item_ids))
        .order_by(col(Exclusion.recorded_at), col(Exclusion.item_id), col(Exclusion.person_id))
    ).all()


def list_announcements(session: Session, meeting_id: int) -> dict[int, Announcement]:
    """What the seats announced, by seat."""
    rows = session.exec(select(Announcement).where(Announcement.meeting_id == meeting_id))
    return {row.seat_id: row for row in rows}


def find_announcement(session: Session, meeting_id: int, seat_id: int) -> Announcement | None:
    """What a seat announced, None where nothing."""
    return session.get(Announcement, (meeting_id, seat_id), populate_existing=True)


def get_presence(session: Session, actor: Actor, meeting: Meeting, presence_id: int) -> Presence:
    """One presence of a meeting; NotFound for unknown and invisible alike."""
    for row in readable_presences(session, actor, meeting):
        if row.id == presence_id:
            return row
    raise NotFound()


def people_of_meeting(session: Session, meeting: Meeting) -> dict[int, str]:
    """Members and deputies of the expected seats and everybody who was there, by person, in order of protocol."""
    found: dict[int, str] = {}
    for view in expected_seats(session, meeting):
        for one in view.holders:
            if one.membership.kind is not MembershipKind.OFFICE:
                found.setdefault(one.membership.person_id, one.name)
    for row in list_presences(session, ident(meeting)):
        if row.person_id is not None:
            found.setdefault(row.person_id, row.name)
    return found


def members_of(view: SeatView) -> list[tuple[int, str]]:
    """The member of a seat on the day for which it was read."""
    return _holders(view, MembershipKind.MEMBER)


def deputies_of(view: SeatView) -> list[tuple[int, str]]:
    """The deputies of a seat on the day for which it was read."""
    return _holders(view, MembershipKind.DEPUTY)


def names_of_people(view: SeatView) -> dict[int, str]:
    """Everybody at a seat by person."""
    return {one.membership.person_id: one.name for one in view.holders}


def seat_name(view: SeatView) -> str:
    """IHK Berlin, Präsidium"""
    return ", ".join(part for part in (view.organisation, view.seat.title) if part)


def find_second_invitation(session: Session, meeting_id: int) -> SecondInvitation | None:
    """What the meeting repeats, None if it is an ordinary one."""
    return session.get(SecondInvitation, meeting_id)


def _end(meeting: Meeting, rows: Sequence[Presence]) -> dt.datetime | None:
    """The last moment of a held meeting at which somebody was there; None while it is not held."""
    if meeting.state is not MeetingState.HELD:
        return None
    ends = [row.until_at for row in rows if row.until_at is not None and row.item_id is None]
    return max(ends) - dt.timedelta(microseconds=1) if ends else None


def _attendee(row: Presence, barred: frozenset[int]) -> Attendee:
    return Attendee(
        presence_id=ident(row),
        person_id=row.person_id,
        name=row.name,
        role=row.role,
        remote=row.remote,
        from_at=row.from_at,
        until_at=row.until_at,
        item_id=row.item_id,
        excluded=row.person_id in barred,
    )


def _seat(view: SeatView, here: Sequence[tuple[Attendee, int | None]]) -> RoomSeat:
    present = [one for one, seat_id in here if seat_id == ident(view.seat)]
    return RoomSeat(
        seat_id=ident(view.seat),
        organisation=view.organisation,
        organisation_short=view.organisation_short,
        title=view.seat.title,
        voting=view.seat.voting,
        chair=view.seat.chair,
        members=tuple(members_of(view)),
        deputies=tuple(deputies_of(view)),
        present=tuple(sorted(present, key=lambda one: PRECEDENCE[one.role])),
    )


def _holders(view: SeatView, kind: MembershipKind) -> list[tuple[int, str]]:
    return [(one.membership.person_id, one.name) for one in view.holders if one.membership.kind is kind]


def _in_the_chair(session: Session, meeting_id: int, moment: dt.datetime | None) -> InTheChair | None:
    for row in reversed(list_chairings(session, meeting_id)):
        led = moment is None or (row.from_at <= moment and (row.until_at is None or moment < row.until_at))
        if led and (moment is not None or row.until_at is None):
            return InTheChair(row.person_id, row.name, row.from_at)
    return None


def _was_sent(session: Session, meeting_id: int) -> bool:
    return bool(session.execute(sa.select(sa.exists().where(col(AgendaRelease.meeting_id) == meeting_id))).scalar())


def _repeat(session: Session, meeting_id: int, item: AgendaItem | None) -> Repeat | None:
    found = find_second_invitation(session, meeting_id)
    if found is None:
        return None
    carried = item.carried_from_id if item is not None else None
    same = carried is not None and find_meeting_of_item(session, carried) == found.first_meeting_id
    return Repeat(found.first_meeting_id, found.says_so, same)
