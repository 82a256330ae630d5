"""What the server remembers of a browser between two pages of a sign-in: used once, swept after minutes."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock
from app.credentials import queries
from app.credentials.models import SignInStep, StepKind
from app.people.rules import key_hash

STEP_FOR = dt.timedelta(minutes=10)


def begin_step(
    session: Session, kind: StepKind, key: str, detail: Mapping[str, Any], *, account_id: int | None = None
) -> None:
    """Remember *detail* for the browser that holds *key*; what was left behind by others is swept."""
    now = clock.now()
    session.execute(delete(SignInStep).where(col(SignInStep.expires_at) < now))
    session.execute(delete(SignInStep).where(col(SignInStep.token_hash) == key_hash(key)))
    session.add(
        SignInStep(
            kind=kind,
            token_hash=key_hash(key),
            account_id=account_id,
            detail=json.dumps(dict(detail)),
            created_at=now,
            expires_at=now + STEP_FOR,
        )
    )


def take_step(session: Session, kind: StepKind, key: str) -> tuple[int | None, dict[str, Any]] | None:
    """Account and detail of a step, which is gone then: of two uses at the same time one gets it."""
    step = queries.find_step(session, kind, key)
    if step is None:
        return None
    found: dict[str, Any] = json.loads(step.detail)
    gone = session.execute(delete(SignInStep).where(col(SignInStep.id) == step.id)).rowcount  # type: ignore[attr-defined]
    return (step.account_id, found) if gone == 1 else None
