"""Asking whether a running circular procedure already holds a matter that shall come onto an agenda."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session

# Circular procedures stand above agendas in the list of packages, so their tables are named, not imported.
_CIRCULAR = sa.table(
    "circular",
    *(sa.column(name, sa.Integer) for name in ("id", "body_id", "decision_id", "item_id", "topic_id")),
    sa.column("state", sa.String),
)
_DECISION = sa.table("decision", sa.column("id", sa.Integer), sa.column("title", sa.String))
_LINK = sa.table("decision_project", sa.column("decision_id", sa.Integer), sa.column("project_id", sa.Integer))


def find_running_circular(
    session: Session,
    body_id: int,
    *,
    project_ids: Collection[int] = (),
    item_id: int | None = None,
    topic_id: int | None = None,
) -> str | None:
    """The title of the body's running procedure about one of the projects, the item or the entry; None without."""
    about = _CIRCULAR.c.decision_id.in_(sa.select(_LINK.c.decision_id).where(_LINK.c.project_id.in_(project_ids)))
    holds: list[sa.ColumnElement[bool]] = [about]
    if item_id is not None:
        holds.append(_CIRCULAR.c.item_id == item_id)
    if topic_id is not None:
        holds.append(_CIRCULAR.c.topic_id == topic_id)
    title: str | None = session.execute(
        sa.select(_DECISION.c.title)
        .join(_CIRCULAR, _CIRCULAR.c.decision_id == _DECISION.c.id)
        .where(_CIRCULAR.c.body_id == body_id, _CIRCULAR.c.state == "running", sa.or_(*holds))
        .order_by(_CIRCULAR.c.id)
        .limit(1)
    ).scalar()
    return title
