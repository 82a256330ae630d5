"""Recording a change beside the change itself, and sealing the chain as the last step before the commit."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.db import last_step
from app.history import rules
from app.history.models import HistoryDetail, HistoryEntry, Reach
from app.history.queries import lock_head

_PENDING = "history"


@dataclass(slots=True)
class _Pending:
    thing: Any
    entry: dict[str, Any]
    account_id: int | None
    content: dict[str, Any]


def record(
    session: Session,
    actor: Actor,
    verb: str,
    thing: Any,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    label: str = "",
    reason: str = "",
    body_id: int | None = None,
    reach: Reach = Reach.INTERNAL,
) -> None:
    """Remember that *actor* did *verb* to *thing* (a row with ``id``, perhaps not flushed yet).

    Only differing fields of *before* and *after* are kept. The entry is written when the transaction commits.
    """
    pending: list[_Pending] = session.info.setdefault(_PENDING, [])
    pending.append(
        _Pending(
            thing=thing,
            entry={
                "at": clock.now(),
                "verb": verb,
                "object_kind": type(thing).__tablename__,
                "body_id": body_id,
                "reach": reach,
            },
            account_id=actor.account_id,
            content={
                "who": actor.name,
                "label": label,
                "reason": reason,
                "changes": rules.changes(before, after),
            },
        )
    )
    last_step(session, seal)


def seal(session: Session) -> None:
    """Chain what was recorded: lock the head, number, hash. Nothing may be locked after this (no deadlocks)."""
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    head = lock_head(session)
    entries, details = [], []
    place, previous = head.last_id, head.last_hash
    for item in pending:
        place += 1
        content, salt = rules.canonical(item.content), secrets.token_hex(16)
        values = {
            **item.entry,
            "object_id": item.thing.id,
            "digest": rules.digest_of(salt, content),
            "previous_hash": previous,
        }
        previous = rules.entry_hash(place=place, **{**values, "reach": values["reach"].value})
        entries.append({"id": place, "hash": previous, **values})
        details.append({"entry_id": place, "salt": salt, "account_id": item.account_id, "content": content})
    head.last_id, head.last_hash = place, previous
    session.add(head)
    session.flush()
    session.execute(insert(HistoryEntry), entries)
    session.execute(insert(HistoryDetail), details)


def snapshot(thing: Any, *names: str) -> dict[str, Any]:
    """The named fields of a row as plain values, to be handed to :func:`record` as before or after."""
    return {name: _plain(getattr(thing, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
