"""What the administration sets for the whole installation, and counting what was swept."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.errors import NotFound
from app.history.models import Reach
from app.history.service import record
from app.installation import queries
from app.installation.models import Installation, RetentionSetting, RetentionSweep
from app.installation.rules import RETENTION, Kept
from app.installation.schemas import RetentionIn


def set_retention(session: Session, actor: Actor, kind: Kept, wish: RetentionIn) -> None:
    """Keep a kind of data for other days from now on. Only the administration finds this."""
    if not actor.is_admin:
        raise NotFound()
    before = queries.retention_settings(session)[kind]
    if before == (wish.days, wish.source):
        return
    row = queries.lock_retention(session, kind) or RetentionSetting(
        kind=kind, days=wish.days, source=wish.source, changed_at=clock.now()
    )
    row.days, row.source, row.changed_at = wish.days, wish.source, clock.now()
    session.add(row)
    record(
        session,
        actor,
        "retention.change",
        session.get_one(Installation, 1),
        before={"days": before[0], "source": before[1]},
        after={"days": wish.days, "source": wish.source},
        label=RETENTION[kind].label,
        reach=Reach.ACCOUNT,
    )


def count_sweep(session: Session, kind: Kept, number: int) -> None:
    """Remember how many rows of a kind were swept today."""
    if not number:
        return
    row = queries.find_sweep(session, kind, clock.today()) or RetentionSweep(kind=kind, day=clock.today())
    row.number += number
    session.add(row)
