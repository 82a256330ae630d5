"""Reading meetings and their deadlines."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.actor import Actor
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingDeadline, MeetingState, MinutesPublication, Publication
from app.meetings.rules.deadlines import OF_THE_MEETING, TITLES, DeadlineKind
from app.meetings.schemas import Deadline
from app.visibility import Matter, body_clause


def readable_meetings(actor: Actor) -> SelectOfScalar[Meeting]:
    """Meetings the actor may know of: all where drafts are read, else from announcement or release on.

    Guests and project leads see the released meetings of their own items, everybody those whose agenda or minutes are
    published.
    """
    return select(Meeting).where(
        sa.or_(
            body_clause(actor, Matter.DRAFT, col(Meeting.body_id)),
            sa.and_(body_clause(actor, Matter.INTERNAL, col(Meeting.body_id)), col(Meeting.announced_at).is_not(None)),
            col(Meeting.id).in_(sorted(actor.own_meeting_ids)) if actor.own_meeting_ids else sa.false(),
            sa.and_(
                body_clause(actor, Matter.PUBLISHED, col(Meeting.body_id)),
                sa.or_(
                    col(Meeting.id).in_(select(Publication.meeting_id).where(col(Publication.revoked_at).is_(None))),
                    col(Meeting.id).in_(
                        select(MinutesPublication.meeting_id).where(col(MinutesPublication.revoked_at).is_(None))
                    ),
                ),
            ),
        )
    )


def find_publication(session: Session, meeting_id: int) -> Publication | None:
    """The publication of a readable meeting that holds now, None where nothing is published."""
    return session.exec(
        select(Publication).where(Publication.meeting_id == meeting_id, col(Publication.revoked_at).is_(None))
    ).first()


def list_publications(session: Session, meeting_id: int) -> Sequence[Publication]:
    """Every act of publishing of a meeting, revoked ones too, newest first. Rights are the caller's matter."""
    return session.exec(
        select(Publication).where(Publication.meeting_id == meeting_id).order_by(col(Publication.id).desc())
    ).all()


def get_meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """One meeting; NotFound for unknown and invisible alike."""
    found = session.exec(readable_meetings(actor).where(Meeting.id == meeting_id)).first()
    if found is None:
        raise NotFound()
    return found


def find_meetings(session: Session, actor: Actor, meeting_ids: Collection[int]) -> dict[int, Meeting]:
    """Those of the meetings that the actor may know of, by id; one query."""
    rows = session.exec(readable_meetings(actor).where(col(Meeting.id).in_(meeting_ids)))
    return {row.id: row for row in rows if row.id is not None}


def load_meeting(session: Session, meeting_id: int) -> Meeting | None:
    """A meeting whose id is known; rights are the caller's matter."""
    return session.get(Meeting, meeting_id)


def lock_meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """One meeting for writing: its row is locked until the commit, before anything below it is read or written."""
    statement = readable_meetings(actor).where(Meeting.id == meeting_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def list_meetings(
    session: Session,
    actor: Actor,
    *,
    body_id: int | None = None,
    since: dt.datetime | None = None,
    before: tuple[dt.datetime, int] | None = None,
    limit: int | None = None,
) -> Sequence[Meeting]:
    """Readable meetings, latest first; ``before`` (start, id) continues a page."""
    statement = readable_meetings(actor).order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
    if body_id is not None:
        statement = statement.where(Meeting.body_id == body_id)
    if since is not None:
        statement = statement.where(Meeting.starts_at >= since)
    if before is not None:
        statement = statement.where(sa.tuple_(col(Meeting.starts_at), col(Meeting.id)) < sa.tuple_(*before))
    return session.exec(statement.limit(limit)).all()


def find_next_meeting(session: Session, actor: Actor, *, body_id: int | None = None) -> Meeting | None:
    """The next meeting that is neither held nor cancelled and has not ended."""
    statement = (
        readable_meetings(actor)
        .where(
            Meeting.ends_at >= clock.now(),
            col(Meeting.state).not_in((MeetingState.HELD, MeetingState.CANCELLED)),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    if body_id is not None:
        statement = statement.where(Meeting.body_id == body_id)
    return session.exec(statement.limit(1)).first()


def find_previous_meeting(
    session: Session, body_id: int, before: dt.datetime, *, but: int | None = None
) -> Meeting | None:
    """The latest held meeting of the body before a moment, whose project statuses were shown (domain §4)."""
    statement = (
        select(Meeting)
        .where(
            Meeting.body_id == body_id,
            Meeting.starts_at < before,
            Meeting.state == MeetingState.HELD,
            col(Meeting.without_status).is_(False),
        )
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
    )
    if but is not None:
        statement = statement.where(Meeting.id != but)
    return session.exec(statement.limit(1)).first()


def highest_number(session: Session, body_id: int) -> int | None:
    """The highest meeting number of the body, None if it counts none."""
    return session.exec(
        select(sa.func.max(Meeting.number)).where(Meeting.body_id == body_id, Meeting.state != MeetingState.CANCELLED)
    ).one()


def number_is_taken(session: Session, body_id: int, number: int, *, but: int | None = None) -> bool:
    """Whether another meeting of the body that was not cancelled bears *number*."""
    statement = select(Meeting.id).where(
        Meeting.body_id == body_id, Meeting.number == number, Meeting.state != MeetingState.CANCELLED
    )
    if but is not None:
        statement = statement.where(Meeting.id != but)
    return session.exec(statement).first() is not None


def load_deadlines(session: Session, meeting_id: int) -> list[MeetingDeadline]:
    """The stored deadlines of a meeting."""
    return list(session.exec(select(MeetingDeadline).where(MeetingDeadline.meeting_id == meeting_id)).all())


def list_deadlines(session: Session, meeting_ids: Sequence[int]) -> dict[int, list[Deadline]]:
    """The deadlines of several meetings in the order of the table, by meeting; one query."""
    today = clock.today()
    rows = session.exec(select(MeetingDeadline).where(col(MeetingDeadline.meeting_id).in_(meeting_ids))).all()
    found: dict[int, list[Deadline]] = {key: [] for key in meeting_ids}
    order = {kind: place for place, kind in enumerate(OF_THE_MEETING)}
    for row in sorted(rows, key=lambda row: order[DeadlineKind(row.kind)]):
        found[row.meeting_id].append(
            Deadline(
                kind=row.kind,
                title=TITLES[DeadlineKind(row.kind)],
                due_on=row.due_on,
                kept=row.kept,
                passed=row.due_on < today,
            )
        )
    return found
