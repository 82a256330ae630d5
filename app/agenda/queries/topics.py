"""Reading the topic backlog (Themenspeicher)."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import (
    AgendaItem,
    Proposal,
    Topic,
    TopicProject,
    TopicState,
)
from app.errors import NotFound
from app.meetings.models import Meeting
from app.visibility import Matter, body_clause


def readable_topics(actor: Actor) -> SelectOfScalar[Topic]:
    """The topic backlog: secretariat and chair (domain §4, §6)."""
    return select(Topic).where(body_clause(actor, Matter.DRAFT, col(Topic.body_id)))


def list_topics(
    session: Session, actor: Actor, *, body_id: int | None = None, state: TopicState | None = TopicState.OPEN
) -> Sequence[Topic]:
    """Entries of the backlog, oldest first."""
    statement = readable_topics(actor).order_by(col(Topic.id))
    if body_id is not None:
        statement = statement.where(Topic.body_id == body_id)
    if state is not None:
        statement = statement.where(Topic.state == state)
    return session.exec(statement).all()


def get_topic(session: Session, actor: Actor, topic_id: int) -> Topic:
    """One entry; NotFound for unknown and invisible alike."""
    found = session.exec(readable_topics(actor).where(Topic.id == topic_id)).first()
    if found is None:
        raise NotFound()
    return found


def lock_topic(session: Session, actor: Actor, topic_id: int) -> Topic:
    """One entry for writing: its row is locked until the commit. NotFound as for :func:`get_topic`."""
    statement = readable_topics(actor).where(Topic.id == topic_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def load_topic(session: Session, topic_id: int) -> Topic:
    """The entry behind a proposal or item that the actor may change anyway, locked until the commit."""
    statement = select(Topic).where(Topic.id == topic_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def places_of_topics(session: Session, topic_ids: Collection[int]) -> dict[int, tuple[Meeting, AgendaItem]]:
    """The latest agenda that took up each entry, with its item; one query."""
    rows = session.execute(
        sa.select(col(Proposal.topic_id), Meeting, AgendaItem)
        .join(AgendaItem, col(AgendaItem.id) == Proposal.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(col(Proposal.topic_id).in_(topic_ids))
        .order_by(col(Meeting.starts_at))
    )
    return {topic_id: (meeting, item) for topic_id, meeting, item in rows}


def projects_of_topics(session: Session, topic_ids: Collection[int]) -> dict[int, list[TopicProject]]:
    """The links of topics to projects in their order, by topic; one query."""
    found: dict[int, list[TopicProject]] = {}
    rows = session.exec(
        select(TopicProject).where(col(TopicProject.topic_id).in_(topic_ids)).order_by(col(TopicProject.position))
    )
    for row in rows:
        found.setdefault(row.topic_id, []).append(row)
    return found
