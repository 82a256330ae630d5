"""Reading what calendars show: meetings of a reader, their deadlines, own actions, titles of agendas where wanted."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actions.models import Action
from app.actions.queries import own_clause, readable_actions
from app.actions.rules.steps import OVER
from app.actor import Actor
from app.agenda.models import AgendaRelease, DocumentKind, Edition, FrozenDocument
from app.agenda.schemas.frozen import read_values
from app.bodies.models import Body, BodyRule
from app.bodies.rules import FEED_ACTIONS, FEED_TITLES, RuleBook
from app.calendars.rows import ActionRow, FeedRows, MeetingRow, MinutesRow, VoteRow
from app.calendars.rules import deadline_kinds, feed_bodies
from app.circulars.models import Circular, CircularSeat, CircularState
from app.db import ident
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.queries import get_meeting, readable_meetings
from app.meetings.rules.deadlines import OF_THE_MEETING
from app.minutes.models import Minutes, MinutesRelease, MinutesState, ReleaseKind
from app.minutes.queries import readable_minutes
from app.minutes.rules.life import may_object
from app.visibility import Level, Matter, reads

SURE = (MeetingState.RELEASED, MeetingState.IN_SESSION, MeetingState.HELD)
KEPT_AGENDAS = 1024


def feed_meetings(actor: Actor, body_id: int | None = None) -> SelectOfScalar[Meeting]:
    """The readable meetings of the bodies in which the actor sits or whose secretariat it is, and of own items."""
    bodies = feed_bodies(actor)
    statement = readable_meetings(actor)
    if bodies is not None:
        own = sorted(actor.own_meeting_ids - actor.kept_meeting_ids)
        statement = statement.where(sa.or_(col(Meeting.body_id).in_(sorted(bodies)), col(Meeting.id).in_(own)))
    return statement.where(Meeting.body_id == body_id) if body_id is not None else statement


def feed_state(session: Session, actor: Actor, body_id: int | None = None) -> tuple[Any, ...]:
    """A few numbers that differ whenever the text of the feed does; four queries, however long the feed is."""
    mine = feed_meetings(actor, body_id).subquery()
    deadlines = sa.select(
        sa.func.count(), sa.func.max(col(MeetingDeadline.changed_at)), sa.func.sum(col(MeetingDeadline.sequence))
    ).where(col(MeetingDeadline.meeting_id).in_(sa.select(mine.c.id)))
    counted, votes = deadlines.subquery(), _votes(actor, body_id).subquery()
    minutes = _minutes(actor, sa.select(mine.c.id)).subquery()
    approved = sa.case((minutes.c.state == MinutesState.APPROVED, minutes.c.meeting_id), else_=0)
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.max(mine.c.calendar_changed_at),
            # The latest alone would hide a change that was made before another and committed after it.
            sa.func.sum(sa.extract("epoch", mine.c.calendar_changed_at)),
            sa.func.sum(mine.c.sequence),
            sa.func.sum(sa.case((mine.c.state.in_(SURE), 1), else_=0)),
            sa.select(counted.c[0]).scalar_subquery(),
            sa.select(counted.c[1]).scalar_subquery(),
            sa.select(counted.c[2]).scalar_subquery(),
            sa.select(sa.func.max(col(AgendaRelease.id))).scalar_subquery(),
            sa.select(sa.func.sum(col(Body.version))).scalar_subquery(),
            sa.select(sa.func.count()).select_from(votes).scalar_subquery(),
            sa.select(sa.func.sum(votes.c.id)).scalar_subquery(),
            sa.select(sa.func.max(votes.c.started_at)).scalar_subquery(),
            sa.select(sa.func.sum(minutes.c.meeting_id)).scalar_subquery(),
            sa.select(sa.func.sum(approved)).scalar_subquery(),
            sa.select(sa.func.max(minutes.c.sent_at)).scalar_subquery(),
        ).select_from(mine)
    ).one()
    return (*row, *sorted(_bodies_with_titles(session)), *action_state(session, actor, body_id))


def feed_actions(actor: Actor, body_id: int | None = None) -> SelectOfScalar[Action]:
    """The actor's own actions as far as calendars may carry them: numbered, and never confidential ones."""
    statement = readable_actions(actor).where(
        own_clause(actor), col(Action.number) != "", col(Action.level) != Level.CONFIDENTIAL
    )
    return statement.where(Action.body_id == body_id) if body_id is not None else statement


