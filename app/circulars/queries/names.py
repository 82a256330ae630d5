"""Reading the names of the seats that procedures ask: institution, title, who sits there."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.bodies.models import Membership, MembershipKind, Seat
from app.db import ident
from app.people.models import Person
from app.people.queries import names_on
from app.people.rules import holds


@dataclass(frozen=True, slots=True)
class SeatName:
    """How a seat is called on a day; ``member`` is "" where it is vacant."""

    organisation: str
    title: str
    member: str

    @property
    def words(self) -> str:
        """SenWiEnBe, Staatssekretärin"""
        return ", ".join(part for part in (self.organisation, self.title) if part)


def seat_names(session: Session, seat_ids: Collection[int], on: dt.date) -> dict[int, SeatName]:
    """The names of seats on a day, by seat; three queries."""
    seats = session.exec(select(Seat).where(col(Seat.id).in_(seat_ids))).all()
    names = names_on(session, {seat.organisation_id for seat in seats}, on)
    rows = session.exec(
        select(Membership, Person)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(col(Membership.seat_id).in_(seat_ids), Membership.kind == MembershipKind.MEMBER)
        .order_by(col(Membership.id))
    )
    members = {membership.seat_id: person.name for membership, person in rows if holds(membership, on)}
    return {
        ident(seat): SeatName(
            organisation=(names[seat.organisation_id].short or names[seat.organisation_id].long)
            if seat.organisation_id in names
            else "",
            title=seat.title,
            member=members.get(ident(seat), ""),
        )
        for seat in seats
    }


def person_names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The names of the persons whose answers those are, by id; one query."""
    return {ident(one): one.name for one in session.exec(select(Person).where(col(Person.id).in_(person_ids)))}
