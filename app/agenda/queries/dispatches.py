"""Reading which letters were sent, and which marks were taken back."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.agenda.models import (
    LetterDispatch,
    LetterRevocation,
)
from app.errors import NotFound


def list_dispatches(session: Session, meeting_id: int) -> list[tuple[LetterDispatch, LetterRevocation | None]]:
    """The letters of a meeting that were marked as sent, in that order, with what took a mark back; one query."""
    rows = session.execute(
        sa.select(LetterDispatch, LetterRevocation)
        .outerjoin(LetterRevocation, col(LetterRevocation.dispatch_id) == LetterDispatch.id)
        .where(col(LetterDispatch.meeting_id) == meeting_id)
        .order_by(col(LetterDispatch.id))
    ).all()
    return [(dispatch, revocation) for dispatch, revocation in rows]


def get_dispatch(session: Session, meeting_id: int, dispatch_id: int) -> LetterDispatch:
    """One letter of a meeting that was marked as sent, whether or not that was taken back; NotFound otherwise."""
    found = session.get(LetterDispatch, dispatch_id)
    if found is None or found.meeting_id != meeting_id:
        raise NotFound()
    return found


def find_revocation(session: Session, dispatch_id: int) -> LetterRevocation | None:
    """What took the mark of a dispatch back, None while it holds."""
    return session.get(LetterRevocation, dispatch_id)


def find_dispatched(session: Session, values_hash: str) -> LetterDispatch | None:
    """A sent letter with exactly these values, None if there is none. The same letter may have gone two ways."""
    return session.exec(select(LetterDispatch).where(LetterDispatch.hash == values_hash).limit(1)).first()


def dispatches_by_prefix(session: Session, prefix: str, *, limit: int) -> Sequence[LetterDispatch]:
    """Sent letters whose hash begins with *prefix* (hexadecimal digits), oldest first."""
    return session.exec(
        select(LetterDispatch)
        .where(col(LetterDispatch.hash).startswith(prefix, autoescape=True))
        .order_by(col(LetterDispatch.id))
        .limit(limit)
    ).all()
