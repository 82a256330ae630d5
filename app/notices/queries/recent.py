"""What is new for somebody: their notices, told with today's rights."""

from sqlmodel import Session, col, select

from app.actor import Actor
from app.notices.models import Notice, NoticeState
from app.notices.queries.telling import tell_all
from app.notices.schemas import RecentNotice

MOST = 50


def recent_page(
    session: Session, actor: Actor, *, before_id: int | None = None, limit: int = MOST
) -> tuple[list[RecentNotice], int | None]:
    """A page of the actor's notices, newest first, and (None: at the end) the id behind which the next one begins.

    A page may hold less than *limit*, or nothing, though more follows: what is not for the actor's eyes any more is
    left out of it.
    """
    if actor.account_id is None:
        return [], None
    statement = select(Notice).where(Notice.account_id == actor.account_id, Notice.state != NoticeState.DROPPED)
    if before_id is not None:
        statement = statement.where(col(Notice.id) < before_id)
    rows = session.exec(statement.order_by(col(Notice.id).desc()).limit(limit + 1)).all()
    found = []
    for notice, told in zip(rows, tell_all(session, actor, rows[:limit]), strict=False):
        if told is not None:
            found.append(RecentNotice(notice.id or 0, notice.kind, told.line, told.address, notice.at, told.until))
    return found, rows[limit - 1].id if len(rows) > limit else None