def action_state(session: Session, actor: Actor, body_id: int | None = None) -> tuple[Any, ...]:
    """What differs whenever the own actions or the words of their entries do; two queries."""
    mine = feed_actions(actor, body_id).subquery()
    row = session.execute(
        sa.select(sa.func.count(), sa.func.max(mine.c.changed_at), sa.func.sum(mine.c.version)).select_from(mine)
    ).one()
    return (*row, "untitled", *sorted(_untitled_bodies(session)))


def load_action_rows(
    session: Session, actor: Actor, body_id: int | None = None, *, running: bool = False
) -> tuple[ActionRow, ...]:
    """The own actions that calendars carry, by date; ``running``: only those that are not over. Three queries."""
    statement = feed_actions(actor, body_id)
    if running:
        statement = statement.where(col(Action.state).not_in(OVER), col(Action.due_on).is_not(None))
    due = col(Action.due_on)
    actions = session.exec(statement.order_by(due.is_(None), due, col(Action.id))).all()
    if not actions:
        return ()
    names = {ident(body): body.short_name for body in session.exec(select(Body))}
    untitled = _untitled_bodies(session)
    return tuple(ActionRow(one, names[one.body_id], one.body_id not in untitled) for one in actions)


def _untitled_bodies(session: Session) -> frozenset[int]:
    """The bodies that let no calendar name their actions; the rule's default is to."""
    rows = session.execute(
        sa.select(col(BodyRule.body_id), col(BodyRule.value)).where(col(BodyRule.key) == FEED_ACTIONS.key)
    )
    books = ((body, RuleBook({FEED_ACTIONS.key: (value, "")})) for body, value in rows)
    return frozenset(body for body, book in books if not book[FEED_ACTIONS])


def load_feed_rows(session: Session, actor: Actor, body_id: int | None = None) -> FeedRows:
    """Everything the feed shows, in ten queries at most."""
    statement = feed_meetings(actor, body_id)
    meetings = session.exec(statement.order_by(col(Meeting.starts_at), col(Meeting.id))).all()
    return FeedRows(
        _with_bodies(session, actor, meetings, statement),
        _deadlines(session, actor, meetings, statement),
        load_action_rows(session, actor, body_id, running=True),
        tuple(VoteRow(*row) for row in session.execute(_votes(actor, body_id))),
    )


def _votes(actor: Actor, body_id: int | None) -> sa.Select[int | None, str, dt.date | None, dt.datetime | None]:
    """The running circular procedures that ask a seat for which the actor answers, by their end."""
    own = sorted({seat.seat_id for seat in actor.seats if not seat.office})
    asked = sa.select(col(CircularSeat.circular_id)).where(col(CircularSeat.seat_id).in_(own))
    statement = (
        sa.select(col(Circular.id), col(Body.short_name), col(Circular.ends_on), col(Circular.started_at))
        .join(Body, col(Body.id) == Circular.body_id)
        .where(col(Circular.state) == CircularState.RUNNING, col(Circular.id).in_(asked))
        .order_by(col(Circular.ends_on), col(Circular.id))
    )
    return statement.where(col(Circular.body_id) == body_id) if body_id is not None else statement


def load_meeting_row(session: Session, actor: Actor, meeting_id: int) -> MeetingRow:
    """One meeting for the actor; NotFound for unknown and invisible alike."""
    meeting = get_meeting(session, actor, meeting_id)
    return _with_bodies(session, actor, [meeting], select(Meeting).where(Meeting.id == meeting_id))[0]


def short_name_of(session: Session, body_id: int) -> str:
    """The short name of the body whose feed this is."""
    return session.exec(select(Body.short_name).where(Body.id == body_id)).one()


def _with_bodies(
    session: Session, actor: Actor, meetings: Sequence[Meeting], statement: SelectOfScalar[Meeting]
) -> tuple[MeetingRow, ...]:
    names = {ident(body): body.short_name for body in session.exec(select(Body))}
    shown = frozenset(one for one in _bodies_with_titles(session) if reads(actor, Matter.INTERNAL, one))
    titles = _titles(session, statement.where(col(Meeting.body_id).in_(sorted(shown)))) if shown else {}
    minutes = _minutes_rows(session, actor, meetings, statement)
    return tuple(
        MeetingRow(one, names[one.body_id], titles.get(ident(one), ()), minutes.get(ident(one))) for one in meetings
    )


