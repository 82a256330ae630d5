"""Coming and going: who is there from–to, for which seat or item, as a guest or staff; also corrected afterwards."""

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries.guests import guests_of_items
from app.agenda.queries.items import get_item
from app.attendance import queries
from app.attendance.models import Announcement, Answer, Presence, PresenceRole
from app.attendance.rules import times
from app.attendance.rules.settings import AD_HOC
from app.attendance.rules.words import PRESENCE_WORDS
from app.attendance.schemas import ArriveIn, MomentIn, PresenceChange
from app.attendance.service.announcing import AD_HOC_BARRED
from app.attendance.service.chairing import leave_chair
from app.attendance.service.traces import note, require_opened
from app.bodies.models import MembershipKind
from app.bodies.queries import load_rules
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import Invalid, Refused, Stale
from app.history.service import snapshot
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.people.models import Person
from app.people.queries import load_persons

FIELDS = ("from_at", "until_at", "remote")
ROLE_OF = {MembershipKind.MEMBER: PresenceRole.MEMBER, MembershipKind.DEPUTY: PresenceRole.DEPUTY}


def arrive(session: Session, actor: Actor, meeting: Meeting, wish: ArriveIn) -> Presence:
    """Somebody is there. Refused if the person is there already at that time, Invalid where it is not clear who.

    In a held meeting the presence ends with the meeting unless ``until`` says otherwise.
    """
    require_opened(actor, meeting)
    item = get_item(session, actor, ident(meeting), wish.item) if wish.item is not None else None
    seat = _seat(session, meeting, wish.seat)
    row = _newcomer(session, meeting, seat, item, wish)
    rows = queries.list_presences(session, ident(meeting))
    row.from_at = times.checked(meeting, wish.at or times.coming(meeting, clock.now()), clock.now(), "at")
    row.until_at = _until(meeting, wish, rows)
    times.checked_span(row.from_at, row.until_at, "until")
    _require_once(row, row.from_at, row.until_at, rows)
    session.add(row)
    session.flush()
    _note(session, actor, "attendance.arrive", meeting, row, before={}, item=item)
    return row


def arrive_all(session: Session, actor: Actor, meeting: Meeting, wish: MomentIn) -> list[Presence]:
    """Everybody who said yes, or their announced representative, is there since the beginning of the meeting.

    Who is there already stays as recorded. Refused if nobody is left who said yes.
    """
    require_opened(actor, meeting)
    at = wish.at or times.opening(meeting, clock.now())
    announced = queries.list_announcements(session, ident(meeting))
    taken = {row.seat_id for row in queries.list_presences(session, ident(meeting)) if row.item_id is None}
    found = []
    for view in queries.expected_seats(session, meeting):
        row = announced.get(ident(view.seat))
        if row is None or ident(view.seat) in taken or row.answer not in (Answer.ACCEPTED, Answer.REPRESENTED):
            continue
        if row.answer is Answer.ACCEPTED and not queries.members_of(view):
            continue
        found.append(arrive(session, actor, meeting, ArriveIn(seat=ident(view.seat), at=at)))
    if not found:
        raise Refused("Von denen, die zugesagt haben, ist niemand mehr einzutragen.")
    return found


def leave(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    presence_id: int,
    wish: MomentIn,
    *,
    base_version: int | None = None,
) -> Presence:
    """Somebody goes. Refused if they went already. Who leads the meeting leaves the chair with it."""
    row = _writable(session, actor, meeting, presence_id, base_version)
    if row.until_at is not None:
        raise Refused(f"{row.name} ist schon seit {text.time(row.until_at)} Uhr nicht mehr da.")
    before = snapshot(row, *FIELDS)
    end = times.checked(meeting, wish.at or times.leaving(meeting, clock.now()), clock.now(), "at")
    times.checked_span(row.from_at, end, "at")
    row.until_at = end
    session.add(row)
    session.flush()
    _note(session, actor, "attendance.leave", meeting, row, before=before)
    if row.person_id is not None and row.item_id is None:
        leave_chair(session, actor, meeting, row.person_id, end)
    return row


