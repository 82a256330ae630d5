"""Keeping the index: after every change of the history, and whole by command."""

from collections.abc import Callable, Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.history.following import Follower
from app.history.models import HistoryEntry, HistoryFollower
from app.history.queries import last_place
from app.search.models import Root, SearchEntry
from app.search.queries.contents import ids_after, roots_touched, texts_of
from app.search.queries.entries import entries_below, known_ids

NAME = "search"
DELETED_AT_ONCE = 500
AT_ONCE = 50
"""So many objects are indexed in one transaction when everything is: memory and locks stay small."""


def follow_changes(session: Session, entries: Sequence[HistoryEntry]) -> None:
    """Index anew what *entries* of the history touched; doing it twice changes nothing."""
    things: dict[str, set[int]] = {}
    for entry in entries:
        things.setdefault(entry.object_kind, set()).add(entry.object_id)
    index(session, roots_touched(session, things))


FOLLOWER = Follower(NAME, follow_changes)


def index(session: Session, roots: Iterable[tuple[Root, int]]) -> int:
    """Make the entries of *roots* what their texts are now, also where they are gone; how many changed.

    Written in the order of their ids, because the index of SQLite is laid down in that order.
    """
    gone: list[int] = []
    made: list[SearchEntry] = []
    for root, root_id in sorted(roots):
        there = entries_below(session, root, root_id)
        now = {one.id: one for one in texts_of(session, root, root_id)}
        made += [one for key, one in now.items() if key not in there or not _same(one, there[key])]
        gone += [key for key, row in there.items() if key not in now or not _same(now[key], row)]
    fresh = {one.id: one for one in made}
    # the same thing on the same day below another object: what moved is told where it is now
    gone += known_ids(session, set(fresh) - set(gone))
    for start in range(0, len(gone), DELETED_AT_ONCE):
        session.execute(
            sa.delete(SearchEntry).where(col(SearchEntry.id).in_(sorted(gone)[start : start + DELETED_AT_ONCE]))
        )
    session.expire_all()
    if fresh:
        session.execute(sa.insert(SearchEntry), [fresh[key].model_dump() for key in sorted(fresh)])
    return len(fresh) + len(gone)


def _same(one: SearchEntry, other: SearchEntry) -> bool:
    return one.model_dump() == other.model_dump()


def rebuild(database: Database, progress: Callable[[str], None] = lambda _: None) -> int:
    """Index everything anew, batch by batch, beside people at work; how many objects there are.

    What changes meanwhile is followed afterwards: the place in the history is noted before the first batch.
    """
    with database.write() as session:
        reached = last_place(session)
        session.execute(sa.delete(SearchEntry))
    count = 0
    for root in Root:
        last = 0
        while True:
            with database.write() as session:
                ids = ids_after(session, root, last, AT_ONCE)
                index(session, [(root, one) for one in ids])
            if not ids:
                break
            last, count = ids[-1], count + len(ids)
            progress(f"{count} Objekte")
    with database.write() as session:
        place = session.get(HistoryFollower, NAME) or HistoryFollower(name=NAME)
        place.last_id = reached
        session.add(place)
    return count


def behind(session: Session) -> int:
    """How many entries of the history the index has not read yet."""
    place = session.get(HistoryFollower, NAME)
    return last_place(session) - (place.last_id if place else 0)
