"""Reading the history: entries an actor may read, and the check of the whole chain."""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor, Role
from app.history import rules
from app.history.models import HistoryDetail, HistoryEntry, HistoryErasure, HistoryFollower, HistoryHead, Reach
from app.visibility import Matter, body_ids, steered_periods

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its detail; ``who`` and ``changes`` are empty once the detail is erased."""

    id: int
    at: Any
    verb: str
    object_kind: str
    object_id: int
    body_id: int | None
    who: str
    label: str
    reason: str
    changes: dict[str, list[Any]]
    erased: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking the chain: ``broken_at`` is the first entry that does not hold (None = all hold)."""

    entries: int
    erased: int
    broken_at: int | None
    head: str
    complaint: str = ""


# Histories stand below projects in the list of packages, so the table is named, not imported.
SPEAKING_KINDS = ("speaking_note", "speaking_frame")
"""Tables of the chair's own texts: whatever an entry's reach, only who reads them reads of their changes."""

AUDIT_KIND = "audit_access"
"""The table of the Revision's recorded reasons."""

_PROJECT = sa.table("project", sa.column("id", sa.Integer), sa.column("period_id", sa.Integer))


def readable_entries(actor: Actor) -> SelectOfScalar[HistoryEntry]:
    """Entries the actor may read: secretariat and Revision of the body; account matters are for the administration.

    Domain §6: drafts are not for Revision; entries about confidential matters tell of their drafts too, so that its
    recorded reason does not open them. When and why it looked is told to the administration, too. Entries about
    projects follow the bodies that steer them; institutions and persons are the secretariats' matter; entries about
    speaking notes are for the accounts named for them, on top of everything else.
    """
    reach, bodies = col(HistoryEntry.reach), col(HistoryEntry.body_id)
    clauses: list[sa.ColumnElement[bool]] = []
    for role, reaches in (
        (Role.SECRETARIAT, (Reach.INTERNAL, Reach.DRAFT, Reach.CONFIDENTIAL)),
        (Role.AUDITOR, (Reach.INTERNAL,)),
    ):
        held = actor.bodies_of(role)
        if held is None:
            clauses.append(reach.in_(reaches))
        elif held:
            own = [bodies.in_(sorted(held)), sa.and_(bodies.is_(None), _about_projects(actor, held))]
            if role is Role.SECRETARIAT:
                own.append(sa.and_(bodies.is_(None), col(HistoryEntry.object_kind) != _PROJECT.name))
            clauses.append(sa.and_(reach.in_(reaches), sa.or_(*own)))
    if actor.is_admin:
        clauses += [reach == Reach.ACCOUNT, col(HistoryEntry.object_kind) == AUDIT_KIND]
    speaking = col(HistoryEntry.object_kind).in_(SPEAKING_KINDS)
    theirs = body_ids(actor, Matter.SPEAKING)
    named = sa.or_(sa.not_(speaking), sa.true() if theirs is None else bodies.in_(sorted(theirs)))
    return select(HistoryEntry).where(sa.or_(*clauses) if clauses else sa.false(), named)


def _about_projects(actor: Actor, held: frozenset[int]) -> sa.ColumnElement[bool]:
    """Whether an entry is about a project that one of the bodies *held* steers."""
    about = col(HistoryEntry.object_kind) == _PROJECT.name
    periods = steered_periods(actor, held)
    if periods is None:
        return about
    steered = sa.or_(_PROJECT.c.period_id.in_(sorted(periods)), _PROJECT.c.period_id.is_(None))
    return sa.and_(about, col(HistoryEntry.object_id).in_(sa.select(_PROJECT.c.id).where(steered)))


