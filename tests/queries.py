"""Counts the queries of a piece of work, to prove that a page's number of queries does not grow with its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def recorded_queries(connection: sa.Connection | sa.Engine) -> Iterator[list[str]]:
    """The statements that reach the database on *connection*, without savepoints."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            found.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
