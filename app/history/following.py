"""Following the history: work that others' changes order, done later, for every entry once and in the chain's order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.db import Database
from app.history import queries
from app.history.models import HistoryEntry, HistoryFollower

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows, and what is done with new entries, in their order and in one transaction with the place reached.

    ``from_now``: a new follower begins at the present end; else it reads everything that ever happened.
    """

    name: str
    work: Callable[[Session, Sequence[HistoryEntry]], None]
    from_now: bool = False


def follow(database: Database, follower: Follower) -> int:
    """Hand at most 200 new entries to *follower*; how many there were. What it raises undoes the whole step.

    Nothing is written, nor locked, while there is nothing new.
    """
    with database.read() as session:
        if not queries.has_news_for(session, follower.name):
            return 0
    with database.write() as session:
        place = queries.lock_follower(session, follower.name)
        if place is None:
            place = HistoryFollower(name=follower.name, last_id=queries.last_place(session) if follower.from_now else 0)
        entries = queries.entries_after(session, place.last_id, AT_ONCE)
        if entries:
            follower.work(session, entries)
            place.last_id = entries[-1].id
        session.add(place)
        return len(entries)
