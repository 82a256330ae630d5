"""When somebody was here last: two moments of an account, so that the overview can say what is new since then."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import update
from sqlmodel import Session, col

from app import clock
from app.people.models import Account

PAUSE = dt.timedelta(hours=4)
"""So long without a request, and the next one begins another visit (eigene Festlegung)."""


def note_visit(session: Session, account_id: int) -> None:
    """The account is here now. What was read is not told, nor how often: of earlier visits only the last end stays.

    One statement and no new version of the account: two windows of one person may arrive in the same moment.
    """
    now, seen = clock.now(), col(Account.visited_at)
    before = sa.case((seen < now - PAUSE, seen), else_=col(Account.visited_before))
    session.execute(
        update(Account)
        .where(col(Account.id) == account_id)
        .values(visited_before=before, visited_at=now)
        .execution_options(synchronize_session=False)
    )
