"""Where actions come from: decisions with their projects."""

from sqlmodel import Session, col, select

from app.agenda.models import AgendaItem
from app.decisions.models import Decision, DecisionProject


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


def projects_of_decision(session: Session, decision_id: int) -> list[int]:
    """The projects that a decision is about, in their order."""
    return list(
        session.exec(
            select(DecisionProject.project_id)
            .where(DecisionProject.decision_id == decision_id)
            .order_by(col(DecisionProject.position), col(DecisionProject.project_id))
        )
    )
