"""Putting work into the queue, in the caller's own transaction: what is rolled back was never ordered."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app import clock
from app.db import ident
from app.jobs import queries
from app.jobs.models import Job


def enqueue(
    session: Session,
    name: str,
    payload: Mapping[str, Any],
    *,
    dedupe_key: str | None = None,
    run_at: dt.datetime | None = None,
) -> None:
    """Order the job *name*. While a job with the same ``dedupe_key`` waits, a second one is not added."""
    if dedupe_key is not None and queries.is_waiting(session, dedupe_key):
        return
    session.add(
        Job(
            name=name,
            payload=json.dumps(payload, sort_keys=True),
            dedupe_key=dedupe_key,
            run_at=run_at or clock.now(),
        )
    )


LEASE = dt.timedelta(minutes=10)
TRIES = 5


class Later(Exception):
    """Raised by a job that is not to be done before ``at``: it comes again then, and no failed try is counted."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(f"not before {at.isoformat()}")
        self.at = at


def take_job(session: Session) -> tuple[int, str, dict[str, Any]] | None:
    """Lease the next due job for ten minutes: its id, name and payload; None if nothing is due.

    A worker that dies loses its lease and the job runs again, so every job must bear being done twice.
    """
    job = queries.find_due(session, clock.now())
    if job is None:
        return None
    job.leased_until = clock.now() + LEASE
    job.attempts += 1
    session.add(job)
    session.flush()
    return ident(job), job.name, json.loads(job.payload)


def finish_job(session: Session, job_id: int) -> None:
    """The job is done."""
    job = session.get_one(Job, job_id)
    job.done_at, job.leased_until = clock.now(), None
    session.add(job)


def move_job(session: Session, job_id: int, at: dt.datetime) -> None:
    """The job comes again at *at*, as fresh as it was."""
    job = session.get_one(Job, job_id)
    job.run_at, job.leased_until, job.attempts = at, None, 0
    session.add(job)


def postpone_job(session: Session, job_id: int, error: str) -> None:
    """The job failed: again after 1, 4, 9 … minutes; given up after five tries."""
    job = session.get_one(Job, job_id)
    job.last_error, job.leased_until = error[:1000], None
    if job.attempts >= TRIES:
        job.failed_at = clock.now()
    else:
        job.run_at = clock.now() + dt.timedelta(minutes=job.attempts**2)
    session.add(job)
