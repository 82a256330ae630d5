"""A meeting in session with people on voting seats, for tests of decisions."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.agenda.models import AgendaItem, Outcome, SectionKey
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.attendance.models import Chairing, Presence, PresenceRole
from app.bodies import service as bodies
from app.bodies.models import Body, MembershipKind
from app.db import ident
from app.meetings.models import Meeting
from app.meetings.service import start_meeting
from tests import factories
from tests.factories import operator

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail")


def add(session: Session, meeting: Meeting, title: str = "Flächen", **fields) -> AgendaItem:
    """An item of the section in which is decided."""
    return add_item(session, operator(), meeting, ItemIn(**{"title": title, "section": SectionKey.DECISION, **fields}))


def start(session: Session, meeting: Meeting) -> None:
    """Release and open the meeting."""
    release_agenda(session, operator(), meeting, YES)
    start_meeting(session, operator(), meeting)
    session.flush()


def seat_people(session: Session, body: Body, meeting: Meeting, count: int, *, chair: bool = False) -> None:
    """So many voting seats whose members are there; the first of them in the chair."""
    for place in range(count):
        seat, person = factories.make_seat(session, body), factories.make_person(session)
        bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
        session.add(
            Presence(
                meeting_id=ident(meeting),
                seat_id=ident(seat),
                person_id=ident(person),
                name=person.name,
                role=PresenceRole.MEMBER,
                from_at=clock.now() - dt.timedelta(minutes=5),
            )
        )
        if chair and place == 0:
            session.add(
                Chairing(
                    meeting_id=ident(meeting),
                    person_id=ident(person),
                    name=person.name,
                    from_at=clock.now() - dt.timedelta(minutes=5),
                )
            )
    session.flush()


def settle(session: Session, meeting: Meeting, item: AgendaItem, outcome: Outcome = Outcome.ADOPTED, **fields) -> None:
    """Say what became of an item."""
    set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=outcome, **fields))
