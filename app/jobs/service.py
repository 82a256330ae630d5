"""Putting work into the queue, in the caller's own transaction: what is rolled back was never ordered."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app import clock
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
