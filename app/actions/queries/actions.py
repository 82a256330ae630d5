"""Finding action items: what an actor may read, one by one, locked for writing, and by what they belong to."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actions.models import Action, ActionProject, ActionState, ActionStep
from app.actions.rules.steps import OVER, Step
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.bodies.models import Seat
from app.errors import NotFound
from app.meetings.models import Meeting
from app.visibility import Level, Matter, body_clause


def own_clause(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether an action is the actor's own: they are the responsible person, or act for a seat of the institution."""
    own: list[sa.ColumnElement[bool]] = []
    if actor.person_id is not None:
        own.append(col(Action.person_id) == actor.person_id)
    if actor.seats:
        seats = sa.select(col(Seat.organisation_id)).where(
            col(Seat.id).in_(sorted(seat.seat_id for seat in actor.seats))
        )
        own.append(col(Action.organisation_id).in_(seats))
    return sa.or_(*own) if own else sa.false()


def readable_clause(actor: Actor) -> sa.ColumnElement[bool]:
    """Domain §6 on the table of actions.

    Those without a number are drafts. Numbered ones are read as interna or confidential matters of their body, those of
    items attended too; what is not confidential also by whose own it is and by the leads of its projects.
    """
    attended = col(Action.item_id).in_(sorted(actor.attended_item_ids)) if actor.attended_item_ids else sa.false()
    open_to_more = [body_clause(actor, Matter.INTERNAL, col(Action.body_id)), own_clause(actor)]
    if actor.lead_project_ids:
        led = sa.select(col(ActionProject.action_id)).where(
            col(ActionProject.project_id).in_(sorted(actor.lead_project_ids))
        )
        open_to_more.append(col(Action.id).in_(led))
    return sa.or_(
        body_clause(actor, Matter.DRAFT, col(Action.body_id)),
        sa.and_(
            col(Action.number) != "",
            sa.or_(
                body_clause(actor, Matter.CONFIDENTIAL, col(Action.body_id)),
                attended,
                sa.and_(col(Action.level) != Level.CONFIDENTIAL, sa.or_(*open_to_more)),
            ),
        ),
    )


def readable_actions(actor: Actor) -> SelectOfScalar[Action]:
    """The actions that the actor may read."""
    return select(Action).where(readable_clause(actor))


def get_action(session: Session, actor: Actor, action_id: int) -> Action:
    """One action; NotFound for unknown and invisible alike."""
    found = session.exec(readable_actions(actor).where(Action.id == action_id)).first()
    if found is None:
        raise NotFound()
    return found


def lock_action(session: Session, actor: Actor, action_id: int) -> Action:
    """One action for writing: its row is locked until the commit, and before it the meeting that still numbers it."""
    seen = get_action(session, actor, action_id)
    if not seen.number and seen.item_id is not None:
        item = session.get_one(AgendaItem, seen.item_id)
        session.execute(sa.select(col(Meeting.id)).where(col(Meeting.id) == item.meeting_id).with_for_update())
    statement = readable_actions(actor).where(Action.id == action_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def load_action(session: Session, action_id: int) -> Action | None:
    """An action whose id is known; rights are the caller's matter."""
    return session.get(Action, action_id)


def is_own(session: Session, actor: Actor, action: Action) -> bool:
    """Whether an action is the actor's own."""
    statement = sa.select(sa.literal(1)).where(col(Action.id) == action.id, own_clause(actor))
    return session.execute(statement).first() is not None


def own_actions(session: Session, actor: Actor, *, with_over: bool = False) -> list[Action]:
    """The actor's own numbered actions that still run, soonest first; ``with_over``: done and dropped ones, too."""
    statement = readable_actions(actor).where(own_clause(actor), col(Action.number) != "")
    if not with_over:
        statement = statement.where(col(Action.state).in_((ActionState.OPEN, ActionState.IN_PROGRESS)))
    due = col(Action.due_on)
    return list(session.exec(statement.order_by(due.is_(None), due, col(Action.id))))


def actions_of_items(session: Session, actor: Actor, item_ids: Collection[int]) -> dict[int, list[Action]]:
    """The readable actions that arose from items, in the order of their numbers; one query."""
    found: dict[int, list[Action]] = {}
    statement = readable_actions(actor).where(col(Action.item_id).in_(item_ids))
    for row in session.exec(statement.order_by(col(Action.year), col(Action.serial), col(Action.id))):
        found.setdefault(row.item_id or 0, []).append(row)
    return found


def actions_of_clauses(session: Session, actor: Actor, clause_ids: Collection[int]) -> dict[int, Action]:
    """The readable actions that arose from clauses of decisions, by clause; one query."""
    rows = session.exec(readable_actions(actor).where(col(Action.clause_id).in_(clause_ids)))
    return {row.clause_id or 0: row for row in rows}


def actions_of_project(session: Session, actor: Actor, project_id: int) -> list[Action]:
    """The readable numbered actions about a project, latest first; one query."""
    about = sa.select(col(ActionProject.action_id)).where(col(ActionProject.project_id) == project_id)
    statement = readable_actions(actor).where(col(Action.id).in_(about), col(Action.number) != "")
    return list(session.exec(statement.order_by(col(Action.given_on).desc(), col(Action.id).desc())))


def find_action_of_clause(session: Session, clause_id: int) -> Action | None:
    """The action that a clause made, whoever may read it."""
    return session.exec(select(Action).where(Action.clause_id == clause_id)).first()


def unnumbered_of_meeting(session: Session, meeting_id: int) -> list[tuple[Action, AgendaItem]]:
    """The actions of a meeting that wait for their number, locked until the commit; rights are the caller's matter."""
    rows = session.execute(
        sa.select(Action, AgendaItem)
        .join(AgendaItem, col(AgendaItem.id) == Action.item_id)
        .where(col(AgendaItem.meeting_id) == meeting_id, col(Action.number) == "")
        .order_by(col(Action.id))
        .with_for_update(of=Action)
    )
    return [(action, item) for action, item in rows]


def project_ids_of(session: Session, action_ids: Collection[int]) -> dict[int, list[int]]:
    """The projects of actions in their order, by action; one query."""
    rows = session.exec(
        select(ActionProject)
        .where(col(ActionProject.action_id).in_(action_ids))
        .order_by(col(ActionProject.position), col(ActionProject.project_id))
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.action_id, []).append(row.project_id)
    return found


def list_steps(session: Session, action_ids: Collection[int]) -> dict[int, list[ActionStep]]:
    """The steps of readable actions, earliest first, by action; one query."""
    rows = session.exec(
        select(ActionStep)
        .where(col(ActionStep.action_id).in_(action_ids))
        .order_by(col(ActionStep.as_of), col(ActionStep.id))
    )
    found: dict[int, list[ActionStep]] = {}
    for row in rows:
        found.setdefault(row.action_id, []).append(row)
    return found


def lock_over(session: Session, body_id: int, action_ids: Collection[int]) -> list[Action]:
    """Those of a body's actions that are over and that no held meeting has carried, locked until the commit."""
    statement = (
        select(Action)
        .where(
            col(Action.id).in_(action_ids),
            Action.body_id == body_id,
            col(Action.state).in_(OVER),
            col(Action.reported_in_id).is_(None),
        )
        .order_by(col(Action.id))
        .with_for_update()
    )
    return list(session.exec(statement.execution_options(populate_existing=True)))


def plain_steps(steps: Collection[ActionStep]) -> list[Step]:
    """Stored steps as the rules look at them."""
    return [Step(one.as_of, one.state, one.text, one.due_before, one.due_on) for one in steps]