def change_presence(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    presence_id: int,
    wish: PresenceChange,
    *,
    base_version: int | None = None,
) -> Presence:
    """Correct times or how somebody took part; Invalid where the times cannot be."""
    row, given = _writable(session, actor, meeting, presence_id, base_version), wish.model_fields_set
    before, now = snapshot(row, *FIELDS), clock.now()
    begin, end = row.from_at, row.until_at
    if "from_at" in given:
        if wish.from_at is None:
            raise Invalid({"from_at": "Bitte füllen Sie dieses Feld aus."})
        begin = times.checked(meeting, wish.from_at, now, "from_at")
    if "until_at" in given:
        end = times.checked(meeting, wish.until_at, now, "until_at") if wish.until_at is not None else None
    if end is None and meeting.state is MeetingState.HELD:
        raise Invalid({"until_at": "Die Sitzung ist geschlossen. Bitte sagen Sie, bis wann die Person da war."})
    times.checked_span(begin, end, "until_at")
    _require_once(row, begin, end, queries.list_presences(session, ident(meeting)))
    row.from_at, row.until_at = begin, end
    row.remote = wish.remote if "remote" in given else row.remote
    session.add(row)
    session.flush()
    _note(session, actor, "attendance.change", meeting, row, before=before)
    return row


def remove_presence(
    session: Session, actor: Actor, meeting: Meeting, presence_id: int, *, base_version: int | None = None
) -> None:
    """The person was not there at all: the entry was a mistake. The history keeps it."""
    row = _writable(session, actor, meeting, presence_id, base_version)
    item = session.get(AgendaItem, row.item_id) if row.item_id is not None else None
    note(session, actor, "attendance.remove", meeting, row.name, before=snapshot(row, *FIELDS), item=item)
    session.delete(row)
    session.flush()


def _seat(session: Session, meeting: Meeting, seat_id: int | None) -> SeatView | None:
    if seat_id is None:
        return None
    found = next((one for one in queries.expected_seats(session, meeting) if ident(one.seat) == seat_id), None)
    if found is None:
        raise Invalid({"seat": "Diesen Sitz gibt es am Tag der Sitzung nicht."})
    return found


def _newcomer(
    session: Session, meeting: Meeting, seat: SeatView | None, item: AgendaItem | None, wish: ArriveIn
) -> Presence:
    """Who comes, as a row without times."""
    if seat is None:
        return _visitor(session, meeting, item, wish)
    person_id, name = wish.person, wish.name
    if person_id is None and not name:
        person_id, name = _usual(seat, queries.find_announcement(session, ident(meeting), ident(seat.seat)))
    if person_id is None:
        if not load_rules(session, meeting.body_id)[AD_HOC]:
            raise Invalid({"name": AD_HOC_BARRED})
        return _row(meeting, item, wish, name, PresenceRole.AD_HOC, seat=seat)
    kinds = {one.membership.kind: one.name for one in seat.holders if one.membership.person_id == person_id}
    for kind, role in ROLE_OF.items():
        if kind in kinds:
            return _row(meeting, item, wish, kinds[kind], role, seat=seat, person_id=person_id)
    raise Invalid({"person": "Diese Person ist am Tag der Sitzung weder Mitglied noch Stellvertretung dieses Sitzes."})


def _usual(seat: SeatView, announced: Announcement | None) -> tuple[int | None, str]:
    """Who comes for a seat where nobody is named: the announced representative, else the member."""
    if announced is not None and announced.answer is Answer.REPRESENTED:
        return announced.deputy_id, announced.deputy_name
    members = queries.members_of(seat)
    if not members:
        raise Invalid({"person": f"Der Sitz {queries.seat_name(seat)} ist nicht besetzt. Bitte sagen Sie, wer da ist."})
    return members[0]


