"""How programs read the entries of the Beschlusskontrolle."""

import datetime as dt

from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident
from app.decisions.models import FollowUp, FollowUpState


class FollowUpOut(Thing):
    """A dated entry; ``as_of`` is its Stand, ``due_before`` and ``due_on`` the next date before and after it.

    ``due_on`` null: the next meeting, or none where the state is final. Entries never change.
    """

    decision: int
    state: FollowUpState
    as_of: dt.date
    text: str
    reason: str
    due_before: dt.date | None
    due_on: dt.date | None
    entered_at: Moment
    entered_by: str


def follow_up_out(entry: FollowUp) -> FollowUpOut:
    """An entry of a readable decision."""
    return FollowUpOut(
        id=ident(entry),
        url=f"{PREFIX}/decisions/{entry.decision_id}/follow-ups/{entry.id}",
        page=f"/beschluesse/{entry.decision_id}",
        decision=entry.decision_id,
        state=entry.state,
        as_of=entry.as_of,
        text=entry.text,
        reason=entry.reason,
        due_before=entry.due_before,
        due_on=entry.due_on,
        entered_at=entry.entered_at,
        entered_by=entry.entered_by,
    )
