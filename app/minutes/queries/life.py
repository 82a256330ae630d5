"""Reading minutes: their rows, versions, objections and addenda, each only for those who may."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actions.models import Action
from app.actor import Actor
from app.agenda.models import AgendaItem, DocumentKind, Edition, FrozenDocument, Proposal
from app.attendance.models import Presence
from app.bodies.models import BodyRule
from app.decisions.models import Clause, Decision
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState, MinutesPublication
from app.minutes.models import Addendum, MinuteNote, Minutes, MinutesRelease, MinutesState, Objection
from app.minutes.rules.settings import KEPT
from app.visibility import Matter, body_clause


def readable_minutes(actor: Actor) -> SelectOfScalar[Minutes]:
    """Minutes that the actor may read in some edition.

    Drafts: those who read drafts. In review: the body's readers. Approved: also who was there for a seat, even after
    the end of the term (domain §6, a rule of the body), and everybody once the public edition is published.
    """
    body = col(Meeting.body_id)
    sent = col(Minutes.state).in_((MinutesState.REVIEW, MinutesState.APPROVED))
    attended = select(Presence.meeting_id).where(
        col(Presence.person_id) == actor.person_id, col(Presence.seat_id).is_not(None)
    )
    kept = sa.and_(col(Minutes.meeting_id).in_(attended), body.not_in(bodies_without_kept_minutes()))
    published = select(MinutesPublication.meeting_id).where(col(MinutesPublication.revoked_at).is_(None))
    return (
        select(Minutes)
        .join(Meeting, col(Meeting.id) == Minutes.meeting_id)
        .where(
            sa.or_(
                body_clause(actor, Matter.DRAFT, body),
                sa.and_(sent, body_clause(actor, Matter.INTERNAL, body)),
                sa.and_(
                    col(Minutes.state) == MinutesState.APPROVED,
                    sa.or_(
                        kept if actor.person_id is not None else sa.false(),
                        sa.and_(body_clause(actor, Matter.PUBLISHED, body), col(Minutes.meeting_id).in_(published)),
                    ),
                ),
            )
        )
    )


def bodies_without_kept_minutes() -> sa.Select[int]:
    """The bodies whose rule ends all access with the term, minutes of meetings attended too (``settings.KEPT``)."""
    return sa.select(col(BodyRule.body_id)).where(col(BodyRule.key) == KEPT.key, col(BodyRule.value) == "false")


def get_minutes(session: Session, actor: Actor, meeting_id: int) -> Minutes:
    """The minutes of a meeting; NotFound for unknown and invisible alike."""
    found = session.exec(readable_minutes(actor).where(Minutes.meeting_id == meeting_id)).first()
    if found is None:
        raise NotFound()
    return found


def is_readable(session: Session, actor: Actor, meeting_id: int) -> bool:
    """Whether the actor reads the minutes of a meeting in some edition."""
    return session.exec(readable_minutes(actor).where(Minutes.meeting_id == meeting_id)).first() is not None


def list_readable(session: Session, actor: Actor, minutes_ids: Collection[int]) -> dict[int, tuple[Minutes, Meeting]]:
    """Those of the minutes that the actor reads in some edition, each with its meeting, by id; one query."""
    rows = session.execute(readable_minutes(actor).where(col(Minutes.id).in_(minutes_ids)).add_columns(Meeting))
    return {row[0].id: (row[0], row[1]) for row in rows if row[0].id is not None}


def find_readable(session: Session, actor: Actor, meeting: Meeting) -> Minutes | None:
    """The minutes of a meeting as far as the actor may know of them, None where there are none for them."""
    return session.exec(readable_minutes(actor).where(Minutes.meeting_id == meeting.id)).first()


def find_minutes(session: Session, meeting_id: int) -> Minutes | None:
    """The minutes of a meeting, None before the first writing. Rights are the caller's matter."""
    return session.exec(select(Minutes).where(Minutes.meeting_id == meeting_id)).first()


