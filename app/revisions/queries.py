"""Reading revisions and presences. Who may read them is the matter of the object that holds the texts."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.revisions.models import EditPresence, TextRevision
from app.revisions.rules import PAUSE, PRESENT


def readable_revisions(kind: str, object_ids: Collection[int]) -> SelectOfScalar[TextRevision]:
    """The revisions of objects that the caller has fetched as readable."""
    return select(TextRevision).where(
        TextRevision.object_kind == kind, col(TextRevision.object_id).in_(list(object_ids))
    )


def find_latest(session: Session, kind: str, object_id: int, field: str) -> TextRevision | None:
    """The last revision of a field, open or closed."""
    statement = readable_revisions(kind, [object_id]).where(TextRevision.field == field)
    return session.exec(statement.order_by(col(TextRevision.id).desc()).limit(1)).first()


def last_version(session: Session, kind: str, object_id: int) -> int:
    """The highest version that a revision of the object made; 0 before the first."""
    highest = sa.select(sa.func.max(TextRevision.version)).where(
        col(TextRevision.object_kind) == kind, col(TextRevision.object_id) == object_id
    )
    return session.execute(highest).scalar() or 0


def find_last_of_writer(session: Session, kind: str, object_id: int, field: str, writer: str) -> TextRevision | None:
    """The last revision that one open form wrote into a field."""
    statement = readable_revisions(kind, [object_id]).where(TextRevision.field == field, TextRevision.writer == writer)
    return session.exec(statement.order_by(col(TextRevision.id).desc()).limit(1)).first()


def list_open(session: Session, kind: str, object_ids: Collection[int]) -> Sequence[TextRevision]:
    """The open revisions of objects, in the order in which they were begun."""
    statement = readable_revisions(kind, object_ids).where(col(TextRevision.closed_at).is_(None))
    return session.exec(statement.order_by(col(TextRevision.id))).all()


def list_finished(session: Session, kind: str, object_id: int, now: dt.datetime) -> Sequence[TextRevision]:
    """The finished revisions of an object that changed something, newest first.

    One whose pause is over counts as finished even where no worker has closed it yet.
    """
    statement = readable_revisions(kind, [object_id]).where(
        TextRevision.content != TextRevision.before,
        sa.or_(col(TextRevision.closed_at).is_not(None), col(TextRevision.saved_at) <= now - PAUSE),
    )
    return session.exec(statement.order_by(col(TextRevision.id).desc())).all()


def find_revision(session: Session, kind: str, object_id: int, revision_id: int) -> TextRevision | None:
    """One revision of an object."""
    return session.exec(readable_revisions(kind, [object_id]).where(TextRevision.id == revision_id)).first()


def list_present(
    session: Session, kind: str, object_ids: Collection[int], now: dt.datetime, *, but_writer: str = ""
) -> Sequence[EditPresence]:
    """Who has objects open now, the longest first; *but_writer* is the form that asks."""
    return session.exec(
        select(EditPresence)
        .where(
            EditPresence.object_kind == kind,
            col(EditPresence.object_id).in_(list(object_ids)),
            col(EditPresence.seen_at) > now - PRESENT,
            EditPresence.writer != but_writer,
        )
        .order_by(col(EditPresence.opened_at), col(EditPresence.writer))
    ).all()