def list_entries(
    session: Session,
    actor: Actor,
    *,
    object_kind: str | None = None,
    object_id: int | None = None,
    body_id: int | None = None,
    before_id: int | None = None,
    also: Mapping[str, Collection[int]] | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Entries newest first, of one object or of everything; ``before_id`` continues a page."""
    statement = readable_entries(actor).order_by(col(HistoryEntry.id).desc()).limit(limit)
    if object_kind is not None:
        things = {object_kind: [object_id], **(also or {})}
        statement = statement.where(
            sa.or_(
                *(
                    sa.and_(col(HistoryEntry.object_kind) == kind, col(HistoryEntry.object_id).in_(ids))
                    for kind, ids in things.items()
                )
            )
        )
    if body_id is not None:
        statement = statement.where(HistoryEntry.body_id == body_id)
    if before_id is not None:
        statement = statement.where(col(HistoryEntry.id) < before_id)
    found = session.exec(statement).all()
    return with_details(session, list(found))


def with_details(session: Session, entries: list[HistoryEntry]) -> list[Entry]:
    """Entries that the caller may read, in the same order, with what is left of their details."""
    wanted = [entry.id for entry in entries]
    details = {
        detail.entry_id: json.loads(detail.content)
        for detail in session.exec(select(HistoryDetail).where(col(HistoryDetail.entry_id).in_(wanted)))
    }
    return [
        Entry(
            id=entry.id,
            at=entry.at,
            verb=entry.verb,
            object_kind=entry.object_kind,
            object_id=entry.object_id,
            body_id=entry.body_id,
            who=details.get(entry.id, {}).get("who", ""),
            label=details.get(entry.id, {}).get("label", ""),
            reason=details.get(entry.id, {}).get("reason", ""),
            changes=details.get(entry.id, {}).get("changes", {}),
            erased=entry.id not in details,
        )
        for entry in entries
    ]


def head_hash(session: Session) -> str:
    """The hash at the end of the chain, another one after every recorded change; one row. Empty before the first."""
    return session.exec(select(HistoryHead.last_hash)).one_or_none() or ""


def lock_head(session: Session) -> HistoryHead:
    """The end of the chain, locked until the commit: entries are added one transaction after the other."""
    statement = select(HistoryHead).where(HistoryHead.id == 1).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def has_news_for(session: Session, follower: str) -> bool:
    """Whether the chain goes on behind the place that *follower* has read; True for one that never read."""
    place = session.get(HistoryFollower, follower)
    return place is None or place.last_id < last_place(session)


def last_place(session: Session) -> int:
    """The place of the last entry, 0 of an empty chain."""
    return session.exec(select(HistoryHead.last_id).where(HistoryHead.id == 1)).one()


def lock_follower(session: Session, name: str) -> HistoryFollower | None:
    """How far a follower has read, locked; None if it never did."""
    statement = select(HistoryFollower).where(HistoryFollower.name == name).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def happened_since(
    session: Session, moment: dt.datetime, verbs: Collection[str], *, but_by: int | None, limit: int
) -> list[HistoryEntry]:
    """What was done after *moment* (of these verbs) by others than the account *but_by*, newest first; one query.

    Entries name neither persons nor contents, but tell that something is there: the caller asks for every thing
    whether its reader may know of it.
    """
    others = sa.or_(col(HistoryDetail.account_id).is_(None), col(HistoryDetail.account_id) != (but_by or 0))
    statement = (
        select(HistoryEntry)
        .join(HistoryDetail, col(HistoryDetail.entry_id) == HistoryEntry.id, isouter=True)
        .where(HistoryEntry.at > moment, col(HistoryEntry.verb).in_(verbs), others)
    )
    return list(session.exec(statement.order_by(col(HistoryEntry.id).desc()).limit(limit)))


def entries_after(session: Session, place: int, limit: int) -> list[HistoryEntry]:
    """The next entries of the chain behind *place*, in its order. For the system's own work, whoever may read them."""
    statement = select(HistoryEntry).where(HistoryEntry.id > place).order_by(col(HistoryEntry.id)).limit(limit)
    return list(session.exec(statement))


def verify_chain(session: Session) -> Verdict:
    """Walk the whole chain: places without gaps, hashes, details against their digests, head, erasures with reason."""
    head = session.get_one(HistoryHead, 1)
    place, previous, erased = 0, "", 0
    permitted = set(session.exec(select(HistoryErasure.entry_id)))
    for entry, detail in _walk(session):
        place += 1
        complaint = _complaint(entry, detail, place, previous, permitted)
        if complaint:
            return Verdict(place, erased, entry.id, head.last_hash, complaint)
        erased += detail is None
        previous = entry.hash
    if (place, previous) != (head.last_id, head.last_hash):
        return Verdict(place, erased, place, head.last_hash, "Das Ende der Kette fehlt oder wurde verändert.")
    return Verdict(place, erased, None, head.last_hash)


def _walk(session: Session) -> Iterator[tuple[HistoryEntry, HistoryDetail | None]]:
    """All entries in order, a batch at a time, so that memory does not grow with the history."""
    last = 0
    while True:
        batch = session.exec(
            select(HistoryEntry, HistoryDetail)
            .join(HistoryDetail, col(HistoryDetail.entry_id) == HistoryEntry.id, isouter=True)
            .where(col(HistoryEntry.id) > last)
            .order_by(col(HistoryEntry.id))
            .limit(BATCH)
        ).all()
        if not batch:
            return
        yield from batch
        last = batch[-1][0].id
        session.expunge_all()


def _complaint(
    entry: HistoryEntry, detail: HistoryDetail | None, place: int, previous: str, permitted: set[int]
) -> str:
    if entry.id != place:
        return f"Eintrag {place} fehlt."
    if entry.previous_hash != previous:
        return f"Eintrag {place} schließt nicht an seinen Vorgänger an."
    expected = rules.entry_hash(
        place=entry.id,
        at=entry.at,
        verb=entry.verb,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        body_id=entry.body_id,
        reach=entry.reach.value,
        digest=entry.digest,
        previous_hash=entry.previous_hash,
    )
    if entry.hash != expected:
        return f"Eintrag {place} wurde verändert."
    if detail is None:
        return "" if entry.id in permitted else f"Die Angaben zu Eintrag {place} fehlen ohne Vermerk."
    if rules.digest_of(detail.salt, detail.content) != entry.digest:
        return f"Die Angaben zu Eintrag {place} wurden verändert."
    return ""
