"""A decision taken hold of for writing, whatever it came from."""

from contextlib import suppress

from sqlmodel import Session

from app.actor import Actor
from app.decisions import queries
from app.decisions.models import Decision
from app.errors import NotFound
from app.meetings.queries import lock_meeting


def locked_decision(session: Session, actor: Actor, decision_id: int) -> Decision:
    """A readable decision locked for writing: its meeting before it, where it has one. NotFound as ever."""
    decision = queries.get_decision(session, actor, decision_id)
    meeting_id = queries.meeting_of(session, decision)
    if meeting_id is not None:
        with suppress(NotFound):  # who may not know the meeting may not write either, which the act itself says
            lock_meeting(session, actor, meeting_id)
    return queries.lock_decision(session, actor, decision_id)
