"""Reading circular procedures: who sees which, one of them, lists, and what their resolutions hold."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import text
from app.actor import Actor
from app.agenda.models import AgendaItem, AgendaItemProject, TopicProject
from app.agenda.queries.items import COMING, readable_items
from app.circulars.models import Circular, CircularState
from app.decisions.models import Decision
from app.errors import NotFound
from app.meetings.models import Meeting
from app.visibility import Level, Matter, body_clause


def readable_circulars(actor: Actor) -> SelectOfScalar[Circular]:
    """Drafts where drafts are read; started ones for the body's members, confidential ones for its voting seats."""
    body, level = col(Circular.body_id), col(Decision.level)
    return (
        select(Circular)
        .join(Decision, col(Decision.id) == Circular.decision_id)
        .where(
            sa.or_(
                body_clause(actor, Matter.DRAFT, body),
                sa.and_(
                    col(Circular.state) != CircularState.DRAFT,
                    sa.or_(
                        sa.and_(level != Level.CONFIDENTIAL, body_clause(actor, Matter.INTERNAL, body)),
                        body_clause(actor, Matter.CONFIDENTIAL, body),
                    ),
                ),
            )
        )
    )


def list_circulars(
    session: Session, actor: Actor, *, body_id: int | None = None, states: Collection[CircularState] = ()
) -> list[tuple[Circular, Decision]]:
    """The readable procedures with their resolutions, the latest first; one query."""
    statement = readable_circulars(actor).add_columns(Decision)
    if body_id is not None:
        statement = statement.where(col(Circular.body_id) == body_id)
    if states:
        statement = statement.where(col(Circular.state).in_(states))
    rows = session.execute(statement.order_by(col(Circular.id).desc())).all()
    return [(circular, decision) for circular, decision in rows]


def get_circular(session: Session, actor: Actor, circular_id: int) -> Circular:
    """One procedure; NotFound for unknown and invisible alike."""
    found = session.exec(readable_circulars(actor).where(Circular.id == circular_id)).first()
    if found is None:
        raise NotFound()
    return found


def find_circulars(
    session: Session, actor: Actor, circular_ids: Collection[int]
) -> dict[int, tuple[Circular, Decision]]:
    """Those of the procedures that the actor reads, each with its resolution, by id; one query."""
    statement = readable_circulars(actor).where(col(Circular.id).in_(circular_ids)).add_columns(Decision)
    return {row[0].id: (row[0], row[1]) for row in session.execute(statement)}


def find_circular_of(session: Session, actor: Actor, decision_id: int) -> int | None:
    """The id of the readable circular procedure that a decision came from, None if it came from none."""
    found = session.exec(readable_circulars(actor).where(Circular.decision_id == decision_id)).first()
    return found.id if found else None


def lock_circular(session: Session, actor: Actor, circular_id: int) -> Circular:
    """One procedure for writing: its row is locked until the commit. NotFound as for :func:`get_circular`."""
    statement = readable_circulars(actor).where(Circular.id == circular_id).with_for_update(of=Circular)
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def find_locked(session: Session, circular_id: int) -> Circular | None:
    """One procedure for the worker, locked; None if it is gone."""
    return session.get(Circular, circular_id, with_for_update=True, populate_existing=True)


def resolution_of(session: Session, circular: Circular) -> Decision:
    """The text that a readable procedure asks about: its decision row, provisional until it was adopted."""
    return session.get_one(Decision, circular.decision_id, populate_existing=True)


def find_item(session: Session, actor: Actor, item_id: int) -> tuple[AgendaItem, Meeting]:
    """An item whose drafts the actor reads, with its meeting; NotFound for unknown and invisible alike."""
    statement = readable_items(actor).add_columns(Meeting).where(col(AgendaItem.id) == item_id)
    found = session.execute(statement).first()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def coming_meeting_of(session: Session, item_id: int) -> Meeting | None:
    """The coming meeting on whose agenda an item stands; None if it is none or the item was withdrawn."""
    return session.exec(
        select(Meeting)
        .join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id)
        .where(AgendaItem.id == item_id, col(AgendaItem.withdrawn).is_(False), col(Meeting.state).in_(COMING))
    ).first()


def projects_of_item(session: Session, item_id: int) -> list[tuple[int, bool]]:
    """(project, whether it answers its decision need) of an item, in order."""
    rows = session.exec(
        select(AgendaItemProject)
        .where(AgendaItemProject.item_id == item_id)
        .order_by(col(AgendaItemProject.position), col(AgendaItemProject.project_id))
    )
    return [(row.project_id, row.answers_need) for row in rows]


def projects_of_topic(session: Session, topic_id: int) -> list[tuple[int, bool]]:
    """(project, False) of an entry of the backlog, in order."""
    rows = session.exec(
        select(TopicProject)
        .where(TopicProject.topic_id == topic_id)
        .order_by(col(TopicProject.position), col(TopicProject.project_id))
    )
    return [(row.project_id, False) for row in rows]


def meeting_with_text(session: Session, body_id: int, title: str, wording: str) -> Meeting | None:
    """A coming meeting of the body with an item of this very text, told apart by more than spaces; None without."""
    rows = session.execute(
        sa.select(Meeting, col(AgendaItem.title), col(AgendaItem.proposed_decision))
        .join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id)
        .where(col(Meeting.body_id) == body_id, col(Meeting.state).in_(COMING), col(AgendaItem.withdrawn).is_(False))
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    wanted = _told(wording), _told(title)
    for meeting, item_title, proposed in rows:
        same = _told(proposed) == wanted[0] if wanted[0] else _told(item_title) == wanted[1]
        if same:
            return meeting  # type: ignore[no-any-return]
    return None


def _told(words: str) -> str:
    return text.fold(text.one_line(words))


def running_of(session: Session, *, item_id: int | None, topic_id: int | None, but: int) -> Circular | None:
    """Another running procedure that took over the same item or entry of the backlog; None without."""
    same = [
        column == value
        for column, value in ((col(Circular.item_id), item_id), (col(Circular.topic_id), topic_id))
        if value is not None
    ]
    if not same:
        return None
    return session.exec(
        select(Circular)
        .where(Circular.state == CircularState.RUNNING, Circular.id != but, sa.or_(*same))
        .order_by(col(Circular.id))
        .limit(1)
    ).first()
