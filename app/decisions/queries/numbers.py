"""The series of a body's numbers, locked for whoever takes the next."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.decisions.models import NumberSeries, SeriesKind


def lock_series(session: Session, body_id: int, kind: SeriesKind, year: int) -> NumberSeries:
    """The series of a year, its row locked until the commit; begun where it is the first number of the year.

    ``ON CONFLICT DO NOTHING`` waits for another writer who begins it at this moment, so both see one row afterwards.
    """
    session.execute(
        sa.text(
            "INSERT INTO number_series (body_id, kind, year, last) VALUES (:body_id, :kind, :year, 0) "
            "ON CONFLICT (body_id, kind, year) DO NOTHING"
        ),
        {"body_id": body_id, "kind": kind.value, "year": year},
    )
    statement = select(NumberSeries).where(
        NumberSeries.body_id == body_id, col(NumberSeries.kind) == kind, NumberSeries.year == year
    )
    return session.exec(statement.with_for_update().execution_options(populate_existing=True)).one()
