"""What is new for somebody: their notices, told with today's rights."""

import datetime as dt

from sqlmodel import Session, col, select

from app.actor import Actor
from app.notices.models import Notice, NoticeState
from app.notices.queries.telling import tell
from app.notices.schemas import RecentNotice

MOST = 50


def recent_notices(
    session: Session, actor: Actor, since: dt.datetime, *, before_id: int | None = None, limit: int = MOST
) -> list[RecentNotice]:
    """The actor's notices since a moment, newest first; what they may no longer read, or what is over, is left out.

    ``before_id`` goes on behind a notice. The number of queries grows with *limit*, never with what is stored.
    """
    if actor.account_id is None:
        return []
    statement = select(Notice).where(
        Notice.account_id == actor.account_id, Notice.at >= since, Notice.state != NoticeState.DROPPED
    )
    if before_id is not None:
        statement = statement.where(col(Notice.id) < before_id)
    found = []
    for notice in session.exec(statement.order_by(col(Notice.id).desc()).limit(limit)).all():
        told = tell(session, actor, notice)
        if told is not None:
            found.append(RecentNotice(notice.id or 0, notice.kind, told.line, told.address, notice.at, told.until))
    return found
