"""What the page of attendance shows: seats with what they announced and who is there, guests, the chair, exclusions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries.guests import guests_of_items
from app.agenda.queries.items import list_items
from app.attendance import queries
from app.attendance.models import Announcement, Answer, Presence, PresenceRole
from app.attendance.queries import deputies_of, load_room, members_of
from app.attendance.rules.line import room_line
from app.attendance.rules.reading import reads_attended, reads_room, require_reader
from app.attendance.rules.settings import AD_HOC, QUORUM, QuorumModel
from app.attendance.rules.words import ANSWER_WORDS, PRESENCE_WORDS, absence_words, announced_words, span_words
from app.attendance.service.announcing import is_own, may_announce
from app.attendance.service.repeating import may_repeat
from app.bodies.queries import load_rules
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import SkipError
from app.invitations import queries as invitations
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import list_meetings
from app.meetings.rules import life
from app.web.forms import Form
from app.web.meetings.meeting_frame import ATTENDANCE, address_of, meeting_page
from app.web.respond import piece

BEGUN = (MeetingState.IN_SESSION, MeetingState.HELD)
PRESENCE_ROLES = ((PresenceRole.GUEST.value, "Gast"), (PresenceRole.STAFF.value, "ohne Sitz dabei (z. B. Protokoll)"))


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody who is or was there, in words; ``here``: still."""

    row: Presence
    role: str
    when: str
    here: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of the page. ``missing``: its people who are not there; ``usual``: who of them is expected."""

    seat_id: int
    name: str
    sub: str
    announcement: Announcement | None
    announced: str
    may_answer: bool
    stays: tuple[Stay, ...] = ()
    missing: tuple[tuple[int, str, str], ...] = ()
    usual: tuple[int | None, str] = (None, "")
    deputies: tuple[tuple[int, str], ...] = ()
    absent: str = ""

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Who may come for the seat, to choose from."""
        return [(person_id, f"{name}, {role}") for person_id, name, role in self.missing]

    @property
    def version(self) -> int:
        """The version of what was announced, 0 for nothing."""
        return self.announcement.version if self.announcement is not None else 0


@dataclass(frozen=True, slots=True)
class Typed:
    """The form that did not hold: its name, what was typed, and why."""

    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    error: SkipError | None = None

    @property
    def errors(self) -> dict[str, str]:
        """The sentences by the ids of the fields."""
        fields = self.error.by_field if self.error is not None else {}
        return {f"{self.name}-{key}" if key else "": sentence for key, sentence in fields.items()}

    def form(self, name: str, stored: Mapping[str, Any]) -> Form:
        """The form *name*: what was typed into it, else what is stored."""
        if name != self.name or self.error is None:
            return Form(stored)
        return Form({**stored, **self.values}, self.error.by_field)


def attendance_page(
    request: Request, session: Session, actor: Actor, meeting: Meeting, wrong: Typed | None = None
) -> Response:
    """The tab Anwesenheit: for secretariat and chair the room, for members their answer and who attended."""
    wrong = wrong or Typed()
    whole = reads_room(actor, meeting)
    values = room_values(session, actor, meeting, wrong) if whole else own_values(session, actor, meeting, wrong)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "attendance/show.html" if whole else "attendance/own.html",
        tab=ATTENDANCE,
        guest_answers=invitations.guest_lines(session, ident(meeting)) if whole else [],
        answer_words=ANSWER_WORDS,
        status=wrong.error.status if wrong.error else 200,
        **values,
    )


def attendance_piece(
    request: Request, session: Session, actor: Actor, meeting: Meeting, *, said: str = "", wrong: Typed | None = None
) -> Response:
    """The room alone, for htmx."""
    values = room_values(session, actor, meeting, wrong or Typed())
    return piece(
        request, "attendance/_attendance.html", address=address_of(meeting), meeting=meeting, said=said, **values
    )


def room_values(session: Session, actor: Actor, meeting: Meeting, wrong: Typed) -> dict[str, Any]:
    """What ``attendance/_attendance.html`` shows."""
    book, rows = load_rules(session, meeting.body_id), queries.list_presences(session, ident(meeting))
    items = [one for one in list_items(session, actor, ident(meeting)) if not one.withdrawn]
    items.sort(key=lambda one: text.number_key(one.number))
    words = {ident(one): f"TOP {one.number} {one.title}".replace("TOP  ", "") for one in items}
    keeps = life.may_run(actor, meeting) and meeting.sealed_at is None
    here = [row for row in rows if row.until_at is None or meeting.state is MeetingState.HELD]
    return {
        "seats": _seat_lines(session, actor, meeting, rows, words),
        "others": [_stay(row, words) for row in rows if row.seat_id is None],
        "guests": _expected_guests(session, meeting, items, rows) if meeting.state in BEGUN else [],
        "room_line": room_line(book, load_room(session, meeting)),
        "begun": meeting.state in BEGUN,
        "running": meeting.state is MeetingState.IN_SESSION,
        "keeps": keeps,
        "records": keeps and meeting.state in BEGUN,
        "ad_hoc": bool(book[AD_HOC]),
        "answers": [(one.value, words_) for one, words_ in ANSWER_WORDS.items()],
        "items": list(words.items()),
        "people": list(queries.people_of_meeting(session, meeting).items()),
        "present": list({row.person_id: row.name for row in here if row.person_id and not row.item_id}.items()),
        "chairings": [
            (row, span_words(row.from_at, row.until_at)) for row in queries.list_chairings(session, ident(meeting))
        ],
        "exclusions": _exclusions(session, meeting, words),
        "may_exclude": keeps and meeting.state in (MeetingState.RELEASED, *BEGUN),
        "form_of": wrong.form,
        "time": text.time,
        "visitor_roles": PRESENCE_ROLES,
        "wrong": wrong.name,
        "errors": wrong.errors,
        **_repeat(session, actor, meeting, book[QUORUM] != QuorumModel.NONE),
    }


