"""Which rows have been kept long enough, by the kind of data."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.history.models import HistoryDetail, HistoryEntry, Reach
from app.installation.rules import Kept
from app.links.models import PersonalLink
from app.links.rules import Purpose
from app.meetings.models import Meeting
from app.migrating import every_table

ENDED: Mapping[Kept, tuple[tuple[str, tuple[str, ...]], ...]] = {
    Kept.SESSIONS: (("sign_in_session", ("expires_at",)), ("sign_in_step", ("expires_at",))),
    Kept.FAILURES: (("sign_in_failure", ("at",)),),
    Kept.TOKENS: (("api_token", ("revoked_at",)), ("feed_token", ("revoked_at",))),
    Kept.LINKS: (("personal_link", ("revoked_at", "expires_at")),),
    Kept.JOBS: (("job", ("done_at", "failed_at")),),
    Kept.SECURITY: (("sign_in_event", ("at",)),),
    Kept.FEEDBACK: (("feedback", ("answered_at",)),),
    Kept.ANSWERS: (("idempotent_answer", ("made_at",)),),
}
"""Tables of a kind, and the columns whose first filled one says when a row ended. Rows without an end stay."""


def ended_keys(
    session: Session, table: str, columns: tuple[str, ...], before: dt.datetime, limit: int
) -> list[tuple[Any, ...]]:
    """The primary keys of the rows that ended before a moment, the oldest first."""
    found = every_table().tables[table]
    moments = [found.c[name] for name in columns]
    end = sa.func.coalesce(*moments, type_=moments[0].type) if len(moments) > 1 else moments[0]
    keys = sa.select(*found.primary_key).where(end < before).order_by(end, *found.primary_key).limit(limit)
    return [tuple(row) for row in session.execute(keys)]


def answer_links(session: Session, before: dt.datetime, limit: int) -> list[int]:
    """The ids of the links for answers to meetings that ended before a moment: they have no end of their own."""
    statement = (
        select(PersonalLink.id)
        .join(Meeting, col(Meeting.id) == PersonalLink.meeting_id)
        .where(PersonalLink.purpose == Purpose.ANSWER, Meeting.ends_at < before)
        .order_by(col(PersonalLink.id))
        .limit(limit)
    )
    return [found for found in session.exec(statement) if found is not None]


def old_details(session: Session, before: dt.datetime, limit: int) -> list[int]:
    """History entries about accounts whose details are still there although they are older than a moment."""
    statement = (
        select(HistoryEntry.id)
        .join(HistoryDetail, col(HistoryDetail.entry_id) == HistoryEntry.id)
        .where(HistoryEntry.reach == Reach.ACCOUNT, HistoryEntry.at < before)
        .order_by(col(HistoryEntry.id))
        .limit(limit)
    )
    return list(session.exec(statement))
