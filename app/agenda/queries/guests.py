"""Reading who is invited to which item."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.agenda.models import (
    AgendaItem,
    AgendaItemGuest,
    DocumentKind,
    Edition,
    FrozenDocument,
    GuestRole,
)
from app.people.models import Person
from app.people.queries import FunctionOn, functions_on


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody invited to an item, with what they are where on the day of the meeting ("" = not known)."""

    item_id: int
    person: Person
    role: GuestRole
    topic: str
    function: str
    organisation: str
    organisation_id: int | None

    @property
    def where(self) -> str:
        """Leiterin Fertigung, TU Berlin"""
        return ", ".join(part for part in (self.function, self.organisation) if part)


def guests_of_items(session: Session, item_ids: Collection[int], on: dt.date) -> dict[int, list[GuestLine]]:
    """The guests of items as they are on a day, by item and in the order of their names; three queries.

    For people who read the items anyway.
    """
    rows = session.execute(
        sa.select(AgendaItemGuest, Person)
        .join(Person, col(Person.id) == AgendaItemGuest.person_id)
        .where(col(AgendaItemGuest.item_id).in_(item_ids))
        .order_by(col(Person.sort_key), col(Person.id))
    ).all()
    functions = functions_on(session, {person.id for _, person in rows}, on)
    found: dict[int, list[GuestLine]] = {}
    for guest, person in rows:
        line = GuestLine(guest.item_id, person, guest.role, guest.topic, *functions.get(person.id, FunctionOn()))
        found.setdefault(guest.item_id, []).append(line)
    return found


def find_guest(session: Session, item_id: int, person_id: int) -> AgendaItemGuest | None:
    """The invitation of a person to an item, None if there is none."""
    return session.get(AgendaItemGuest, (item_id, person_id))


def guest_editions(session: Session, meeting_id: int, version: int) -> frozenset[int]:
    """The items of which a guest's edition was frozen with a version."""
    return frozenset(
        item_id
        for item_id in session.exec(
            select(FrozenDocument.item_id).where(
                FrozenDocument.meeting_id == meeting_id,
                FrozenDocument.kind == DocumentKind.AGENDA,
                FrozenDocument.version == version,
                FrozenDocument.edition == Edition.GUEST,
            )
        )
        if item_id is not None
    )


def items_with_guests(session: Session, meeting_id: int) -> Sequence[int]:
    """The items of a meeting to which somebody is invited, whatever their level."""
    return session.exec(
        select(AgendaItem.id)
        .where(AgendaItem.meeting_id == meeting_id, col(AgendaItem.id).in_(select(AgendaItemGuest.item_id)))
        .order_by(col(AgendaItem.id))
    ).all()  # type: ignore[return-value]
