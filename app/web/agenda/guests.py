"""Guests of an item: a page of its own and a piece of the item's form, to choose somebody or to enter somebody new."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, GuestRole, SectionKey
from app.agenda.rules.layout import place
from app.agenda.rules.words import GUEST_WORDS
from app.agenda.schemas.wishes import GuestChange, GuestIn, NewGuestIn
from app.agenda.service import guests as service
from app.agenda.service.items import require_draft
from app.bodies.queries import list_persons, list_sections
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, SkipError
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.people.queries import FunctionOn, functions_on
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.meetings.meeting_frame import address_of, meeting_page, rights_of
from app.web.respond import done

router = APIRouter()

EARLY = dt.timedelta(minutes=10)
CHANGEABLE = ("topic",)


@router.get("/sitzungen/{meeting_id}/tagesordnung/{item_id}/gaeste")
def show_guests(request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Who is invited to the item, and the forms to invite somebody."""
    return _guests_page(request, session, actor, meeting_id, item_id)


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/gaeste")
def invite(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Invite somebody who is known."""

    def act(session: Session, meeting: Meeting, item: AgendaItem, values: Mapping[str, str]) -> str:
        service.invite_guest(session, actor, meeting, item, read_form(GuestIn, values))
        return "Der Gast ist eingetragen."

    return _change(request, database, actor, meeting_id, item_id, submitted, act, "known")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/gaeste/neu")
def invite_new(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Enter somebody new and invite them."""

    def act(session: Session, meeting: Meeting, item: AgendaItem, values: Mapping[str, str]) -> str:
        service.invite_new_guest(session, actor, meeting, item, read_form(NewGuestIn, values))
        return "Die Person ist angelegt und als Gast eingetragen."

    return _change(request, database, actor, meeting_id, item_id, submitted, act, "new")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/gaeste/{person_id}")
def update(
    request: Request,
    meeting_id: int,
    item_id: int,
    person_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Another role or topic."""

    def act(session: Session, meeting: Meeting, item: AgendaItem, values: Mapping[str, str]) -> str:
        wish = read_form(GuestChange, values, keep_empty=CHANGEABLE)
        service.change_guest(session, actor, meeting, item, person_id, wish)
        return "Die Angaben zum Gast sind gespeichert."

    return _change(request, database, actor, meeting_id, item_id, submitted, act, f"guest-{person_id}")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/gaeste/{person_id}/ausladen")
def uninvite(
    request: Request,
    meeting_id: int,
    item_id: int,
    person_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Take the invitation back."""

    def act(session: Session, meeting: Meeting, item: AgendaItem, _values: Mapping[str, str]) -> str:
        service.uninvite_guest(session, actor, meeting, item, person_id)
        return "Der Gast ist ausgetragen. Die Person bleibt gespeichert."

    return _change(request, database, actor, meeting_id, item_id, submitted, act, f"guest-{person_id}")


Change = Callable[[Session, Meeting, AgendaItem, Mapping[str, str]], str]


def _change(
    request: Request,
    database: CurrentDatabase,
    actor: Actor,
    meeting_id: int,
    item_id: int,
    submitted: Submitted,
    act: Change,
    form: str,
) -> Response:
    """Do *act* with the locked item; what does not hold is shown at the form *form*, with everything typed kept."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = queries.get_item(session, actor, meeting_id, item_id)
            require_draft(actor, meeting)
            said = act(session, meeting, item, values)
            address = f"{address_of(meeting)}/tagesordnung/{item_id}/gaeste"
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _guests_page(request, session, actor, meeting_id, item_id, {form: values}, error)
    return done(request, address, said)


def _guests_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting_id: int,
    item_id: int,
    sent: Mapping[str, Mapping[str, str]] | None = None,
    error: SkipError | None = None,
) -> Response:
    meeting = get_meeting(session, actor, meeting_id)
    item = queries.get_item(session, actor, meeting_id, item_id)
    if not life.may_run(actor, meeting):
        raise Forbidden()
    errors = error.by_field if error else {}
    forms = {name: Form(values, errors) for name, values in (sent or {}).items()}
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/guests.html",
        title="Gäste und Vortragende",
        status=error.status if error else 200,
        item=item,
        errors=errors,
        **guest_values(session, actor, meeting, item, forms),
    )


def guest_values(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, forms: Mapping[str, Form] | None = None
) -> dict[str, Any]:
    """What ``agenda/_guests.html`` shows: guests, persons to choose from, forms with what was typed, when to come."""
    lines = queries.guests_of_items(session, [ident(item)], life.day_of(meeting)).get(ident(item), [])
    invited = {ident(line.person) for line in lines}
    persons = [person for person in list_persons(session, actor) if ident(person) not in invited]
    functions = functions_on(session, {ident(person) for person in persons}, life.day_of(meeting))
    usual = GuestRole.SPEAKER if item.section is SectionKey.MAIN_TOPIC else GuestRole.GUEST
    known = dict(forms or {})
    return {
        "guests": [
            (line, known.get(f"guest-{line.person.id}", Form({"role": line.role.value, "topic": line.topic})))
            for line in lines
        ],
        "guest_form": known.get("known", Form({"role": usual.value})),
        "new_guest_form": known.get("new", Form({"role": usual.value})),
        "persons": [
            (ident(person), ", ".join(filter(None, (person.name, *functions.get(ident(person), FunctionOn())[:2]))))
            for person in persons
        ],
        "guest_roles": [(role.value, word) for role, word in GUEST_WORDS.items()],
        "guest_words": GUEST_WORDS,
        "guest_address": f"{address_of(meeting)}/tagesordnung/{item.id}/gaeste",
        "guest_time": guest_time(session, actor, meeting, item),
        "edit_guests": rights_of(actor, meeting).edit_agenda,
    }


def guest_time(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> str:
    """10:15–10:45 Uhr, bitte um 10:05 Uhr da sein: when the item is expected, from the agenda as it stands."""
    items = queries.list_items(session, actor, ident(meeting))
    sections = place(list_sections(session, meeting.body_id), items, meeting.starts_at)
    placed = next((one for section in sections for one in section.items if one.item.id == item.id), None)
    if placed is None:
        return ""
    end = placed.starts_at + dt.timedelta(minutes=placed.minutes)
    return f"{text.span(placed.starts_at, end)}, bitte um {text.time(placed.starts_at - EARLY)} Uhr da sein"
