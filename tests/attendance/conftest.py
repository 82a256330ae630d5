"""A body with three voting seats and an advisory one, and its opened meeting."""

import datetime as dt
from dataclasses import dataclass

import pytest

from app import clock
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.bodies import service as bodies
from app.bodies.models import Body, MembershipKind, Seat
from app.db import ident
from app.meetings.models import Meeting
from app.meetings.service import start_meeting
from app.people.models import Person
from tests import factories
from tests.factories import operator

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail")


@dataclass
class House:
    """What a test of attendance needs. ``seats`` with their ``members``; the first seat has a ``deputy``."""

    body: Body
    meeting: Meeting
    seats: list[Seat]
    members: list[Person]
    deputy: Person
    items: list

    @property
    def start(self) -> dt.datetime:
        return self.meeting.starts_at

    def after(self, minutes: float) -> dt.datetime:
        """A moment of the meeting."""
        return self.start + dt.timedelta(minutes=minutes)

    def at(self, minutes: float):
        """Let the clock stand there."""
        return clock.standing_at(self.after(minutes))


def seated(session, body, kind=MembershipKind.MEMBER, seat=None, **fields):
    seat, person = seat or factories.make_seat(session, body, **fields), factories.make_person(session)
    bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=kind)
    return seat, person


@pytest.fixture
def house(session):
    """A released meeting with two items; it begins on 01.05.2026 at 10:00."""
    body = factories.make_body(session)
    meeting = factories.make_meeting(session, body, number=1)
    pairs = [seated(session, body, voting=number < 3) for number in range(4)]
    _, deputy = seated(session, body, MembershipKind.DEPUTY, pairs[0][0])
    items = [
        add_item(session, operator(), meeting, ItemIn(title=f"Punkt {number}", section=SectionKey.DEBATE))
        for number in (1, 2)
    ]
    release_agenda(session, operator(), meeting, YES)
    session.flush()
    return House(body, meeting, [seat for seat, _ in pairs], [person for _, person in pairs], deputy, items)


@pytest.fixture
def opened(session, house):
    """The same, opened; the clock stands ten minutes into the meeting."""
    with house.at(10):
        start_meeting(session, operator(), house.meeting)
        session.flush()
        yield house