def _minutes(actor: Actor, meeting_ids: sa.Select[Any]) -> SelectOfScalar[Minutes]:
    """The minutes of these meetings that were sent or approved, as far as the actor reads them."""
    return readable_minutes(actor).where(
        col(Minutes.meeting_id).in_(meeting_ids),
        col(Minutes.state).in_((MinutesState.REVIEW, MinutesState.APPROVED)),
    )


def _minutes_rows(
    session: Session, actor: Actor, meetings: Sequence[Meeting], statement: SelectOfScalar[Meeting]
) -> dict[int, MinutesRow]:
    """What calendars say of the minutes, by meeting: the period only of those to which the actor may object."""
    sent = (
        sa.select(sa.func.count())
        .where(col(MinutesRelease.meeting_id) == Minutes.meeting_id, col(MinutesRelease.kind) == ReleaseKind.REVIEW)
        .scalar_subquery()
    )
    wanted = sa.select(statement.with_only_columns(col(Meeting.id)).subquery().c.id)
    bodies = {ident(one): one.body_id for one in meetings}
    found = {}
    for row, dispatches in session.execute(_minutes(actor, wanted).add_columns(sent)):
        approved = row.state is MinutesState.APPROVED
        until = row.objections_until if not approved and may_object(actor, bodies[row.meeting_id]) else None
        found[row.meeting_id] = MinutesRow(approved, until, row.sent_at, dispatches)
    return found


def _bodies_with_titles(session: Session) -> frozenset[int]:
    """The bodies that let calendars show titles; the rule's default is not to."""
    rows = session.execute(
        sa.select(col(BodyRule.body_id), col(BodyRule.value)).where(col(BodyRule.key) == FEED_TITLES.key)
    )
    books = ((body, RuleBook({FEED_TITLES.key: (value, "")})) for body, value in rows)
    return frozenset(body for body, book in books if book[FEED_TITLES])


def _titles(session: Session, statement: SelectOfScalar[Meeting]) -> dict[int, tuple[str, ...]]:
    """The titles of the latest released agenda by meeting, always of the edition without confidential items."""
    wanted = statement.where(col(Meeting.state).in_(SURE)).with_only_columns(col(Meeting.id)).subquery()
    latest = (
        sa.select(sa.func.max(col(FrozenDocument.id)))
        .where(
            col(FrozenDocument.meeting_id).in_(sa.select(wanted.c.id)),
            col(FrozenDocument.kind) == DocumentKind.AGENDA,
            col(FrozenDocument.edition) == Edition.NON_CONFIDENTIAL,
        )
        .group_by(col(FrozenDocument.meeting_id))
    )
    rows = session.execute(
        sa.select(col(FrozenDocument.meeting_id), col(FrozenDocument.content)).where(col(FrozenDocument.id).in_(latest))
    )
    return {meeting: _lines(content) for meeting, content in rows}


@lru_cache(maxsize=KEPT_AGENDAS)
def _lines(content: str) -> tuple[str, ...]:
    items = (item for section in read_values(content).sections for item in section.items)
    return tuple(f"TOP {item.number} {item.title}" for item in items)


def _deadlines(
    session: Session, actor: Actor, meetings: Sequence[Meeting], statement: SelectOfScalar[Meeting]
) -> dict[int, tuple[MeetingDeadline, ...]]:
    """The deadlines that concern the actor, by meeting and in the order of the table of deadlines."""
    wanted = statement.with_only_columns(col(Meeting.id)).subquery()
    rows = session.exec(select(MeetingDeadline).where(col(MeetingDeadline.meeting_id).in_(sa.select(wanted.c.id))))
    by_place: dict[tuple[int, str], MeetingDeadline] = {(row.meeting_id, row.kind): row for row in rows}
    kinds = {body: deadline_kinds(actor, body) for body in {one.body_id for one in meetings}}
    found = {}
    for one in meetings:
        mine = (by_place.get((ident(one), kind)) for kind in OF_THE_MEETING if kind in kinds[one.body_id])
        found[ident(one)] = tuple(row for row in mine if row is not None)
    return found
