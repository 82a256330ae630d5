"""Finding decisions: what an actor may read, one by one, of items and projects, and locked for writing."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import AgendaItem, Outcome
from app.agenda.queries.items import find_meeting_of_item
from app.decisions.models import Clause, Decision, DecisionProject
from app.decisions.rules.following import RUNNING
from app.decisions.rules.words import GIVES
from app.errors import NotFound
from app.meetings.models import MinutesPublication
from app.visibility import Level, Matter, body_clause

_INTERNAL = (Level.PUBLIC, Level.INTERNAL)


def readable_text(actor: Actor) -> sa.ColumnElement[bool]:
    """Domain §6 on the table of decisions, without what only publishing gives.

    Provisional ones are drafts. Numbered ones follow their level, those of items attended too; leads read the
    non-confidential ones of their own projects; guests none.
    """
    body = col(Decision.body_id)
    clauses = [
        sa.and_(body_clause(actor, Matter.INTERNAL, body), col(Decision.level).in_(_INTERNAL)),
        sa.and_(body_clause(actor, Matter.CONFIDENTIAL, body), col(Decision.level) == Level.CONFIDENTIAL),
    ]
    if actor.attended_item_ids:
        clauses.append(col(Decision.item_id).in_(sorted(actor.attended_item_ids)))
    if actor.lead_project_ids:
        own = sa.select(col(DecisionProject.decision_id)).where(
            col(DecisionProject.project_id).in_(sorted(actor.lead_project_ids))
        )
        clauses.append(sa.and_(col(Decision.level).in_(_INTERNAL), col(Decision.id).in_(own)))
    numbered = sa.and_(col(Decision.number) != "", sa.or_(*clauses))
    return sa.or_(numbered, sa.and_(col(Decision.number) == "", body_clause(actor, Matter.DRAFT, body)))


def readable_decisions(actor: Actor) -> SelectOfScalar[Decision]:
    """Decisions the actor may read; public ones are everybody's once the public minutes are published."""
    published = (
        sa.select(col(AgendaItem.id))
        .join(MinutesPublication, col(MinutesPublication.meeting_id) == AgendaItem.meeting_id)
        .where(col(MinutesPublication.revoked_at).is_(None))
    )
    public = sa.and_(
        body_clause(actor, Matter.PUBLISHED, col(Decision.body_id)),
        col(Decision.number) != "",
        col(Decision.void_reason) == "",
        col(Decision.level) == Level.PUBLIC,
        col(Decision.item_id).in_(published),
    )
    return select(Decision).where(sa.or_(readable_text(actor), public))


def get_decision(session: Session, actor: Actor, decision_id: int) -> Decision:
    """One decision; NotFound for unknown and invisible alike."""
    found = session.exec(readable_decisions(actor).where(Decision.id == decision_id)).first()
    if found is None:
        raise NotFound()
    return found


def lock_decision(session: Session, actor: Actor, decision_id: int) -> Decision:
    """One decision for writing, its row locked until the commit; lock its meeting first where it has one."""
    statement = readable_decisions(actor).where(Decision.id == decision_id).with_for_update(of=Decision)
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def reads_whole(session: Session, actor: Actor, decision: Decision) -> bool:
    """Whether the actor reads votes, follow-up and statuses too: not where only publishing shows the decision."""
    statement = select(Decision.id).where(Decision.id == decision.id, readable_text(actor))
    return session.exec(statement).first() is not None


def ids_read_whole(session: Session, actor: Actor, decision_ids: Collection[int]) -> frozenset[int]:
    """Which of the decisions the actor reads whole; one query."""
    found = session.exec(select(Decision.id).where(col(Decision.id).in_(decision_ids), readable_text(actor)))
    return frozenset(one for one in found if one is not None)


def lock_earlier(session: Session, body_id: int, decision_id: int) -> Decision | None:
    """Another numbered decision of the body, locked; None if there is none. The caller may write the body's."""
    statement = select(Decision).where(
        Decision.id == decision_id, Decision.body_id == body_id, col(Decision.number) != ""
    )
    return session.exec(statement.with_for_update().execution_options(populate_existing=True)).first()


def load_decisions(session: Session, decision_ids: Collection[int]) -> dict[int, Decision]:
    """Decisions by id; rights are the caller's matter."""
    rows = session.exec(select(Decision).where(col(Decision.id).in_(set(decision_ids))))
    return {row.id: row for row in rows if row.id is not None}


def draft_of_item(session: Session, item_id: int) -> Decision | None:
    """The decision of an item, provisional or numbered; rights are the caller's matter."""
    return session.exec(select(Decision).where(Decision.item_id == item_id)).first()


def meeting_of(session: Session, decision: Decision) -> int | None:
    """The id of the meeting that took a decision, None of one from elsewhere; for locking it first."""
    return find_meeting_of_item(session, decision.item_id) if decision.item_id is not None else None


