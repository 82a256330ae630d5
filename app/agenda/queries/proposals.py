"""Reading proposals, their projects and when they were drafted."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import (
    AgendaDraft,
    AgendaItem,
    Outcome,
    Proposal,
    ProposalProject,
    ProposalState,
)
from app.agenda.rules.outcomes import COMES_BACK
from app.agenda.rules.reasons import over_things
from app.errors import NotFound
from app.meetings.models import Meeting
from app.visibility import Matter, body_clause

_UNTOLD = (*COMES_BACK, Outcome.REMOVED, Outcome.RETRACTED)
"""Outcomes of an item after which the body has not heard what it says."""


def find_meeting_of_proposal(session: Session, proposal_id: int) -> int | None:
    """The meeting of a proposal whoever asks, None if the proposal is gone; for the worker."""
    return session.exec(select(Proposal.meeting_id).where(Proposal.id == proposal_id)).first()


def find_draft(session: Session, meeting_id: int) -> AgendaDraft | None:
    """The last drafting of a meeting."""
    return session.get(AgendaDraft, meeting_id)


def readable_proposals(actor: Actor) -> SelectOfScalar[Proposal]:
    """Proposals, reasons, scores: secretariat and chair (domain §4, §6)."""
    return (
        select(Proposal)
        .join(Meeting, col(Meeting.id) == Proposal.meeting_id)
        .where(body_clause(actor, Matter.DRAFT, col(Meeting.body_id)))
    )


def list_proposals(
    session: Session, actor: Actor, meeting_id: int, *, state: ProposalState | None = None
) -> Sequence[Proposal]:
    """The proposals of a meeting in the order of the drafting."""
    statement = readable_proposals(actor).where(Proposal.meeting_id == meeting_id)
    if state is not None:
        statement = statement.where(Proposal.state == state)
    return session.exec(statement.order_by(col(Proposal.position), col(Proposal.id))).all()


def count_proposals(session: Session, actor: Actor, meeting_id: int, *, state: ProposalState) -> int:
    """How many proposals of a meeting are in a state."""
    chosen = readable_proposals(actor).where(Proposal.meeting_id == meeting_id, Proposal.state == state)
    return session.exec(chosen.with_only_columns(sa.func.count())).one()  # type: ignore[call-overload, no-any-return]


def get_proposal(session: Session, actor: Actor, meeting_id: int, proposal_id: int) -> Proposal:
    """One proposal; NotFound for unknown and invisible alike."""
    found = session.exec(
        readable_proposals(actor).where(Proposal.meeting_id == meeting_id, Proposal.id == proposal_id)
    ).first()
    if found is None:
        raise NotFound()
    return found


def projects_of_proposals(session: Session, proposal_ids: Collection[int]) -> dict[int, list[ProposalProject]]:
    """The links of proposals to projects in their order, by proposal; one query."""
    found: dict[int, list[ProposalProject]] = {}
    rows = session.exec(
        select(ProposalProject)
        .where(col(ProposalProject.proposal_id).in_(proposal_ids))
        .order_by(col(ProposalProject.position))
    )
    for row in rows:
        found.setdefault(row.proposal_id, []).append(row)
    return found


def proposals_of_item(session: Session, item_id: int) -> list[Proposal]:
    """The accepted proposals that an item was made of, in the order of the drafting; several where they were joined."""
    return list(
        session.exec(
            select(Proposal).where(Proposal.item_id == item_id).order_by(col(Proposal.position), col(Proposal.id))
        ).all()
    )


def proposals_of_topic(session: Session, topic_id: int, *, meeting_id: int | None = None) -> list[Proposal]:
    """The proposals that came from an entry of the backlog or went into it; of one meeting, or of all."""
    statement = select(Proposal).where(Proposal.topic_id == topic_id).order_by(col(Proposal.id))
    if meeting_id is not None:
        statement = statement.where(Proposal.meeting_id == meeting_id)
    return list(session.exec(statement).all())


def find_proposal_by_key(session: Session, meeting_id: int, key: str) -> Proposal | None:
    """The proposal of a meeting about one thing, whatever its state; None if there never was one."""
    return session.exec(select(Proposal).where(Proposal.meeting_id == meeting_id, Proposal.key == key)).first()


def things_told_over(session: Session, meeting_id: int) -> frozenset[str]:
    """The decisions and actions ("action:12") that the agenda of a meeting told to be over; rights are the caller's.

    Told is what stands in an item that came from the table of decisions or actions, unless it was withdrawn or not
    dealt with.
    """
    rows = session.exec(
        select(Proposal.reasons)
        .join(AgendaItem, col(AgendaItem.id) == Proposal.item_id)
        .where(
            Proposal.meeting_id == meeting_id,
            Proposal.state == ProposalState.ACCEPTED,
            col(AgendaItem.withdrawn).is_(False),
            sa.or_(col(AgendaItem.outcome).is_(None), col(AgendaItem.outcome).not_in(_UNTOLD)),
        )
    )
    return frozenset(thing for reasons in rows for thing in over_things(reasons))
