"""Guests of one item: invited by the secretariat, they read it from the release to the meeting's end."""

from collections.abc import Sequence

from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaItemGuest, GuestRole, Level, SectionKey
from app.agenda.rules.words import GUEST_WORDS
from app.agenda.schemas.frozen import FrozenGuest
from app.agenda.schemas.wishes import GuestChange, GuestIn, NewGuestIn
from app.agenda.service.items import require_draft
from app.bodies.queries import get_person, list_persons
from app.db import ident
from app.errors import Invalid, NotFound
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.people.models import Person
from app.people.queries import FunctionOn, find_organisation_by_name, functions_on
from app.people.schemas import FunctionIn, PersonIn
from app.people.service import add_organisation, create_person


def invite_guest(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: GuestIn) -> AgendaItemGuest:
    """Invite somebody who is known. Invalid for unknown persons and for somebody who is invited already."""
    require_draft(actor, meeting)
    try:
        person = get_person(session, actor, wish.person)
    except NotFound:
        raise Invalid({"person": "Bitte wählen Sie eine Person aus der Liste."}) from None
    if queries.find_guest(session, ident(item), ident(person)) is not None:
        raise Invalid({"person": f"{person.name} ist schon eingeladen."})
    before = _guests(session, meeting, item)
    return _invited(session, actor, meeting, item, person, wish.role, wish.topic, before)


def invite_new_guest(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: NewGuestIn
) -> AgendaItemGuest:
    """Store somebody new and invite them; an institution that is not known yet is created. Invalid names the fields."""
    require_draft(actor, meeting)
    if wish.organisation and not wish.function:
        raise Invalid({"function": "Bitte sagen Sie, was die Person in der Institution ist."})
    before = _guests(session, meeting, item)
    functions: tuple[FunctionIn, ...] = ()
    if wish.function:
        functions = (FunctionIn(title=wish.function, organisation=_organisation(session, actor, wish.organisation)),)
    person = create_person(
        session,
        actor,
        PersonIn(
            last_name=wish.last_name,
            first_name=wish.first_name,
            title=wish.title,
            salutation=wish.salutation,
            email=wish.email,
            functions=functions,
        ),
    )
    return _invited(session, actor, meeting, item, person, wish.role, wish.topic, before)


def change_guest(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, person_id: int, wish: GuestChange
) -> AgendaItemGuest:
    """Another role or topic; NotFound for somebody who is not invited."""
    require_draft(actor, meeting)
    guest, before = _stored(session, item, person_id), _guests(session, meeting, item)
    for name, value in wish.model_dump(exclude_unset=True).items():
        if value is not None:
            setattr(guest, name, value)
    session.add(guest)
    _changed(session, actor, meeting, item, before)
    return guest


def uninvite_guest(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, person_id: int) -> None:
    """Take an invitation back; the person stays stored."""
    require_draft(actor, meeting)
    guest, before = _stored(session, item, person_id), _guests(session, meeting, item)
    session.delete(guest)
    _changed(session, actor, meeting, item, before)


def restore_guests(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, released: Sequence[FrozenGuest]
) -> None:
    """Invite those whom the released version names, and nobody else; the rights are the caller's matter.

    The release knows them by name and function on the meeting's day: somebody who bears another name since then, or
    of whom nobody knows any more which of two it was, stays as they are.
    """
    before = _guests(session, meeting, item)
    missing = {one.name: one for one in released}
    for line in queries.guests_of_items(session, [ident(item)], life.day_of(meeting)).get(ident(item), []):
        guest = _stored(session, item, ident(line.person))
        known = missing.pop(line.person.name, None)
        if known is None:
            session.delete(guest)
        else:
            guest.topic = known.topic
            session.add(guest)
    persons = list_persons(session, actor) if missing else []
    functions = functions_on(session, {ident(one) for one in persons if one.name in missing}, life.day_of(meeting))
    for name, known in missing.items():
        called = [one for one in persons if one.name == name]
        fitting = [one for one in called if _where(functions.get(ident(one), FunctionOn())) == known.function]
        for person in (fitting or called)[:1] if len(fitting or called) == 1 else ():
            role = GuestRole.SPEAKER if known.topic or item.section is SectionKey.MAIN_TOPIC else GuestRole.GUEST
            session.add(AgendaItemGuest(item_id=ident(item), person_id=ident(person), role=role, topic=known.topic))
    _changed(session, actor, meeting, item, before)


def _where(function: FunctionOn) -> str:
    """Leiterin Fertigung, TU Berlin: as a release freezes it."""
    return ", ".join(filter(None, (function.title, function.organisation)))


def _invited(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    person: Person,
    role: GuestRole,
    topic: str,
    before: list[str],
) -> AgendaItemGuest:
    guest = AgendaItemGuest(item_id=ident(item), person_id=ident(person), role=role, topic=topic)
    session.add(guest)
    _changed(session, actor, meeting, item, before)
    return guest


def _organisation(session: Session, actor: Actor, name: str) -> int | None:
    if not name:
        return None
    found = find_organisation_by_name(session, name)
    return ident(found if found is not None else add_organisation(session, actor, long=name))


def _stored(session: Session, item: AgendaItem, person_id: int) -> AgendaItemGuest:
    guest = queries.find_guest(session, ident(item), person_id)
    if guest is None:
        raise NotFound()
    return guest


def _guests(session: Session, meeting: Meeting, item: AgendaItem) -> list[str]:
    """Who is invited to the item, as the history tells it."""
    lines = queries.guests_of_items(session, [ident(item)], life.day_of(meeting)).get(ident(item), [])
    return [": ".join(filter(None, (f"{one.person.name} ({GUEST_WORDS[one.role]})", one.topic))) for one in lines]


def _changed(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, before: list[str]) -> None:
    session.flush()
    after = _guests(session, meeting, item)
    if after == before:
        return
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        "item.guests",
        item,
        before={"guests": before},
        after={"guests": after},
        label=f"{life.label_with_date(meeting)}: {item.title}",
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL if item.level is Level.CONFIDENTIAL else Reach.DRAFT,
    )
