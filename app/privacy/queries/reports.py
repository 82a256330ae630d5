"""Reading what people reported about barriers: for the administration alone."""

from sqlmodel import Session, col, select

from app.actor import Actor
from app.errors import NotFound
from app.privacy.models import Feedback

LISTED = 200


def list_reports(session: Session, actor: Actor) -> list[Feedback]:
    """The reports, unanswered ones first, then the newest; NotFound for everybody but the administration."""
    if not actor.is_admin:
        raise NotFound()
    order = (col(Feedback.answered_at).is_not(None), col(Feedback.id).desc())
    return list(session.exec(select(Feedback).order_by(*order).limit(LISTED)))


def lock_report(session: Session, actor: Actor, feedback_id: int) -> Feedback:
    """One report, locked; NotFound for everybody but the administration."""
    found = session.exec(select(Feedback).where(Feedback.id == feedback_id).with_for_update()).first()
    if found is None or not actor.is_admin:
        raise NotFound()
    return found