def own_values(session: Session, actor: Actor, meeting: Meeting, wrong: Typed) -> dict[str, Any]:
    """What a member sees: the own seats, and once the meeting is over who attended. NotFound for everybody else."""
    require_reader(actor, meeting)
    held = reads_attended(actor, meeting)
    rows = queries.readable_presences(session, actor, meeting)
    lines = _seat_lines(session, actor, meeting, rows, {})
    own = {ident(one.seat) for one in queries.expected_seats(session, meeting) if is_own(actor, one)}
    return {
        "own": [one for one in lines if one.seat_id in own],
        "held": held,
        "seats": lines if held else [],
        "others": [_stay(row, {}) for row in rows if row.seat_id is None],
        "answers": [(one.value, word) for one, word in ANSWER_WORDS.items() if one is not Answer.OPEN],
        "ad_hoc": bool(load_rules(session, meeting.body_id)[AD_HOC]),
        "form_of": wrong.form,
        "wrong": wrong.name,
        "errors": wrong.errors,
    }


def _seat_lines(
    session: Session, actor: Actor, meeting: Meeting, rows: Sequence[Presence], words: Mapping[int, str]
) -> list[SeatLine]:
    announced = queries.list_announcements(session, ident(meeting))
    return [
        _seat_line(actor, meeting, view, announced.get(ident(view.seat)), rows, words)
        for view in queries.expected_seats(session, meeting)
    ]


def _seat_line(
    actor: Actor,
    meeting: Meeting,
    view: SeatView,
    announcement: Announcement | None,
    rows: Sequence[Presence],
    words: Mapping[int, str],
) -> SeatLine:
    stays = tuple(_stay(row, words) for row in rows if row.seat_id == view.seat.id)
    here = {stay.row.person_id for stay in stays if stay.here}
    members, deputies = members_of(view), deputies_of(view)
    people = [(*one, "Mitglied") for one in members] + [(*one, "Stellvertretung") for one in deputies]
    notes = (view.seat.title, "Vorsitz" if view.seat.chair else "", "" if view.seat.voting else "ohne Stimme")
    return SeatLine(
        seat_id=ident(view.seat),
        name=view.organisation,
        sub=" · ".join(part for part in notes if part),
        announcement=announcement,
        announced=announced_words(announcement, queries.names_of_people(view)),
        may_answer=may_announce(actor, meeting, view),
        stays=stays,
        missing=tuple(one for one in people if one[0] not in here),
        usual=_usual(announcement, members, deputies) if not here else (None, ""),
        deputies=tuple(deputies),
        absent=absence_words(announcement) if meeting.state in BEGUN and not stays else "",
    )


def _usual(
    row: Announcement | None, members: Sequence[tuple[int, str]], deputies: Sequence[tuple[int, str]]
) -> tuple[int | None, str]:
    if row is not None and row.answer is Answer.REPRESENTED:
        return row.deputy_id, row.deputy_name or dict(deputies).get(row.deputy_id or 0, "")
    return members[0] if members else (None, "")


def _stay(row: Presence, words: Mapping[int, str]) -> Stay:
    when = span_words(row.from_at, row.until_at)
    if row.item_id is not None:
        when = f"nur zu {words.get(row.item_id, 'einem Punkt')}"
    role = PRESENCE_WORDS[row.role] + (", per Video" if row.remote else "")
    return Stay(row, role, when, here=row.until_at is None)


def _expected_guests(
    session: Session, meeting: Meeting, items: Sequence[AgendaItem], rows: Sequence[Presence]
) -> list[dict[str, Any]]:
    """The guests of the items who are not there yet."""
    lines = guests_of_items(session, [ident(one) for one in items], life.day_of(meeting))
    there = {(row.person_id, row.item_id) for row in rows}
    return [
        {"item_id": ident(item), "item": f"TOP {item.number}", "person_id": ident(line.person), "line": line}
        for item in items
        for line in lines.get(ident(item), [])
        if (ident(line.person), ident(item)) not in there and (ident(line.person), None) not in there
    ]


def _exclusions(session: Session, meeting: Meeting, words: Mapping[int, str]) -> list[dict[str, Any]]:
    names = queries.people_of_meeting(session, meeting)
    return [
        {"row": row, "name": names.get(row.person_id, ""), "item": words[row.item_id]}
        for row in queries.list_exclusions(session, list(words))
    ]


def _repeat(session: Session, actor: Actor, meeting: Meeting, has_rule: bool) -> dict[str, Any]:
    """The second invitation: what is recorded, and the meetings that this one may repeat."""
    row = queries.find_second_invitation(session, ident(meeting))
    may = may_repeat(actor, meeting) and has_rule
    before: list[tuple[int, str]] = []
    if may or row is not None:
        before = [
            (ident(one), life.label_with_date(one))
            for one in list_meetings(session, actor, body_id=meeting.body_id)
            if one.state is MeetingState.HELD and one.starts_at < meeting.starts_at
        ]
    label = dict(before).get(row.first_meeting_id, "") if row is not None else ""
    return {"repeat": row, "repeats": label, "may_repeat": may, "meetings_before": before}
