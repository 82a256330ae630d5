"""What was kept long enough goes, a batch at a time; it is counted and not listed."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.installation.queries import retention_days
from app.installation.rules import Kept
from app.installation.service import count_sweep
from app.links.models import PersonalLink
from app.migrating import every_table
from app.outbox.service.keeping import erase_old_texts
from app.privacy.queries import sweeping
from app.privacy.service.removing import erase_details

RETENTION_JOB = "privacy.sweep"
AT_ONCE = 500
REASON = "Aufbewahrungsfrist des Sicherheitsprotokolls abgelaufen"


def sweep_old(database: Database, *, at_once: int = AT_ONCE) -> int:
    """Sweep every kind whose days are over, each batch in a transaction of its own; how many rows it was."""
    return sum(_sweep_kind(database, kind, at_once) for kind in Kept)


def _sweep_kind(database: Database, kind: Kept, at_once: int) -> int:
    steps: list[Callable[[Session, dt.datetime], int]] = [
        partial(_delete, table=table, columns=columns, at_once=at_once)
        for table, columns in sweeping.ENDED.get(kind, ())
    ]
    if kind is Kept.SECURITY:
        steps.append(partial(_erase, at_once=at_once))
    if kind is Kept.LINKS:
        steps.append(partial(_end_answers, at_once=at_once))
    if kind is Kept.MAILS:
        steps.append(partial(erase_old_texts, at_once=at_once))
    return sum(_in_batches(database, kind, step, at_once) for step in steps)


def _in_batches(database: Database, kind: Kept, step: Callable[[Session, dt.datetime], int], at_once: int) -> int:
    total = 0
    while True:
        with database.write() as session:
            before = clock.now() - dt.timedelta(days=retention_days(session, kind))
            number = step(session, before)
            count_sweep(session, kind, number)
        total += number
        if number < at_once:
            return total


def _delete(session: Session, before: dt.datetime, *, table: str, columns: tuple[str, ...], at_once: int) -> int:
    keys = sweeping.ended_keys(session, table, columns, before, at_once)
    if keys:
        found = every_table().tables[table]
        session.execute(sa.delete(found).where(sa.tuple_(*found.primary_key).in_(keys)))
    return len(keys)


def _end_answers(session: Session, before: dt.datetime, *, at_once: int) -> int:
    """The links for answering an invitation; nobody answers a meeting that is over."""
    ids = sweeping.answer_links(session, before, at_once)
    session.execute(sa.delete(PersonalLink).where(col(PersonalLink.id).in_(ids)))
    return len(ids)


def _erase(session: Session, before: dt.datetime, *, at_once: int) -> int:
    """The details of old entries about accounts; the entries and the chain stay."""
    entries = sweeping.old_details(session, before, at_once)
    erase_details(session, entries, REASON)
    return len(entries)
