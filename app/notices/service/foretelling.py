"""Whom an act will tell, said before it is done: counted by what tells them afterwards."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.schemas.frozen import AgendaValues
from app.circulars.models import Circular
from app.circulars.queries.answers import voting_seats
from app.db import ident
from app.meetings.models import Meeting
from app.notices.queries import recipients
from app.notices.rules.foretold import words_before
from app.notices.rules.kinds import Kind
from app.notices.schemas import Occasion
from app.notices.service.keeping import recipients_of


def told_after_release(session: Session, actor: Actor, meeting: Meeting, values: AgendaValues, *, sends: bool) -> str:
    """Who hears of the release of *values*; nobody does of a meeting that is entered afterwards.

    *sends*: a mail server is set up.
    """
    if meeting.entered_afterwards:
        return words_before(0, sends=sends)
    today = clock.today()
    persons = recipients.of_body(session, meeting.body_id, today) | recipients.named_in(session, values, today)
    return _words(session, actor, Kind.AGENDA_RELEASED, persons, sends)


def told_after_review(session: Session, actor: Actor, meeting: Meeting, *, sends: bool) -> str:
    """Who hears that the minutes are sent for review."""
    return _words(
        session, actor, Kind.MINUTES_REVIEW, recipients.of_body(session, meeting.body_id, clock.today()), sends
    )


def told_after_start(session: Session, actor: Actor, circular: Circular, *, sends: bool) -> str:
    """Who hears that a procedure begins: the voting seats of today, which read it whatever its level."""
    today = clock.today()
    seats = [ident(seat) for seat in voting_seats(session, circular.body_id, today)]
    return _words(session, actor, Kind.CIRCULAR_OPENED, recipients.of_seats(session, seats, today), sends)


def _words(session: Session, actor: Actor, kind: Kind, persons: frozenset[int], sends: bool) -> str:
    occasion = Occasion(kind, 0, "", "", persons=persons, doer=actor.account_id)
    return words_before(len(recipients_of(session, occasion)), sends=sends)
