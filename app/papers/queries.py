"""Reading papers at their places; who may read is the owners' matter, so every statement starts from an owner."""

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

from app.papers.models import Paper, PaperVersion
from app.papers.schemas import HeldPaper, PaperStanding, Place

BATCH = 500


def held_at(session: Session, link: type[Any], column: str, owner_ids: Collection[int]) -> dict[int, list[HeldPaper]]:
    """The papers of several owners in their order with their newest files, by owner; one query."""
    found: dict[int, list[HeldPaper]] = {}
    if not owner_ids:
        return found
    owner = getattr(link, column)
    for owner_id, position, paper, file in session.execute(_held(link, owner).where(owner.in_(owner_ids))):
        found.setdefault(owner_id, []).append(HeldPaper(owner_id, position, paper, file))
    return found


def list_at(session: Session, place: Place) -> list[HeldPaper]:
    """The papers of one place in their order."""
    return held_at(session, place.link, place.column, [place.owner_id]).get(place.owner_id, [])


def find_at(
    session: Session, link: type[Any], column: str, owner_ids: Collection[int], paper_id: int
) -> HeldPaper | None:
    """One paper of the owners, None if it hangs elsewhere."""
    owner = getattr(link, column)
    statement = _held(link, owner).where(owner.in_(owner_ids), col(Paper.id) == paper_id)
    row = session.execute(statement.execution_options(populate_existing=True)).first()
    return HeldPaper(*row) if row else None


def held_keys(session: Session, place: Place) -> set[str]:
    """The storage's keys of the newest files at a place, without those of withdrawn papers."""
    return {held.file.file_key for held in list_at(session, place) if not held.paper.withdrawn}


def files_of(session: Session, paper_ids: Collection[int]) -> dict[int, list[PaperVersion]]:
    """Every file of several papers, newest first, by paper; one query."""
    found: dict[int, list[PaperVersion]] = {}
    rows = session.exec(
        select(PaperVersion)
        .where(col(PaperVersion.paper_id).in_(paper_ids))
        .order_by(col(PaperVersion.paper_id), col(PaperVersion.version).desc())
    )
    for row in rows:
        found.setdefault(row.paper_id, []).append(row)
    return found


def standing_of(session: Session, paper_ids: Collection[int]) -> dict[int, PaperStanding]:
    """How papers stand by now, whatever a release says of them; one query."""
    if not paper_ids:
        return {}
    columns = sa.select(col(Paper.id), col(Paper.withdrawn), col(Paper.level))
    rows = session.execute(columns.where(col(Paper.id).in_(paper_ids)))
    return {paper_id: PaperStanding(withdrawn, level) for paper_id, withdrawn, level in rows}


def last_position(session: Session, place: Place) -> int:
    """The last place taken, 0 where there is none."""
    owner = getattr(place.link, place.column)
    return session.execute(sa.select(sa.func.max(place.link.position)).where(owner == place.owner_id)).scalar() or 0


def named_keys(session: Session, keys: Iterable[str]) -> set[str]:
    """Which of the storage's keys some row names: whatever table has a column ``file_key`` keeps its files."""
    wanted, found = sorted(keys), set()
    tables = [table for table in SQLModel.metadata.sorted_tables if "file_key" in table.columns]
    for start in range(0, len(wanted), BATCH):
        for table in tables:
            column = table.columns["file_key"]
            found |= set(session.execute(sa.select(column).where(column.in_(wanted[start : start + BATCH]))).scalars())
    return found


def _held(link: type[Any], owner: Any) -> sa.Select[Any]:
    other = aliased(PaperVersion)
    newest = sa.select(sa.func.max(other.version)).where(col(other.paper_id) == Paper.id).scalar_subquery()
    return (
        sa.select(owner, link.position, Paper, PaperVersion)
        .join(Paper, col(Paper.id) == link.paper_id)
        .join(PaperVersion, sa.and_(col(PaperVersion.paper_id) == Paper.id, col(PaperVersion.version) == newest))
        .order_by(owner, link.position, link.paper_id)
    )