def pending_minutes(session: Session, body_id: int, before: dt.datetime | None = None) -> list[tuple[Minutes, Meeting]]:
    """Minutes of the body's held meetings (of those before a moment) that are not approved, earliest meeting first.

    Of meetings entered afterwards only those that were sent for review: their minutes are old and on paper.
    """
    statement = (
        select(Minutes, Meeting)
        .join(Meeting, col(Meeting.id) == Minutes.meeting_id)
        .where(
            Meeting.body_id == body_id,
            Meeting.state == MeetingState.HELD,
            Minutes.state != MinutesState.APPROVED,
            sa.or_(col(Meeting.entered_afterwards).is_(False), col(Minutes.state) == MinutesState.REVIEW),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    if before is not None:
        statement = statement.where(Meeting.starts_at < before)
    return [(row[0], row[1]) for row in session.exec(statement).all()]


def attended(session: Session, actor: Actor, meeting_id: int) -> bool:
    """Whether the actor was there for a seat, and the rule of the body keeps them their minutes."""
    return bool(attended_of(session, actor, [meeting_id]))


def attended_of(session: Session, actor: Actor, meeting_ids: Collection[int]) -> frozenset[int]:
    """Those of the meetings for which the actor was there for a seat, in bodies whose rule keeps them their minutes."""
    if actor.person_id is None or not meeting_ids:
        return frozenset()
    found = session.exec(
        select(Presence.meeting_id)
        .join(Meeting, col(Meeting.id) == Presence.meeting_id)
        .where(
            col(Presence.meeting_id).in_(meeting_ids),
            Presence.person_id == actor.person_id,
            col(Presence.seat_id).is_not(None),
            col(Meeting.body_id).not_in(bodies_without_kept_minutes()),
        )
    )
    return frozenset(found)


def published_of(session: Session, meeting_ids: Collection[int]) -> frozenset[int]:
    """Those of the meetings whose minutes are published now; one query."""
    found = session.exec(
        select(MinutesPublication.meeting_id).where(
            col(MinutesPublication.meeting_id).in_(meeting_ids), col(MinutesPublication.revoked_at).is_(None)
        )
    )
    return frozenset(found)


def list_minutes_releases(session: Session, meeting_id: int) -> Sequence[MinutesRelease]:
    """The versions of the minutes that left the house, newest first."""
    return session.exec(
        select(MinutesRelease)
        .where(MinutesRelease.meeting_id == meeting_id)
        .order_by(col(MinutesRelease.version).desc())
    ).all()


def list_objections(session: Session, minutes_id: int) -> Sequence[Objection]:
    """The objections to minutes in the order in which they came."""
    return session.exec(select(Objection).where(Objection.minutes_id == minutes_id).order_by(col(Objection.id))).all()


def list_addenda(session: Session, minutes_id: int) -> Sequence[Addendum]:
    """The addenda to approved minutes, first one first."""
    return session.exec(select(Addendum).where(Addendum.minutes_id == minutes_id).order_by(col(Addendum.serial))).all()


def ids_of_results(session: Session, meeting_id: int) -> dict[str, list[int]]:
    """The ids of a meeting's minutes, decisions, actions and what belongs to them by table, for its history.

    The history itself knows who reads what. Attendance is recorded at the meeting.
    """
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    minutes = select(Minutes.id).where(Minutes.meeting_id == meeting_id)
    decisions = select(Decision.id).where(col(Decision.item_id).in_(items))
    clauses = select(Clause.id).where(col(Clause.decision_id).in_(decisions))
    actions = select(Action.id).where(sa.or_(col(Action.item_id).in_(items), col(Action.clause_id).in_(clauses)))
    found = {
        "minutes": minutes,
        "minute_note": select(MinuteNote.id).where(col(MinuteNote.item_id).in_(items)),
        "objection": select(Objection.id).where(col(Objection.minutes_id).in_(minutes)),
        "addendum": select(Addendum.id).where(col(Addendum.minutes_id).in_(minutes)),
        "minutes_publication": select(MinutesPublication.id).where(MinutesPublication.meeting_id == meeting_id),
        "decision": decisions,
        "action": actions,
    }
    return {table: [one for one in session.exec(ids) if one] for table, ids in found.items()}


def get_minutes_meeting(session: Session, minutes: Minutes) -> Meeting:
    """The meeting of readable minutes."""
    return session.get_one(Meeting, minutes.meeting_id)


def find_minutes_edition(
    session: Session,
    meeting_id: int,
    edition: Edition,
    *,
    version: int,
    kind: DocumentKind = DocumentKind.MINUTES,
) -> FrozenDocument | None:
    """A frozen edition of a version of the minutes, or of an addendum. Rights are the caller's matter."""
    return session.exec(
        select(FrozenDocument).where(
            FrozenDocument.meeting_id == meeting_id,
            FrozenDocument.kind == kind,
            FrozenDocument.edition == edition,
            FrozenDocument.version == version,
        )
    ).first()


def list_minutes_documents(session: Session, meeting_id: int) -> Sequence[FrozenDocument]:
    """Every frozen edition of the minutes and their addenda, newest version first. Rights are the caller's matter."""
    return session.exec(
        select(FrozenDocument)
        .where(
            FrozenDocument.meeting_id == meeting_id,
            col(FrozenDocument.kind).in_((DocumentKind.MINUTES, DocumentKind.ADDENDUM)),
        )
        .order_by(col(FrozenDocument.version).desc(), col(FrozenDocument.id))
    ).all()


def find_minutes_publication(session: Session, meeting_id: int) -> MinutesPublication | None:
    """The publication of minutes that holds now."""
    return session.exec(
        select(MinutesPublication).where(
            MinutesPublication.meeting_id == meeting_id, col(MinutesPublication.revoked_at).is_(None)
        )
    ).first()


def find_drafted(session: Session, actor: Actor, meeting_id: int) -> Meeting | None:
    """A meeting whose drafts the actor reads, None otherwise."""
    return session.exec(
        select(Meeting).where(Meeting.id == meeting_id, body_clause(actor, Matter.DRAFT, col(Meeting.body_id)))
    ).first()


def approving_meetings(session: Session, meeting: Meeting) -> Sequence[Meeting]:
    """The later meetings of the body that have begun, earliest first. Rights are the caller's matter."""
    return session.exec(
        select(Meeting)
        .where(
            Meeting.body_id == meeting.body_id,
            Meeting.starts_at > meeting.starts_at,
            col(Meeting.state).in_((MeetingState.IN_SESSION, MeetingState.HELD)),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def find_approving_meeting(session: Session, minutes: Minutes) -> Meeting | None:
    """The meeting that approved the minutes, None where none did."""
    return session.get(Meeting, minutes.approved_in_id) if minutes.approved_in_id is not None else None


def find_item_approving(session: Session, item_id: int) -> Meeting | None:
    """The earlier meeting whose minutes the item shall approve, as drafting proposed it (``minutes_pending``)."""
    key = session.exec(
        select(Proposal.key)
        .where(Proposal.item_id == item_id, col(Proposal.key).startswith("minutes:"))
        .order_by(col(Proposal.id))
        .limit(1)
    ).first()
    return session.get(Meeting, int(key.removeprefix("minutes:"))) if key is not None else None
