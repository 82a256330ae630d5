"""Reading the job queue."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.jobs.models import Job


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Jobs of a kind that nobody tries again: how many, and when the last of them was given up."""

    name: str
    many: int
    last_at: dt.datetime
    done_since: bool


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


def given_up(session: Session) -> list[GivenUp]:
    """What was given up and is still kept, by kind; one query. ``done_since``: a job of the kind succeeded later."""
    failed, last = sa.func.count(col(Job.failed_at)), sa.func.max(col(Job.failed_at))
    done = sa.func.max(col(Job.done_at))
    statement = sa.select(col(Job.name), failed, last, done).group_by(col(Job.name)).having(failed > 0)
    rows = session.execute(statement.order_by(col(Job.name))).all()
    return [GivenUp(name, many, at, done_at is not None and done_at > at) for name, many, at, done_at in rows]
