"""The dated follow-up of decisions (Beschlusskontrolle)."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.db import ident
from app.decisions.models import Decision, FollowUp, FollowUpState


def add_follow_up(
    session: Session, actor: Actor, decision: Decision, state: FollowUpState, *, as_of: dt.date, text: str
) -> FollowUp:
    """An entry that follows from an act on a decision; *decision* is locked, and its state is the entry's."""
    entry = FollowUp(
        decision_id=ident(decision),
        state=state,
        as_of=as_of,
        text=text,
        due_before=decision.due_on,
        due_on=None,
        entered_at=clock.now(),
        entered_by=actor.name,
    )
    decision.state, decision.due_on = state, None
    decision.changed_at, decision.changed_by = clock.now(), actor.name
    session.add(entry)
    session.add(decision)
    session.flush()
    return entry
