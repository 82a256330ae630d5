"""Minutes that are in work, over all bodies of a reader."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor
from app.meetings.models import Meeting, MeetingState
from app.minutes.models import Minutes, MinutesState, Objection, ObjectionState
from app.minutes.queries.life import readable_minutes


@dataclass(frozen=True, slots=True)
class MinutesAtWork:
    """Minutes that are not approved, of a held meeting, with the number of objections that nobody has answered."""

    minutes: Minutes
    meeting: Meeting
    objections: int


def minutes_at_work(session: Session, actor: Actor) -> list[MinutesAtWork]:
    """The readable minutes of held meetings that are not approved, earliest meeting first; one query.

    Of meetings entered afterwards only those that were sent for review.
    """
    waiting = (
        select(sa.func.count())
        .where(col(Objection.minutes_id) == col(Minutes.id), Objection.state == ObjectionState.OPEN)
        .correlate(Minutes)
        .scalar_subquery()
    )
    rows = session.execute(
        readable_minutes(actor)
        .where(
            Meeting.state == MeetingState.HELD,
            Minutes.state != MinutesState.APPROVED,
            sa.or_(col(Meeting.entered_afterwards).is_(False), col(Minutes.state) == MinutesState.REVIEW),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .add_columns(Meeting, waiting)
    )
    return [MinutesAtWork(*row) for row in rows]
