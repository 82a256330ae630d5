"""Reading the job queue."""

from sqlmodel import Session, col, select

from app.jobs.models import Job


def is_waiting(session: Session, dedupe_key: str) -> bool:
    """Whether a job with this key waits or runs."""
    statement = select(Job.id).where(
        Job.dedupe_key == dedupe_key, col(Job.done_at).is_(None), col(Job.failed_at).is_(None)
    )
    return session.exec(statement).first() is not None
