"""Where actions come from: decisions with their clauses and projects, and the items behind them."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.agenda.models import AgendaItem
from app.decisions.models import Clause, Decision, DecisionProject


def decisions_of_meeting(session: Session, meeting_id: int) -> list[Decision]:
    """The numbered decisions of a meeting's items, by number. Rights are the caller's matter."""
    return list(
        session.exec(
            select(Decision)
            .join(AgendaItem, col(AgendaItem.id) == Decision.item_id)
            .where(AgendaItem.meeting_id == meeting_id, col(Decision.number) != "")
            .order_by(col(Decision.year), col(Decision.serial), col(Decision.id))
        )
    )


def clauses_of_decisions(session: Session, decision_ids: Collection[int]) -> dict[int, list[Clause]]:
    """The clauses of decisions in their order, by decision; one query."""
    rows = session.exec(
        select(Clause).where(col(Clause.decision_id).in_(decision_ids)).order_by(col(Clause.position), col(Clause.id))
    )
    found: dict[int, list[Clause]] = {}
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return found


def projects_of_decision(session: Session, decision_id: int) -> list[int]:
    """The projects that a decision is about, in their order."""
    return list(
        session.exec(
            select(DecisionProject.project_id)
            .where(DecisionProject.decision_id == decision_id)
            .order_by(col(DecisionProject.position), col(DecisionProject.project_id))
        )
    )
