"""Reading the job queue."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.jobs.models import Job


def is_waiting(session: Session, dedupe_key: str) -> bool:
    """Whether a job with this key waits or runs."""
    statement = select(Job.id).where(
        Job.dedupe_key == dedupe_key, col(Job.done_at).is_(None), col(Job.failed_at).is_(None)
    )
    return session.exec(statement).first() is not None


def find_due(session: Session, now: dt.datetime) -> Job | None:
    """The next job whose time has come and that nobody holds; locked, and skipped by others who look meanwhile."""
    return session.exec(
        select(Job)
        .where(
            col(Job.done_at).is_(None),
            col(Job.failed_at).is_(None),
            Job.run_at <= now,
            sa.or_(col(Job.leased_until).is_(None), col(Job.leased_until) < now),
        )
        .order_by(col(Job.run_at), col(Job.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