def _visitor(session: Session, meeting: Meeting, item: AgendaItem | None, wish: ArriveIn) -> Presence:
    if wish.role not in (PresenceRole.GUEST, PresenceRole.STAFF):
        raise Invalid({"seat": f"Für „{PRESENCE_WORDS[wish.role]}“ nennen Sie bitte den Sitz."})
    if wish.person is None:
        if not wish.name:
            raise Invalid({"name": "Bitte sagen Sie, wer da ist."})
        return _row(meeting, item, wish, wish.name, wish.role)
    person = load_persons(session, [wish.person]).get(wish.person)
    if person is None:
        raise Invalid({"person": "Diese Person gibt es nicht."})
    name = _with_place(session, meeting, person, item)
    return _row(meeting, item, wish, name, wish.role, person_id=wish.person)


def _with_place(session: Session, meeting: Meeting, person: Person, item: AgendaItem | None) -> str:
    """Dr. Ada Beispiel, TU Berlin"""
    lines = guests_of_items(session, [ident(item)], life.day_of(meeting)).get(ident(item), []) if item else []
    where = next((line.where for line in lines if line.person.id == person.id), "")
    return f"{person.name}, {where}"[:330] if where else person.name


def _row(
    meeting: Meeting,
    item: AgendaItem | None,
    wish: ArriveIn,
    name: str,
    role: PresenceRole,
    *,
    seat: SeatView | None = None,
    person_id: int | None = None,
) -> Presence:
    return Presence(
        meeting_id=ident(meeting),
        seat_id=ident(seat.seat) if seat is not None else None,
        person_id=person_id,
        item_id=ident(item) if item is not None else None,
        name=name,
        role=role,
        remote=wish.remote,
        from_at=meeting.starts_at,
    )


def _until(meeting: Meeting, wish: ArriveIn, rows: Sequence[Presence]) -> dt.datetime | None:
    if wish.until is not None:
        return times.checked(meeting, wish.until, clock.now(), "until")
    return times.last_end(rows, meeting) if meeting.state is MeetingState.HELD else None


def _require_once(row: Presence, begin: dt.datetime, end: dt.datetime | None, rows: Sequence[Presence]) -> None:
    """Nobody is there twice: one span at a time, and not for an item while there anyway."""
    for other in rows:
        if other.id == row.id or not _same_person(row, other):
            continue
        if row.item_id is not None and row.item_id == other.item_id:
            raise Refused(f"{row.name} ist zu diesem Punkt schon eingetragen.")
        if (row.item_id is None or other.item_id is None) and times.meets(other, begin, end):
            raise Refused(f"{row.name} ist schon da ({_when(other)}). Es wurde nichts doppelt eingetragen.")


def _same_person(row: Presence, other: Presence) -> bool:
    if row.person_id is not None or other.person_id is not None:
        return row.person_id == other.person_id
    return text.fold(row.name) == text.fold(other.name) and row.seat_id == other.seat_id


def _when(row: Presence) -> str:
    if row.item_id is not None:
        return "nur zu einem Punkt"
    begin = text.time(row.from_at)
    return f"seit {begin} Uhr" if row.until_at is None else f"{begin} bis {text.time(row.until_at)} Uhr"


def _writable(session: Session, actor: Actor, meeting: Meeting, presence_id: int, base_version: int | None) -> Presence:
    """A presence for writing: unknown to whoever does not read who is there, before they hear that they may not."""
    row = queries.get_presence(session, actor, meeting, presence_id)
    require_opened(actor, meeting)
    if base_version is not None and row.version != base_version:
        raise Stale(snapshot(row, "id", "version", "name", *FIELDS))
    return row


def _note(
    session: Session,
    actor: Actor,
    verb: str,
    meeting: Meeting,
    row: Presence,
    *,
    before: dict[str, object],
    item: AgendaItem | None = None,
) -> None:
    if item is None and row.item_id is not None:
        item = session.get(AgendaItem, row.item_id)
    whom = f"{row.name} ({PRESENCE_WORDS[row.role]})"
    note(session, actor, verb, meeting, whom, before=before, after=snapshot(row, *FIELDS), item=item)
