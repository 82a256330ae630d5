"""Reading everything that minutes tell, item by item, in a fixed number of queries; rights are the caller's matter."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from app.actions.models import Action
from app.agenda.models import AgendaItem
from app.attendance.models import Announcement, Exclusion
from app.db import ident
from app.decisions.models import Clause, Decision
from app.minutes.models import MinuteNote
from app.people.models import Person
from app.visibility import Level


def notes_of_items(session: Session, item_ids: Collection[int]) -> dict[int, MinuteNote]:
    """The notes of items, by item."""
    rows = session.exec(select(MinuteNote).where(col(MinuteNote.item_id).in_(item_ids))).all()
    return {row.item_id: row for row in rows}


def decisions_with_clauses(session: Session, item_ids: Collection[int]) -> dict[int, tuple[Decision, list[Clause]]]:
    """The decision of each item with its clauses in order, by item; two queries."""
    rows = session.exec(select(Decision).where(col(Decision.item_id).in_(item_ids))).all()
    found: dict[int, tuple[Decision, list[Clause]]] = {
        row.item_id: (row, []) for row in rows if row.item_id is not None
    }
    places = {ident(row): row.item_id for row in rows if row.item_id is not None}
    clauses = session.exec(
        select(Clause)
        .where(col(Clause.decision_id).in_(places))
        .order_by(col(Clause.decision_id), col(Clause.position))
    )
    for clause in clauses:
        found[places[clause.decision_id]][1].append(clause)
    return found


def actions_given(session: Session, item_ids: Collection[int], clauses: Collection[int]) -> Sequence[Action]:
    """The actions that arose in items or from clauses, in the order of their numbers."""
    return session.exec(
        select(Action)
        .where(col(Action.item_id).in_(item_ids) | col(Action.clause_id).in_(clauses))
        .order_by(col(Action.serial), col(Action.id))
    ).all()


def exclusions_of_items(session: Session, item_ids: Collection[int]) -> dict[int, list[tuple[Person, Exclusion]]]:
    """Who takes no part in which item, by item."""
    rows = session.exec(
        select(Person, Exclusion)
        .join(Exclusion, col(Exclusion.person_id) == Person.id)
        .where(col(Exclusion.item_id).in_(item_ids))
        .order_by(col(Person.sort_key), col(Person.id))
    ).all()
    found: dict[int, list[tuple[Person, Exclusion]]] = {}
    for person, exclusion in rows:
        found.setdefault(exclusion.item_id, []).append((person, exclusion))
    return found


def announcements_of(session: Session, meeting_id: int) -> dict[int, Announcement]:
    """What each seat announced, by seat."""
    rows = session.exec(select(Announcement).where(Announcement.meeting_id == meeting_id)).all()
    return {row.seat_id: row for row in rows}


def items_of_minutes(session: Session, meeting_id: int) -> Sequence[AgendaItem]:
    """The items of a meeting, for those who read its minutes anyway."""
    return session.exec(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(col(AgendaItem.section), col(AgendaItem.position), col(AgendaItem.id))
    ).all()


def levels_of_meeting(session: Session, meeting_id: int) -> dict[int, Level]:
    """The confidentiality of a meeting's items."""
    return {ident(item): item.level for item in items_of_minutes(session, meeting_id)}
