"""Where actions come from: decisions with their projects."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.actions.models import Action
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.decisions.models import Clause, Decision, DecisionProject
from app.decisions.queries import readable_decisions
from app.meetings.models import Meeting
from app.meetings.queries import readable_meetings
from app.meetings.rules.life import label_with_date


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


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action comes from, as far as its reader reads that: decision with clause, meeting with item.

    ``reported_in``: the held meeting that carried it as done.
    """

    decision: Decision | None = None
    clause: Clause | None = None
    item: AgendaItem | None = None
    meeting: Meeting | None = None
    reported_in: Meeting | None = None

    @property
    def meeting_words(self) -> str:
        """17. Sitzung am 16.05.2019, TOP 3.1"""
        if self.meeting is None:
            return ""
        number = self.item.number if self.item else ""
        return label_with_date(self.meeting) + (f", TOP {number}" if number else "")


def origin_of(session: Session, actor: Actor, action: Action) -> Origin:
    """Where a readable action comes from."""
    clause = session.get(Clause, action.clause_id) if action.clause_id else None
    decision = None
    if clause is not None:
        decision = session.exec(readable_decisions(actor).where(Decision.id == clause.decision_id)).first()
    item = session.get(AgendaItem, action.item_id) if action.item_id else None
    wanted = {item.meeting_id if item else 0, action.reported_in_id or 0}
    known = {one.id: one for one in session.exec(readable_meetings(actor).where(col(Meeting.id).in_(wanted)))}
    meeting = known.get(item.meeting_id) if item else None
    return Origin(
        decision=decision,
        clause=clause if decision else None,
        item=item if meeting else None,
        meeting=meeting,
        reported_in=known.get(action.reported_in_id),
    )
