"""The attendance list to sign as plain values: the seats of the meeting's date with their people, guests per item."""

import datetime as dt
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda.models import Level
from app.agenda.queries.guests import guests_of_items
from app.agenda.queries.items import list_items
from app.attendance.models import Announcement, Answer
from app.attendance.queries import deputies_of, expected_seats, list_announcements, members_of
from app.attendance.rules.reading import reads_room
from app.attendance.rules.words import announced_words
from app.bodies.queries import load_body, load_rules, name_on
from app.bodies.rules import LETTERHEAD, REFERENCE, SENDER
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import NotFound
from app.installation.queries import is_demo
from app.meetings.models import Meeting
from app.meetings.rules import life


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListPerson(_Plain):
    """Somebody who may sign for a seat; ``note`` is what they announced, or that they are a deputy."""

    name: str
    note: str = ""


class ListSeat(_Plain):
    """A seat with who may sign for it, the member first."""

    organisation: str
    title: str = ""
    voting: bool = True
    chair: bool = False
    people: tuple[ListPerson, ...] = ()


class ListGuest(_Plain):
    """Somebody invited to one item (``number`` "" before numbers are fixed)."""

    number: str
    name: str


class AttendanceListValues(_Plain):
    """Everything the list says."""

    label: str
    body_name: str
    body_short: str
    letterhead: tuple[str, ...] = ()
    sender: str = ""
    reference: str = ""
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str = ""
    seats: tuple[ListSeat, ...] = ()
    guests: tuple[ListGuest, ...] = ()
    demo: bool = False
    changed_at: dt.datetime
    made_at: dt.datetime


def attendance_list_values(session: Session, actor: Actor, meeting: Meeting) -> AttendanceListValues:
    """The list of *meeting* for its secretariat and chair; NotFound for everybody else.

    It goes from hand to hand, so guests of confidential items are not in it; they sign on an empty line.
    """
    if not reads_room(actor, meeting):
        raise NotFound()
    body, book, day = load_body(session, meeting.body_id), load_rules(session, meeting.body_id), life.day_of(meeting)
    announced = list_announcements(session, ident(meeting))
    return AttendanceListValues(
        label=life.label(meeting),
        body_name=name_on(body, day),
        body_short=body.short_name,
        letterhead=tuple(line for line in str(book[LETTERHEAD]).split("\n") if line),
        sender=book[SENDER],
        reference=book[REFERENCE],
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        seats=tuple(_seat(view, announced) for view in expected_seats(session, meeting)),
        guests=_guests(session, actor, meeting, day),
        demo=is_demo(session),
        changed_at=meeting.changed_at,
        made_at=clock.now(),
    )


def _seat(view: SeatView, announced: Mapping[int, Announcement]) -> ListSeat:
    row = announced.get(ident(view.seat))
    said = announced_words(row, {}) if row is not None and row.answer in (Answer.ACCEPTED, Answer.DECLINED) else ""
    people = [ListPerson(name=name, note=said) for _, name in members_of(view)]
    people += [ListPerson(name=name, note="Stellvertretung") for _, name in deputies_of(view)]
    if row is not None and row.deputy_name:
        people.append(ListPerson(name=row.deputy_name, note="Vertretung nur für diese Sitzung"))
    return ListSeat(
        organisation=view.organisation,
        title=view.seat.title,
        voting=view.seat.voting,
        chair=view.seat.chair,
        people=tuple(people),
    )


def _guests(session: Session, actor: Actor, meeting: Meeting, day: dt.date) -> tuple[ListGuest, ...]:
    items = [
        one
        for one in list_items(session, actor, ident(meeting))
        if not one.withdrawn and one.level is not Level.CONFIDENTIAL
    ]
    items.sort(key=lambda one: text.number_key(one.number))
    lines = guests_of_items(session, [ident(one) for one in items], day)
    return tuple(
        ListGuest(number=item.number, name=", ".join(filter(None, (line.person.name, line.where))))
        for item in items
        for line in lines.get(ident(item), [])
    )
