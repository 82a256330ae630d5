"""Reading registered topics: who sees which, the one behind a proposal or item, and where it stands now."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.actor import Actor, Role
from app.agenda.models import (
    AgendaItem,
    AgendaItemPaper,
    Proposal,
    ProposalState,
    Registration,
    RegistrationPaper,
    RegistrationProject,
    RegistrationState,
    Topic,
)
from app.agenda.rules.registrations import OPEN_FOR_TOPICS
from app.bodies.models import Body, BodyPeriod, Seat
from app.errors import Invalid, NotFound
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.queries import readable_meetings
from app.meetings.rules.deadlines import DeadlineKind
from app.papers.models import Paper
from app.people.models import OrganisationName
from app.people.queries import names_on
from app.people.rules import holds
from app.projects.models import Project
from app.visibility import Matter, body_clause

KEY = "registration:"


def readable_registrations(actor: Actor) -> SelectOfScalar[Registration]:
    """Registered topics: secretariat and chair read all of their bodies, others those of their seats and their own."""
    own: list[sa.ColumnElement[bool]] = [body_clause(actor, Matter.DRAFT, col(Registration.body_id))]
    if actor.seats:
        own.append(col(Registration.seat_id).in_(sorted(seat.seat_id for seat in actor.seats)))
    if actor.person_id is not None:
        own.append(sa.and_(col(Registration.seat_id).is_(None), col(Registration.person_id) == actor.person_id))
    return select(Registration).where(sa.or_(*own))


def list_registrations(
    session: Session,
    actor: Actor,
    *,
    body_id: int | None = None,
    state: RegistrationState | None = None,
    meeting_id: int | None = None,
) -> Sequence[Registration]:
    """The readable registered topics, latest first."""
    statement = readable_registrations(actor).order_by(col(Registration.id).desc())
    if body_id is not None:
        statement = statement.where(Registration.body_id == body_id)
    if state is not None:
        statement = statement.where(Registration.state == state)
    if meeting_id is not None:
        statement = statement.where(Registration.meeting_id == meeting_id)
    return session.exec(statement).all()


def get_registration(session: Session, actor: Actor, registration_id: int) -> Registration:
    """One registered topic; NotFound for unknown and invisible alike."""
    found = session.exec(readable_registrations(actor).where(Registration.id == registration_id)).first()
    if found is None:
        raise NotFound()
    return found


def lock_registration(session: Session, actor: Actor, registration_id: int) -> Registration:
    """One registered topic for writing, with the meetings that it stands proposed or planned for locked before it."""
    item_id = get_registration(session, actor, registration_id).item_id
    session.execute(
        sa.select(col(Meeting.id))
        .where(
            sa.or_(
                col(Meeting.id).in_(
                    sa.select(col(Proposal.meeting_id)).where(col(Proposal.key) == f"{KEY}{registration_id}")
                ),
                col(Meeting.id).in_(sa.select(col(AgendaItem.meeting_id)).where(col(AgendaItem.id) == item_id)),
            )
        )
        .order_by(col(Meeting.id))
        .with_for_update()
    )
    return load_registration(session, registration_id)


def load_registration(session: Session, registration_id: int) -> Registration:
    """The registered topic behind a proposal that the actor may change anyway, locked until the commit."""
    statement = select(Registration).where(Registration.id == registration_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def registrations_of_items(session: Session, item_ids: Collection[int]) -> list[Registration]:
    """The registered topics that became these items."""
    return list(session.exec(select(Registration).where(col(Registration.item_id).in_(item_ids))).all())


def registrations_of_cancelled(session: Session, item_id: int) -> list[Registration]:
    """The registered topics that became this item of a cancelled meeting; none where the meeting was held."""
    statement = (
        select(Registration)
        .join(AgendaItem, col(AgendaItem.id) == Registration.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(Registration.item_id == item_id, Meeting.state == MeetingState.CANCELLED)
    )
    return list(session.exec(statement).all())


def carried_registrations(session: Session, item_ids: Collection[int]) -> set[int]:
    """Which of these items of cancelled meetings hold registered topics; one query."""
    statement = (
        sa.select(col(Registration.item_id))
        .join(AgendaItem, col(AgendaItem.id) == Registration.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(col(Registration.item_id).in_(item_ids), col(Meeting.state) == MeetingState.CANCELLED)
    )
    return {found for found in session.execute(statement).scalars() if found is not None}


def registrations_of_topic(session: Session, topic: Topic) -> list[Registration]:
    """The registered topics that lie in an entry of the backlog."""
    keys = [topic.key, *session.exec(select(Proposal.key).where(Proposal.topic_id == topic.id)).all()]
    wanted = registration_ids(keys)
    if not wanted:
        return []
    return list(session.exec(select(Registration).where(col(Registration.id).in_(wanted))).all())


def registration_ids(keys: Iterable[str]) -> set[int]:
    """The ids of registered topics among the keys of proposals."""
    return {int(key.removeprefix(KEY)) for key in keys if re.fullmatch(rf"{KEY}\d+", key)}


def open_proposals_of(session: Session, registration_id: int) -> list[Proposal]:
    """The open proposals that a registered topic has, on whatever agenda."""
    return list(
        session.exec(
            select(Proposal).where(
                Proposal.key == f"{KEY}{registration_id}",
                col(Proposal.state).in_((ProposalState.OPEN, ProposalState.VANISHED)),
            )
        ).all()
    )


def projects_of_registrations(session: Session, ids: Collection[int]) -> dict[int, list[RegistrationProject]]:
    """The links of registered topics to projects in their order, by topic; one query."""
    found: dict[int, list[RegistrationProject]] = {}
    rows = session.exec(
        select(RegistrationProject)
        .where(col(RegistrationProject.registration_id).in_(ids))
        .order_by(col(RegistrationProject.position))
    )
    for row in rows:
        found.setdefault(row.registration_id, []).append(row)
    return found


def places_of_registrations(session: Session, ids: Collection[int]) -> dict[int, tuple[Meeting, AgendaItem]]:
    """The agenda item that each registered topic became, with its meeting; one query."""
    rows = session.execute(
        sa.select(col(Registration.id), Meeting, AgendaItem)
        .join(AgendaItem, col(AgendaItem.id) == Registration.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(col(Registration.id).in_(ids))
    )
    return {registration_id: (meeting, item) for registration_id, meeting, item in rows}


def eligible_bodies(session: Session, actor: Actor) -> dict[int, str]:
    """The bodies for which the actor may register topics, as {id: short name}: seated in, secretariat of, or steering
    a project that the actor leads.
    """
    held = actor.bodies_of(Role.SECRETARIAT)
    clauses: list[sa.ColumnElement[bool]] = [
        sa.true() if held is None else col(Body.id).in_(sorted(held | {seat.body_id for seat in actor.seats}))
    ]
    if actor.lead_project_ids:
        limited = sa.select(col(BodyPeriod.body_id))
        steers = (
            sa.select(col(BodyPeriod.body_id))
            .join(Project, col(Project.period_id) == BodyPeriod.period_id)
            .where(col(Project.id).in_(sorted(actor.lead_project_ids)))
        )
        clauses += [col(Body.id).not_in(limited), col(Body.id).in_(steers)]
    rows = session.execute(sa.select(col(Body.id), col(Body.short_name)).where(sa.or_(*clauses)).order_by(col(Body.id)))
    return {row.id: row.short_name for row in rows}


def list_wanted_meetings(session: Session, actor: Actor, body_id: int) -> list[tuple[Meeting, dt.date | None]]:
    """The coming meetings that a topic may be registered for and that the actor knows of, next first, each with the
    last day for registering.
    """
    rows = session.execute(
        readable_meetings(actor)
        .add_columns(col(MeetingDeadline.due_on))
        .join(
            MeetingDeadline,
            sa.and_(
                col(MeetingDeadline.meeting_id) == Meeting.id,
                col(MeetingDeadline.kind) == DeadlineKind.REGISTRATION,
            ),
            isouter=True,
        )
        .where(
            col(Meeting.body_id) == body_id,
            col(Meeting.state).in_(OPEN_FOR_TOPICS),
            col(Meeting.entered_afterwards).is_(False),
            col(Meeting.starts_at) > clock.now(),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return [(row[0], row[1]) for row in rows]


def find_wanted_meeting(session: Session, actor: Actor, body_id: int, meeting_id: int) -> Meeting:
    """One of them; Invalid at "meeting" for any other, known or not."""
    for meeting, _ in list_wanted_meetings(session, actor, body_id):
        if meeting.id == meeting_id:
            return meeting
    raise Invalid({"meeting": "Bitte wählen Sie eine kommende Sitzung."})


def registration_deadline(session: Session, meeting_id: int) -> dt.date | None:
    """The last day for registering topics for a meeting; None where it has no such deadline."""
    row = session.get(MeetingDeadline, (meeting_id, DeadlineKind.REGISTRATION))
    return row.due_on if row else None


def papers_deadline(session: Session, meeting_id: int) -> dt.date | None:
    """The last day for papers of a meeting (Unterlagenschluss); None where it has no such deadline."""
    row = session.get(MeetingDeadline, (meeting_id, DeadlineKind.PAPERS))
    return row.due_on if row else None


def with_papers(session: Session, ids: Collection[int]) -> set[int]:
    """Which of the registered topics have a paper that stands, of their own or at the item they became; one query."""
    standing = sa.select(col(Paper.id)).where(col(Paper.withdrawn).is_(False))
    own = sa.select(col(RegistrationPaper.registration_id)).where(col(RegistrationPaper.paper_id).in_(standing))
    items = sa.select(col(AgendaItemPaper.item_id)).where(col(AgendaItemPaper.paper_id).in_(standing))
    has_some = sa.or_(col(Registration.id).in_(own), col(Registration.item_id).in_(items))
    statement = sa.select(col(Registration.id)).where(col(Registration.id).in_(ids), has_some)
    return {found for found in session.execute(statement).scalars() if found is not None}


def awaited_papers(session: Session, actor: Actor, meeting_id: int) -> list[Registration]:
    """The registered topics for a meeting whose announced papers are not there, soonest first; two queries."""
    of_items = sa.select(col(AgendaItem.id)).where(col(AgendaItem.meeting_id) == meeting_id)
    wanted = sa.and_(col(Registration.meeting_id) == meeting_id, col(Registration.state) == RegistrationState.RECEIVED)
    planned = sa.and_(col(Registration.item_id).in_(of_items), col(Registration.state) == RegistrationState.PLANNED)
    rows = session.exec(
        readable_registrations(actor)
        .where(col(Registration.papers_follow).is_(True), sa.or_(wanted, planned))
        .order_by(col(Registration.papers_on), col(Registration.id))
    ).all()
    there = with_papers(session, [one.id for one in rows if one.id is not None])
    return [one for one in rows if one.id not in there]


def registration_deadlines(session: Session, meeting_ids: Collection[int]) -> dict[int, dt.date]:
    """The last days for registering, by meeting; one query."""
    rows = session.exec(
        select(MeetingDeadline).where(
            col(MeetingDeadline.meeting_id).in_(meeting_ids), MeetingDeadline.kind == DeadlineKind.REGISTRATION
        )
    )
    return {row.meeting_id: row.due_on for row in rows}


def meetings_by_id(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Meeting]:
    """Those of the meetings that the actor may know of; one query."""
    return {one.id or 0: one for one in session.exec(readable_meetings(actor).where(col(Meeting.id).in_(ids)))}


def seats_for(session: Session, actor: Actor, body_id: int, on: dt.date) -> list[tuple[int, str]]:
    """The seats that the actor may register for, as (id, institution): own ones, for the secretariat all."""
    statement = sa.select(Seat).where(col(Seat.body_id) == body_id).order_by(col(Seat.protocol_order), col(Seat.id))
    if not actor.has(Role.SECRETARIAT, body_id):
        statement = statement.where(col(Seat.id).in_(sorted(seat.seat_id for seat in actor.seats)))
    seats = [seat for seat in session.scalars(statement) if holds(seat, on)]
    names = names_on(session, {seat.organisation_id for seat in seats}, on)
    return [(seat.id or 0, _seat_name(seat, names)) for seat in seats]


def seat_words(session: Session, body_id: int, seat_id: int, on: dt.date) -> str | None:
    """The institution of a seat of the body by its short name, with the seat's title; None for other seats."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.body_id != body_id:
        return None
    return _seat_name(seat, names_on(session, {seat.organisation_id}, on))


def _seat_name(seat: Seat, names: Mapping[int, OrganisationName]) -> str:
    name = names.get(seat.organisation_id)
    return (name.short or name.long) if name else seat.title or "Sitz"
