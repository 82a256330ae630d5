"""Decisions by what they are about: those of several projects, and those a body still follows."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor
from app.decisions.models import Decision, DecisionProject
from app.decisions.queries.decisions import readable_decisions, readable_text
from app.decisions.rules.following import RUNNING


def decisions_of_projects(
    session: Session, actor: Actor, project_ids: Collection[int]
) -> list[tuple[int, Decision, bool]]:
    """The readable numbered decisions about any of the projects, each with those of its projects; one query.

    The third part says whether the actor reads follow-up and statuses too (``reads_whole``).
    """
    rows = session.execute(
        readable_decisions(actor)
        .join(DecisionProject, col(DecisionProject.decision_id) == Decision.id)
        .where(col(DecisionProject.project_id).in_(project_ids), col(Decision.number) != "")
        .order_by(col(Decision.decided_on).desc(), col(Decision.id).desc(), col(DecisionProject.position))
        .add_columns(col(DecisionProject.project_id), readable_text(actor))
    )
    return [(project_id, decision, bool(whole)) for decision, project_id, whole in rows]


def running_decisions(
    session: Session, actor: Actor, body_id: int, *, also: Collection[int] = ()
) -> list[tuple[Decision, frozenset[int]]]:
    """The readable numbered decisions of a body that are still followed, with their projects, soonest due first.

    *also* are further ones of the body by id, whatever their state. Two queries.
    """
    due = col(Decision.due_on)
    found = session.exec(
        readable_decisions(actor)
        .where(
            Decision.body_id == body_id,
            col(Decision.number) != "",
            col(Decision.void_reason) == "",
            readable_text(actor),
            sa.or_(col(Decision.state).in_(RUNNING), col(Decision.id).in_(also)),
        )
        .order_by(due.is_(None), due, col(Decision.decided_on), col(Decision.id))
    ).all()
    ids = [one.id for one in found]
    links: dict[int, set[int]] = {}
    for row in session.exec(select(DecisionProject).where(col(DecisionProject.decision_id).in_(ids))):
        links.setdefault(row.decision_id, set()).add(row.project_id)
    return [(one, frozenset(links.get(one.id or 0, ()))) for one in found]
