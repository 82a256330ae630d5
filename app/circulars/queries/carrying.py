"""Reading what meetings must know of circular procedures: running ones, ended ones, and who was told of them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.agenda.models import AgendaItem, Proposal, ProposalState
from app.circulars.models import Circular, CircularState
from app.decisions.models import Decision, DecisionProject
from app.decisions.queries import projects_of
from app.meetings.models import Meeting, MeetingState

KEY = "circular:"
MOST_ANCESTORS = 50


@dataclass(frozen=True, slots=True)
class CarriedCircular:
    """A procedure as drafting looks at it: its row, its resolution, its projects."""

    circular: Circular
    decision: Decision
    project_ids: tuple[int, ...]


def running_circulars(session: Session, body_id: int) -> list[CarriedCircular]:
    """The running procedures of a body; two queries."""
    statement = _with_decision().where(col(Circular.body_id) == body_id, col(Circular.state) == CircularState.RUNNING)
    return _carried(session, statement)


def circulars_to_carry(session: Session, meeting: Meeting) -> list[CarriedCircular]:
    """What ended before *meeting* and no other agenda has taken up: failed ones, and resolutions not yet reported.

    One that another held or cancelled meeting took up is carried by its item from then on; one put into the backlog by
    its entry there.
    """
    keys = sa.literal(KEY) + sa.cast(col(Circular.id), sa.String)
    taken = (
        sa.select(sa.literal(1))
        .select_from(Proposal)
        .join(AgendaItem, col(AgendaItem.id) == Proposal.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(
            col(Proposal.key) == keys,
            col(Proposal.meeting_id) != meeting.id,
            col(AgendaItem.withdrawn).is_(False),
            col(Meeting.state).in_([MeetingState.HELD, MeetingState.CANCELLED]),
        )
    )
    shelved = sa.select(sa.literal(1)).where(
        col(Proposal.key) == keys,
        col(Proposal.state) == ProposalState.REJECTED,
        col(Proposal.topic_id).is_not(None),
    )
    statement = _with_decision().where(
        col(Circular.body_id) == meeting.body_id,
        col(Circular.established_at) < meeting.starts_at,
        sa.or_(
            col(Circular.state) == CircularState.FAILED,
            sa.and_(
                col(Circular.state) == CircularState.ADOPTED,
                sa.or_(col(Circular.reported_in_id).is_(None), col(Circular.reported_in_id) == meeting.id),
                col(Decision.void_reason) == "",
            ),
        ),
        ~sa.exists(taken),
        ~sa.exists(shelved),
    )
    return _carried(session, statement)


def resolved_projects(session: Session, body_id: int) -> list[tuple[int, dt.date]]:
    """(project, day) of every resolution that a circular procedure of the body brought; one query."""
    rows = session.execute(
        sa.select(col(DecisionProject.project_id), col(Decision.decided_on))
        .join(Decision, col(Decision.id) == DecisionProject.decision_id)
        .join(Circular, col(Circular.decision_id) == Decision.id)
        .where(
            col(Circular.body_id) == body_id,
            col(Circular.state) == CircularState.ADOPTED,
            col(Decision.void_reason) == "",
        )
        .order_by(col(DecisionProject.project_id), col(Decision.decided_on))
    )
    return [(project_id, day) for project_id, day in rows]


def taken_over_items(body_id: int) -> sa.Select[int | None]:
    """The items of a body's earlier meetings that a procedure took to an end: they do not come back by themselves."""
    return sa.select(col(Circular.item_id)).where(
        col(Circular.body_id) == body_id,
        col(Circular.item_id).is_not(None),
        col(Circular.state).in_([CircularState.ADOPTED, CircularState.FAILED]),
    )


def unreported_in(session: Session, item_ids: Collection[int]) -> Sequence[Circular]:
    """The resolutions, reported nowhere yet, that these items (or what they carry on) tell of; locked, by id."""
    found, waiting = set(item_ids), set(item_ids)
    for _ in range(MOST_ANCESTORS):
        rows = session.execute(
            sa.select(col(AgendaItem.carried_from_id)).where(
                col(AgendaItem.id).in_(waiting), col(AgendaItem.carried_from_id).is_not(None)
            )
        )
        waiting = {one for (one,) in rows if one is not None} - found
        if not waiting:
            break
        found |= waiting
    keys = session.exec(
        select(Proposal.key).where(col(Proposal.item_id).in_(found), col(Proposal.key).startswith(KEY))
    ).all()
    ids = sorted(int(key.removeprefix(KEY)) for key in keys)
    return session.exec(
        select(Circular)
        .where(
            col(Circular.id).in_(ids),
            Circular.state == CircularState.ADOPTED,
            col(Circular.reported_in_id).is_(None),
        )
        .order_by(col(Circular.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _with_decision() -> sa.Select[Circular, Decision]:
    return sa.select(Circular, Decision).join(Decision, col(Decision.id) == Circular.decision_id)


def _carried(session: Session, statement: sa.Select[Circular, Decision]) -> list[CarriedCircular]:
    rows = session.execute(statement.order_by(col(Circular.id))).all()
    links = projects_of(session, [decision.id for _, decision in rows])
    return [
        CarriedCircular(circular, decision, tuple(link.project_id for link in links.get(decision.id or 0, ())))
        for circular, decision in rows
    ]
