"""Long lists page by page: a cursor holds the sort values of the row at the edge, so pages neither skip nor repeat."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.errors import NotFound

Order = Sequence[tuple[sa.ColumnElement[Any], bool]]
"""The columns that sort, none of them ever NULL, and whether they run downwards; the last makes it unique."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page, and the cursors of the page before and behind it (None: there is none)."""

    found: list[Any]
    previous: str | None
    next: str | None


def page(
    session: Session,
    statement: sa.Select[Any],
    order: Order,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = None,
) -> Rows:
    """The rows of *statement* in *order* behind the cursor *after*, or those that end before *before*; one query.

    ``limit`` None: all of them. NotFound where a cursor is none of this order.
    """
    backwards = before is not None and after is None
    cursor = after or before
    walk = [(column, down != backwards) for column, down in order]
    if cursor:
        statement = statement.where(_beyond(walk, _unpacked(cursor, order)))
    statement = statement.add_columns(*(column.label(f"mark{place}") for place, (column, _) in enumerate(order)))
    statement = statement.order_by(*(column.desc() if down else column.asc() for column, down in walk))
    found = list(session.execute(statement.limit(None if limit is None else limit + 1)).all())
    more = limit is not None and len(found) > limit
    found = found[:limit] if limit is not None else found
    if backwards:
        found.reverse()
    has_previous, has_next = (more, True) if backwards else (bool(after), more)
    return Rows(
        found,
        previous=_edge(found[0], order) if found and has_previous else None,
        next=_edge(found[-1], order) if found and has_next else None,
    )


def _beyond(order: Order, marks: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Rows that follow the row with *marks* in *order*: lexicographic, each column with its own direction."""
    clauses: list[sa.ColumnElement[bool]] = []
    for place, (column, down) in enumerate(order):
        same = [one == mark for (one, _), mark in zip(order[:place], marks[:place], strict=True)]
        clauses.append(sa.and_(*same, column < marks[place] if down else column > marks[place]))
    return sa.or_(*clauses)


def _edge(row: Any, order: Order) -> str:
    return packed([getattr(row, f"mark{place}") for place in range(len(order))])


def packed(marks: Sequence[Any]) -> str:
    """The cursor of a row with these sort values."""
    content = json.dumps(marks, default=str, ensure_ascii=False)
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _unpacked(cursor: str, order: Order) -> list[Any]:
    try:
        marks = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(marks, list) or len(marks) != len(order):
            raise NotFound()
        kinds = [column.type.python_type for column, _ in order]
        return [_mark(kind, mark) for kind, mark in zip(kinds, marks, strict=True)]
    except (ValueError, binascii.Error, TypeError):
        raise NotFound() from None


def _mark(kind: type, mark: Any) -> Any:
    if kind is dt.date:
        return dt.date.fromisoformat(mark)
    if not isinstance(mark, kind) or isinstance(mark, bool):
        raise ValueError(mark)
    return mark
