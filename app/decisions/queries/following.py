"""Reading the follow-up of decisions: the working list, entries, counts by meeting, and how all stood on a day."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import AgendaItem, Outcome
from app.decisions.models import Clause, Decision, DecisionProject, FollowUp, FollowUpState
from app.decisions.queries.decisions import readable_text
from app.decisions.rules.following import CLOSED, FOLLOWED_OUTCOMES
from app.decisions.rules.words import GIVES
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.projects.models import PlanField, PlanPeriod, Project
from app.visibility import Level


@dataclass(frozen=True, slots=True)
class FollowFilter:
    """What the list shows; None leaves a filter out. ``working``: what runs, and what is over but not yet reported."""

    body_id: int | None = None
    state: FollowUpState | None = None
    organisation_id: int | None = None
    field_id: int | None = None
    meeting_id: int | None = None
    working: bool = True


@dataclass(frozen=True, slots=True)
class KnownDecision:
    """A followed decision as it was known on a day. ``closed_on``: the Stand of the entry that closed it."""

    id: int
    number: str
    title: str
    decided_on: dt.date
    level: Level
    state: FollowUpState
    due_on: dt.date | None
    closed_on: dt.date | None


def followed() -> sa.ColumnElement[bool]:
    """Decisions that are followed at all, as ``rules.following.is_followed`` says; SQL on the table of decisions."""
    assigning = sa.select(col(Clause.decision_id)).where(col(Clause.verb).in_(sorted(GIVES)))
    return sa.and_(
        col(Decision.number) != "",
        col(Decision.void_reason) == "",
        sa.or_(
            col(Decision.outcome).is_(None),
            col(Decision.outcome).in_(sorted(FOLLOWED_OUTCOMES)),
            sa.and_(col(Decision.outcome) == Outcome.NOTED, col(Decision.id).in_(assigning)),
            col(Decision.state) != FollowUpState.OPEN,
        ),
    )


def readable_followed(actor: Actor) -> SelectOfScalar[Decision]:
    """The followed decisions that the actor reads whole: what only publishing shows has no follow-up."""
    return select(Decision).where(readable_text(actor), followed())


def get_followed(session: Session, actor: Actor, decision_id: int) -> Decision:
    """One followed decision; NotFound for unknown, invisible and not followed alike."""
    found = session.exec(readable_followed(actor).where(Decision.id == decision_id)).first()
    if found is None:
        raise NotFound()
    return found


def list_followed(session: Session, actor: Actor, wanted: FollowFilter) -> Sequence[Decision]:
    """The decisions of the list, oldest first."""
    statement = readable_followed(actor)
    if wanted.working and wanted.state is None and wanted.meeting_id is None:
        unreported = sa.or_(col(Decision.state).not_in(sorted(CLOSED)), col(Decision.reported_in_id).is_(None))
        statement = statement.where(unreported)
    if wanted.body_id is not None:
        statement = statement.where(Decision.body_id == wanted.body_id)
    if wanted.state is not None:
        statement = statement.where(Decision.state == wanted.state)
    if wanted.organisation_id is not None:
        named = sa.select(col(Clause.decision_id)).where(col(Clause.organisation_id) == wanted.organisation_id)
        statement = statement.where(col(Decision.id).in_(named))
    if wanted.field_id is not None:
        about = (
            sa.select(col(DecisionProject.decision_id))
            .join(Project, col(Project.id) == col(DecisionProject.project_id))
            .where(col(Project.field_id) == wanted.field_id)
        )
        statement = statement.where(col(Decision.id).in_(about))
    if wanted.meeting_id is not None:
        statement = statement.where(col(Decision.item_id).in_(_items_of(wanted.meeting_id)))
    return session.exec(statement.order_by(col(Decision.decided_on), col(Decision.id))).all()


def _items_of(meeting_id: int) -> sa.Select[Any]:
    return sa.select(col(AgendaItem.id)).where(col(AgendaItem.meeting_id) == meeting_id)


def due_decisions(session: Session, actor: Actor, on: dt.date) -> Sequence[Decision]:
    """The running decisions that the actor reads whose date has come on *on*, the longest due first."""
    return session.exec(
        readable_followed(actor)
        .where(col(Decision.state).not_in(sorted(CLOSED)), col(Decision.due_on) <= on)
        .order_by(col(Decision.due_on), col(Decision.id))
    ).all()


def decisions_of_meeting(session: Session, actor: Actor, meeting_id: int) -> tuple[list[Decision], list[Decision]]:
    """The numbered decisions of a meeting that the actor reads: those that are followed, and the others."""
    statement = select(Decision, followed().label("followed")).where(
        readable_text(actor),
        col(Decision.number) != "",
        col(Decision.void_reason) == "",
        col(Decision.item_id).in_(_items_of(meeting_id)),
    )
    rows = session.execute(statement.order_by(col(Decision.serial), col(Decision.id))).all()
    return [row for row, yes in rows if yes], [row for row, yes in rows if not yes]


def counts_by_meeting(
    session: Session, actor: Actor, *, body_id: int | None = None
) -> dict[int, dict[FollowUpState | None, int]]:
    """How many decisions the actor reads of each meeting, by state; None: those that are not followed."""
    state = sa.case((followed(), sa.cast(col(Decision.state), sa.String)), else_="").label("state")
    statement = (
        sa.select(col(AgendaItem.meeting_id), state)
        .select_from(Decision)
        .join(AgendaItem, col(AgendaItem.id) == col(Decision.item_id))
        .where(readable_text(actor), col(Decision.number) != "", col(Decision.void_reason) == "")
    )
    if body_id is not None:
        statement = statement.where(col(Decision.body_id) == body_id)
    found: dict[int, dict[FollowUpState | None, int]] = {}
    rows = statement.subquery()
    counted = sa.select(rows.c.meeting_id, rows.c.state, sa.func.count()).group_by(rows.c.meeting_id, rows.c.state)
    for meeting_id, value, number in session.execute(counted):
        found.setdefault(meeting_id, {})[FollowUpState(value) if value else None] = number
    return found


def institutions_and_fields(session: Session, actor: Actor) -> tuple[set[int], list[tuple[int, str, str]]]:
    """What the list can be filtered by: institutions of clauses, and main fields of projects as (id, name, period)."""
    ids = readable_followed(actor).with_only_columns(col(Decision.id)).subquery()
    chosen = sa.select(ids.c.id)
    institutions = session.execute(
        sa.select(col(Clause.organisation_id))
        .where(col(Clause.decision_id).in_(chosen), col(Clause.organisation_id).is_not(None))
        .distinct()
    )
    fields = session.execute(
        sa.select(col(PlanField.id), col(PlanField.name), col(PlanPeriod.name))
        .join(PlanPeriod, col(PlanPeriod.id) == col(PlanField.period_id), isouter=True)
        .join(Project, col(Project.field_id) == col(PlanField.id))
        .join(DecisionProject, col(DecisionProject.project_id) == col(Project.id))
        .where(col(DecisionProject.decision_id).in_(chosen))
        .distinct()
        .order_by(col(PlanPeriod.name).desc(), col(PlanField.name), col(PlanField.id))
    )
    return {row.organisation_id for row in institutions}, [(row[0], row[1], row[2] or "") for row in fields]


def follow_ups_of(session: Session, decision_ids: Collection[int]) -> dict[int, list[FollowUp]]:
    """The entries of decisions, oldest first, by decision; one query."""
    found: dict[int, list[FollowUp]] = {}
    if not decision_ids:
        return found
    rows = session.exec(select(FollowUp).where(col(FollowUp.decision_id).in_(decision_ids)).order_by(col(FollowUp.id)))
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return found


def last_follow_up(session: Session, decision_id: int) -> FollowUp | None:
    """The latest entry of a decision."""
    return session.exec(
        select(FollowUp).where(FollowUp.decision_id == decision_id).order_by(col(FollowUp.id).desc()).limit(1)
    ).first()


def lock_carried(session: Session, body_id: int, decision_ids: Collection[int]) -> Sequence[Decision]:
    """Decisions of a body by id, locked in the order of their ids. Rights are the caller's matter."""
    return session.exec(
        select(Decision)
        .where(Decision.body_id == body_id, col(Decision.id).in_(sorted(decision_ids)))
        .order_by(col(Decision.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def meetings_of(session: Session, decisions: Collection[Decision]) -> dict[int, int]:
    """The meetings that took decisions, by decision."""
    items = {decision.item_id: decision.id for decision in decisions if decision.item_id is not None}
    rows = session.execute(
        sa.select(col(AgendaItem.id), col(AgendaItem.meeting_id)).where(col(AgendaItem.id).in_(items))
    )
    return {found: meeting_id for item_id, meeting_id in rows if (found := items[item_id]) is not None}


def next_meeting(session: Session, body_id: int, now: dt.datetime) -> Meeting | None:
    """The next meeting of a body that is neither held nor cancelled: what has no date of its own is due there.

    Rights are the caller's matter.
    """
    return session.exec(
        select(Meeting)
        .where(
            Meeting.body_id == body_id,
            Meeting.ends_at >= now,
            col(Meeting.state).not_in((MeetingState.HELD, MeetingState.CANCELLED)),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .limit(1)
    ).first()


def known_on(session: Session, body_id: int, as_of: dt.date, *, carried_in: int) -> list[KnownDecision]:
    """The followed decisions of a body as they were known on *as_of*, of any level; rights are the caller's matter.

    Entries count by their Stand. What is over is left out once a held meeting other than *carried_in* has carried it.
    """
    rows = session.exec(
        select(Decision)
        .where(
            followed(),
            Decision.body_id == body_id,
            col(Decision.decided_on) <= as_of,
            sa.or_(col(Decision.reported_in_id).is_(None), col(Decision.reported_in_id) == carried_in),
        )
        .order_by(col(Decision.id))
    ).all()
    entries = follow_ups_of(session, [row.id for row in rows if row.id is not None])
    return [_known(row, entries.get(row.id or 0, []), as_of) for row in rows]


def _known(decision: Decision, entries: Sequence[FollowUp], as_of: dt.date) -> KnownDecision:
    """The last entry up to *as_of* says how it stood; before the first one it was open, due as before that entry."""
    told = [one for one in entries if one.as_of <= as_of]
    last = told[-1] if told else None
    state = last.state if last else FollowUpState.OPEN
    due_on = last.due_on if last else entries[0].due_before if entries else decision.due_on
    return KnownDecision(
        id=decision.id or 0,
        number=decision.number,
        title=decision.title,
        decided_on=decision.decided_on or as_of,
        level=decision.level,
        state=state,
        due_on=due_on,
        closed_on=last.as_of if last and state in CLOSED else None,
    )
