"""The entries of the index itself, for keeping it; what somebody may read of them is asked in ``candidates``."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.search.models import Root, SearchEntry

AT_ONCE = 500


def entries_below(session: Session, root: Root, root_id: int) -> dict[int, SearchEntry]:
    """What is indexed of an object and of everything below it, by id."""
    rows = session.exec(select(SearchEntry).where(SearchEntry.root == root, SearchEntry.root_id == root_id))
    return {row.id: row for row in rows}


def known_ids(session: Session, ids: Collection[int]) -> list[int]:
    """Those of the ids that the index holds."""
    wanted = sorted(ids)
    found: list[int] = []
    for start in range(0, len(wanted), AT_ONCE):
        found += session.exec(select(SearchEntry.id).where(col(SearchEntry.id).in_(wanted[start : start + AT_ONCE])))
    return found
