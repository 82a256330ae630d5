"""A small body that decides in writing: a chair and four members, each with an account, a deputy and an office."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from app import clock
from app.access.queries import actor_of
from app.actor import Actor
from app.bodies import service as bodies
from app.bodies.models import Body, MembershipKind, Seat
from app.circulars.models import Circular, Vote
from app.circulars.schemas import BallotIn, CircularIn, StartIn
from app.circulars.service.answering import cast_ballot
from app.circulars.service.establishing import establish_result
from app.circulars.service.preparing import prepare_circular
from app.circulars.service.starting import start_circular
from app.db import ident
from tests import factories

OPERATOR = factories.operator()


class Circle:
    """A body with ``seats`` (the chair's first); ``member``, ``deputy`` and ``office`` give the actor of a seat."""

    def __init__(self, session: Session, size: int = 5, short_name: str = "") -> None:
        self.session = session
        self.body: Body = factories.make_body(session, short_name)
        self.seats: list[Seat] = []
        self._accounts: dict[tuple[int, MembershipKind], Any] = {}
        for number in range(size):
            self.seats.append(factories.make_seat(session, self.body, voting=True, chair=number == 0))

    def actor(self, place: int, kind: MembershipKind = MembershipKind.MEMBER) -> Actor:
        if (place, kind) not in self._accounts:
            person = factories.make_person(self.session)
            seat = self.seats[place]
            bodies.fill_seat(self.session, OPERATOR, seat, person_id=ident(person), kind=kind)
            self._accounts[place, kind] = factories.make_account(self.session, person=person)
        return actor_of(self.session, self._accounts[place, kind])

    def deputy(self, place: int) -> Actor:
        return self.actor(place, MembershipKind.DEPUTY)

    def office(self, place: int) -> Actor:
        return self.actor(place, MembershipKind.OFFICE)

    def prepared(self, **values: Any) -> Circular:
        wish = {"body": ident(self.body), "title": "Flächen sichern", "wording": "Der Kreis stimmt zu.", **values}
        return prepare_circular(self.session, OPERATOR, CircularIn(**wish))

    def started(self, *, ends_on: dt.date | None = None, **values: Any) -> Circular:
        return start_circular(self.session, OPERATOR, self.prepared(**values), StartIn(ends_on=ends_on))

    def answer(self, circular: Circular, place: int, vote: Vote = Vote.YES, *, agreed: bool = True) -> None:
        wish = BallotIn(seat=ident(self.seats[place]), procedure_agreed=agreed, vote=vote)
        cast_ballot(self.session, self.actor(place), circular, wish)

    def ended(self, *votes: Vote, **values: Any) -> Circular:
        """A procedure after its end, with these answers in the order of the seats; its result is established."""
        circular = self.started(**values)
        for place, vote in enumerate(votes):
            self.answer(circular, place, vote)
        assert circular.ends_at
        with clock.standing_at(circular.ends_at):
            return establish_result(self.session, OPERATOR, circular)


def yes(number: int) -> Iterable[Vote]:
    return (Vote.YES,) * number