def find_numbered(session: Session, body_id: int, number: str, *, but: int | None = None) -> Decision | None:
    """The decision of a body that bears *number*; rights are the caller's matter."""
    statement = select(Decision).where(Decision.body_id == body_id, Decision.number == number)
    if but is not None:
        statement = statement.where(Decision.id != but)
    return session.exec(statement).first()


def find_successor(session: Session, decision_id: int, *, but: int | None = None) -> Decision | None:
    """The numbered decision that replaces *decision_id*, None if there is none; rights are the caller's matter."""
    statement = select(Decision).where(
        Decision.replaces_id == decision_id, col(Decision.number) != "", col(Decision.void_reason) == ""
    )
    if but is not None:
        statement = statement.where(Decision.id != but)
    return session.exec(statement.order_by(col(Decision.id)).limit(1)).first()


def find_replacing(session: Session, actor: Actor, decision_id: int) -> Sequence[Decision]:
    """The readable numbered decisions that replace *decision_id*, oldest first."""
    return session.exec(
        readable_decisions(actor)
        .where(Decision.replaces_id == decision_id, col(Decision.number) != "", col(Decision.void_reason) == "")
        .order_by(col(Decision.decided_on), col(Decision.id))
    ).all()


def readable_numbers(session: Session, actor: Actor, decision_ids: Collection[int]) -> dict[int, str]:
    """The numbers of those of the decisions that the actor reads, by id; one query."""
    rows = session.exec(readable_decisions(actor).where(col(Decision.id).in_(decision_ids)))
    return {row.id: row.number for row in rows if row.id is not None and row.number}


def find_decisions(session: Session, actor: Actor, decision_ids: Collection[int]) -> dict[int, Decision]:
    """Those of the decisions that the actor reads, by id; one query."""
    rows = session.exec(readable_decisions(actor).where(col(Decision.id).in_(decision_ids)))
    return {row.id: row for row in rows if row.id is not None}


def replacing_numbers(session: Session, actor: Actor, decision_ids: Collection[int]) -> dict[int, str]:
    """The number of the readable decision that replaces each of the decisions, by the replaced one; one query."""
    rows = session.exec(
        readable_decisions(actor).where(
            col(Decision.replaces_id).in_(decision_ids), col(Decision.number) != "", col(Decision.void_reason) == ""
        )
    )
    return {row.replaces_id: row.number for row in rows if row.replaces_id is not None}


def decisions_of_items(session: Session, actor: Actor, item_ids: Collection[int]) -> dict[int, Decision]:
    """The readable decisions of items, by item; one query."""
    rows = session.exec(readable_decisions(actor).where(col(Decision.item_id).in_(item_ids)))
    return {row.item_id: row for row in rows if row.item_id is not None}


def decisions_of_project(session: Session, actor: Actor, project_id: int) -> Sequence[Decision]:
    """The readable numbered decisions about a project, newest first."""
    about = sa.select(col(DecisionProject.decision_id)).where(col(DecisionProject.project_id) == project_id)
    return session.exec(
        readable_decisions(actor)
        .where(col(Decision.number) != "", col(Decision.id).in_(about))
        .order_by(col(Decision.decided_on).desc(), col(Decision.id).desc())
    ).all()


def open_decisions(session: Session, body_id: int) -> Sequence[Decision]:
    """The numbered decisions of a body whose follow-up is open, oldest first. Rights are the caller's matter.

    What was rejected asks nothing of anybody, and neither does what was only taken note of, unless a clause charges
    or asks somebody.
    """
    binding = sa.select(col(Clause.decision_id)).where(col(Clause.verb).in_(GIVES))
    quiet = sa.or_(
        col(Decision.outcome) == Outcome.REJECTED,
        sa.and_(col(Decision.outcome) == Outcome.NOTED, col(Decision.id).not_in(binding)),
    )
    return session.exec(
        select(Decision)
        .where(
            Decision.body_id == body_id,
            col(Decision.number) != "",
            col(Decision.void_reason) == "",
            col(Decision.state).in_(RUNNING),
            sa.or_(col(Decision.outcome).is_(None), sa.not_(quiet)),
        )
        .order_by(col(Decision.decided_on), col(Decision.id))
    ).all()


def clauses_of(session: Session, decision_ids: Collection[int]) -> dict[int, list[Clause]]:
    """The clauses of decisions in their order, by decision; one query."""
    found: dict[int, list[Clause]] = {}
    rows = session.exec(select(Clause).where(col(Clause.decision_id).in_(decision_ids)).order_by(col(Clause.position)))
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return found


def projects_of(session: Session, decision_ids: Collection[int]) -> dict[int, list[DecisionProject]]:
    """The links of decisions to projects in their order, by decision; one query."""
    found: dict[int, list[DecisionProject]] = {}
    rows = session.exec(
        select(DecisionProject)
        .where(col(DecisionProject.decision_id).in_(decision_ids))
        .order_by(col(DecisionProject.position), col(DecisionProject.project_id))
    )
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return found
