"""Questions about the installation: whether it is a demo, how long what is kept, how much was swept."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.installation.models import Installation, RetentionSetting, RetentionSweep
from app.installation.rules import RETENTION, Kept


def is_demo(session: Session) -> bool:
    """Whether this installation holds invented demo data."""
    found = session.get(Installation, 1)
    return found is not None and found.demo_made_on is not None


def retention_settings(session: Session) -> dict[Kept, tuple[int, str]]:
    """Days and provenance of every kind: as the operator set them, else as shipped."""
    stored = {row.kind: row for row in session.exec(select(RetentionSetting))}
    return {
        kind: (stored[kind].days, stored[kind].source) if kind in stored else (shipped.days, shipped.source)
        for kind, shipped in RETENTION.items()
    }


def retention_days(session: Session, kind: Kept) -> int:
    """After how many days a kind of data ends."""
    return retention_settings(session)[kind][0]


def lock_retention(session: Session, kind: Kept) -> RetentionSetting | None:
    """What the operator set for a kind, locked; None while the shipped days hold."""
    return session.exec(select(RetentionSetting).where(RetentionSetting.kind == kind).with_for_update()).first()


def find_sweep(session: Session, kind: Kept, day: dt.date) -> RetentionSweep | None:
    """What was counted for a kind on a day."""
    return session.get(RetentionSweep, (kind.value, day))


def swept_since(session: Session, day: dt.date) -> dict[str, int]:
    """How many rows of each kind were swept since a day."""
    number = sa.func.sum(col(RetentionSweep.number))
    rows = session.exec(
        select(RetentionSweep.kind, number).where(col(RetentionSweep.day) >= day).group_by(col(RetentionSweep.kind))
    )
    return {kind: int(found or 0) for kind, found in rows}
