"""Reading the working copy: the items of a meeting, their projects, and where else a matter stands."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import (
    AgendaItem,
    AgendaItemProject,
    Outcome,
    Proposal,
    SpeakingFrame,
    SpeakingNote,
    Topic,
)
from app.bodies.models import Body
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.visibility import Level, Matter, body_clause

COMING = (
    MeetingState.PLANNED,
    MeetingState.ANNOUNCED,
    MeetingState.DRAFT,
    MeetingState.RELEASED,
    MeetingState.IN_SESSION,
)


def readable_items(actor: Actor) -> SelectOfScalar[AgendaItem]:
    """Items of working copies: only where drafts are read (secretariat, chair and its office)."""
    return (
        select(AgendaItem)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(body_clause(actor, Matter.DRAFT, col(Meeting.body_id)))
    )


def list_items(session: Session, actor: Actor, meeting_id: int) -> Sequence[AgendaItem]:
    """The items of a working copy in their order."""
    return session.exec(
        readable_items(actor)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.section, col(AgendaItem.position), col(AgendaItem.id))
    ).all()


def ids_below(session: Session, meeting_id: int) -> dict[str, list[int]]:
    """The ids of a meeting's items and proposals by table, for its history (which itself knows who reads what)."""
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    proposals = select(Proposal.id).where(Proposal.meeting_id == meeting_id)
    notes = select(SpeakingNote.id).where(col(SpeakingNote.item_id).in_(items))
    frames = select(SpeakingFrame.id).where(SpeakingFrame.meeting_id == meeting_id)
    topics = select(Topic.id).where(Topic.from_meeting_id == meeting_id)
    return {
        "agenda_item": [one for one in session.exec(items) if one],
        "proposal": [one for one in session.exec(proposals) if one],
        "speaking_note": [one for one in session.exec(notes) if one],
        "speaking_frame": [one for one in session.exec(frames) if one],
        "topic": [one for one in session.exec(topics) if one],
    }


def count_items(session: Session, meeting_id: int) -> int:
    """How many items the working copy of a meeting has, withdrawn ones apart."""
    statement = select(sa.func.count()).select_from(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    return session.exec(statement.where(col(AgendaItem.withdrawn).is_(False))).one()


def get_item(session: Session, actor: Actor, meeting_id: int, item_id: int) -> AgendaItem:
    """One item of a working copy; NotFound for unknown and invisible alike."""
    found = session.exec(
        readable_items(actor).where(AgendaItem.meeting_id == meeting_id, AgendaItem.id == item_id)
    ).first()
    if found is None:
        raise NotFound()
    return found


def find_meeting_of_item(session: Session, item_id: int) -> int | None:
    """The meeting of an item whoever asks, None if the item is gone; for the worker."""
    return session.exec(select(AgendaItem.meeting_id).where(AgendaItem.id == item_id)).first()


def projects_of_items(session: Session, item_ids: Collection[int]) -> dict[int, list[AgendaItemProject]]:
    """The links of items to projects in their order, by item; one query."""
    found: dict[int, list[AgendaItemProject]] = {}
    rows = session.exec(
        select(AgendaItemProject)
        .where(col(AgendaItemProject.item_id).in_(item_ids))
        .order_by(col(AgendaItemProject.position))
    )
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def lock_coming(session: Session, body_id: int) -> None:
    """Lock the body's row, so that no two coming agendas take up the same thing in the same moment."""
    session.execute(sa.select(col(Body.id)).where(col(Body.id) == body_id).with_for_update())


def find_successor(session: Session, item_id: int, but_meeting: int) -> Meeting | None:
    """Another meeting, not cancelled, with an item that carries an earlier item on; None if there is none."""
    joined = sa.select(col(Proposal.item_id)).where(
        col(Proposal.carried_from_id) == item_id, col(Proposal.item_id).is_not(None)
    )
    return session.exec(
        select(Meeting)
        .join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id)
        .where(
            Meeting.id != but_meeting,
            col(Meeting.state) != MeetingState.CANCELLED,
            col(AgendaItem.withdrawn).is_(False),
            sa.or_(col(AgendaItem.carried_from_id) == item_id, col(AgendaItem.id).in_(joined)),
        )
        .limit(1)
    ).first()


def find_elsewhere(session: Session, body_id: int, project_ids: Collection[int], but_meeting: int) -> Meeting | None:
    """Another coming meeting of the body with an item about one of the projects, None if there is none."""
    return session.exec(
        select(Meeting)
        .join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id)
        .join(AgendaItemProject, col(AgendaItemProject.item_id) == AgendaItem.id)
        .where(
            Meeting.body_id == body_id,
            Meeting.id != but_meeting,
            col(Meeting.state).in_(COMING),
            col(AgendaItem.withdrawn).is_(False),
            col(AgendaItem.grouped).is_(False),
            col(AgendaItemProject.project_id).in_(project_ids),
        )
        .order_by(col(Meeting.starts_at))
        .limit(1)
    ).first()


def find_item_numbered(session: Session, meeting_id: int, number: str) -> int | None:
    """The id of the item that bears a released number. Rights are the caller's matter."""
    return session.exec(
        select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.number == number)
    ).first()


def numbers_of_items(session: Session, item_ids: Collection[int]) -> dict[int, str]:
    """The numbers of items by id. Rights are the caller's matter."""
    if not item_ids:
        return {}
    rows = session.execute(
        sa.select(col(AgendaItem.id), col(AgendaItem.number)).where(col(AgendaItem.id).in_(item_ids))
    )
    return {row[0]: row[1] for row in rows}


def levels_of_items(session: Session, item_ids: Collection[int]) -> dict[int, Level]:
    """The levels of items by id, as the rows say now. Rights are the caller's matter."""
    if not item_ids:
        return {}
    rows = session.execute(sa.select(col(AgendaItem.id), col(AgendaItem.level)).where(col(AgendaItem.id).in_(item_ids)))
    return {row[0]: row[1] for row in rows}


def outcomes_of(session: Session, item_ids: Collection[int]) -> dict[int, Outcome]:
    """What became of items, where something did; who may know is the caller's matter."""
    rows = session.execute(
        sa.select(col(AgendaItem.id), col(AgendaItem.outcome)).where(
            col(AgendaItem.id).in_(item_ids), col(AgendaItem.outcome).is_not(None)
        )
    )
    return {row[0]: row[1] for row in rows}
