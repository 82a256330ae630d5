"""How minutes begin: their row is made at the first writing; everything else about minutes builds on this."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.db import ident
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import Minutes


def open_minutes(session: Session, actor: Actor, meeting: Meeting) -> Minutes:
    """The minutes of the locked *meeting*: the row is made at the first writing; Refused once they are approved."""
    life.require_unsealed(meeting)
    found = queries.find_minutes(session, ident(meeting))
    if found is None:
        found = Minutes(meeting_id=ident(meeting), keeper=actor.name, changed_at=clock.now(), changed_by=actor.name)
        session.add(found)
        session.flush()
    return found
