"""Keeping the reminders of a day."""

from sqlmodel import Session

from app import clock
from app.notices.queries.reminders import reminders_of
from app.notices.service.keeping import keep_notices


def remind(session: Session) -> int:
    """Keep the reminders of today; how many were new. After days of downtime only what holds today is told."""
    return len(keep_notices(session, reminders_of(session, clock.today())))
