"""The life of minutes as acts of people: opened, sent, objected to, approved, added to, published.

Every function expects the meeting locked by the caller.
"""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.db import ident
from app.meetings.models import Meeting
from app.meetings.queries import load_meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import Minutes


def require_unsealed(session: Session, meeting_id: int) -> None:
    """Refuse to write into notes, presence or results of a meeting whose minutes are approved."""
    meeting = load_meeting(session, meeting_id)
    if meeting is not None:
        life.require_unsealed(meeting)


def open_minutes(session: Session, actor: Actor, meeting: Meeting) -> Minutes:
    """The minutes of *meeting*: the row is made at the first writing; Refused once they are approved."""
    life.require_unsealed(meeting)
    found = queries.find_minutes(session, ident(meeting))
    if found is None:
        found = Minutes(meeting_id=ident(meeting), keeper=actor.name, changed_at=clock.now(), changed_by=actor.name)
        session.add(found)
        session.flush()
    return found
