"""Reading agendas: the working copy, proposals, the topic backlog, and what was released."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor
from app.agenda.models import (
    AgendaDraft,
    AgendaItem,
    AgendaItemGuest,
    AgendaItemProject,
    AgendaRelease,
    DocumentKind,
    Edition,
    FrozenDocument,
    FrozenStatus,
    GuestRole,
    KeptDocument,
    LetterDispatch,
    LetterRevocation,
    Outcome,
    Proposal,
    ProposalProject,
    ProposalState,
    SpeakingFrame,
    SpeakingNote,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.rules.codes import KnownProject
from app.agenda.rules.reading import readers_part
from app.agenda.schemas.frozen import FrozenItem, read_values
from app.bodies.models import Body
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import readable_meetings
from app.people.models import Person
from app.people.queries import FunctionOn, functions_on
from app.projects.models import (
    Light,
    Phase,
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    StatusReport,
)
from app.projects.rules.standing import Standing
from app.visibility import Level, Matter, body_clause

COMING = (
    MeetingState.PLANNED,
    MeetingState.ANNOUNCED,
    MeetingState.DRAFT,
    MeetingState.RELEASED,
    MeetingState.IN_SESSION,
)


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project as agendas name it, with where it stands on a day."""

    id: int
    code: str
    title: str
    field: str
    standing: Standing
    status_id: int | None = None


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody invited to an item, with what they are where on the day of the meeting ("" = not known)."""

    item_id: int
    person: Person
    role: GuestRole
    topic: str
    function: str
    organisation: str
    organisation_id: int | None

    @property
    def where(self) -> str:
        """Leiterin Fertigung, TU Berlin"""
        return ", ".join(part for part in (self.function, self.organisation) if part)


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


def find_meeting_of_proposal(session: Session, proposal_id: int) -> int | None:
    """The meeting of a proposal whoever asks, None if the proposal is gone; for the worker."""
    return session.exec(select(Proposal.meeting_id).where(Proposal.id == proposal_id)).first()


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


def project_lines(
    session: Session, *, ids: Collection[int] | None = None, periods: Collection[int] | None = None, on: dt.date
) -> dict[int, ProjectLine]:
    """Projects with their standing on a day, by id: those named, or all of *periods* (None = of every period).

    One query that reads one row per project, whatever was reported over the years. Only accepted, valid reports with a
    Stand up to the day count, and what the last one does not tell stands as it was told before.
    """
    light = col(StatusReport.light)
    statement = sa.select(
        col(Project.id),
        col(Project.code),
        col(Project.title),
        col(PlanField.name).label("field"),
        _last_told(col(StatusReport.id), on).label("status_id"),
        _last_told(col(StatusReport.as_of), on).label("as_of"),
        _last_told(light, on).label("light"),
        _last_told(col(StatusReport.as_of), on, told=light).label("light_as_of"),
        _last_told(col(StatusReport.light_schedule), on).label("light_schedule"),
        _last_told(col(StatusReport.light_cost), on).label("light_cost"),
        _last_told(col(StatusReport.light_content), on).label("light_content"),
        _last_told(col(StatusReport.phase), on).label("phase"),
    ).join(PlanField, col(PlanField.id) == Project.field_id, isouter=True)
    if ids is not None:
        statement = statement.where(col(Project.id).in_(ids))
    elif periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    parts = [part.name for part in fields(Standing)]
    return {
        row.id: ProjectLine(
            id=row.id,
            code=row.code,
            title=row.title,
            field=row.field or "",
            standing=Standing(**{part: getattr(row, part) for part in parts}),
            status_id=row.status_id,
        )
        for row in session.execute(statement)
    }


# The words of the partial index uq_status_report_valid: written so that both databases use it.
_COUNTS = sa.and_(sa.literal_column("status_report.valid"), sa.literal_column("status_report.state = 'accepted'"))


def _last_told(column: Any, on: dt.date, *, told: Any = None) -> sa.ScalarSelect[Any]:
    """*column* of the project's last counting report up to *on* that tells *told* (default: the column itself)."""
    return (
        sa.select(column)
        .where(
            col(StatusReport.project_id) == col(Project.id),
            _COUNTS,
            col(StatusReport.as_of) <= on,
            (column if told is None else told).is_not(None),
        )
        .order_by(col(StatusReport.as_of).desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )


def count_projects(session: Session, periods: Collection[int] | None) -> int:
    """How many projects *periods* (None = all) hold."""
    statement = select(sa.func.count()).select_from(Project)
    if periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    return session.exec(statement).one()


def known_projects(session: Session, periods: Collection[int] | None) -> list[KnownProject]:
    """The projects of *periods* (None = all) as forms name them, in the order of their numbers; two queries."""
    statement = (
        sa.select(Project, PlanPeriod)
        .join(PlanPeriod, col(PlanPeriod.id) == Project.period_id, isouter=True)
        .order_by(col(Project.code_key), col(Project.id))
    )
    if periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    earlier: dict[int, list[str]] = {}
    for row in session.exec(select(ProjectCode)):
        earlier.setdefault(row.project_id, []).append(row.code)
    return [
        KnownProject(
            id=ident(project),
            code=project.code,
            title=project.title,
            period=period.name if period else "",
            starts_on=period.starts_on if period else None,
            ends_on=period.ends_on if period else None,
            earlier=tuple(earlier.get(ident(project), ())),
        )
        for project, period in session.execute(statement)
    ]


def guests_of_items(session: Session, item_ids: Collection[int], on: dt.date) -> dict[int, list[GuestLine]]:
    """The guests of items as they are on a day, by item and in the order of their names; three queries.

    For people who read the items anyway.
    """
    rows = session.execute(
        sa.select(AgendaItemGuest, Person)
        .join(Person, col(Person.id) == AgendaItemGuest.person_id)
        .where(col(AgendaItemGuest.item_id).in_(item_ids))
        .order_by(col(Person.sort_key), col(Person.id))
    ).all()
    functions = functions_on(session, {person.id for _, person in rows}, on)
    found: dict[int, list[GuestLine]] = {}
    for guest, person in rows:
        line = GuestLine(guest.item_id, person, guest.role, guest.topic, *functions.get(person.id, FunctionOn()))
        found.setdefault(guest.item_id, []).append(line)
    return found


def find_guest(session: Session, item_id: int, person_id: int) -> AgendaItemGuest | None:
    """The invitation of a person to an item, None if there is none."""
    return session.get(AgendaItemGuest, (item_id, person_id))


def readable_notes(actor: Actor) -> SelectOfScalar[SpeakingNote]:
    """The chair's own texts: chair and its office, and the secretariat where the account is named (domain §6)."""
    return (
        select(SpeakingNote)
        .join(AgendaItem, col(AgendaItem.id) == SpeakingNote.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(body_clause(actor, Matter.SPEAKING, col(Meeting.body_id)))
    )


def notes_of_meeting(session: Session, actor: Actor, meeting_id: int) -> dict[int, SpeakingNote]:
    """The readable speaking notes of a meeting, by item."""
    rows = session.exec(readable_notes(actor).where(AgendaItem.meeting_id == meeting_id))
    return {row.item_id: row for row in rows}


def find_note(session: Session, actor: Actor, item_id: int) -> SpeakingNote | None:
    """The speaking note of an item, None while nothing is written or where it is not for the actor."""
    return session.exec(readable_notes(actor).where(SpeakingNote.item_id == item_id)).first()


def note_to_keep(session: Session, item_id: int) -> SpeakingNote | None:
    """The note of an item that leaves the agenda, whoever takes it off: only for keeping its texts in the history."""
    return session.exec(select(SpeakingNote).where(SpeakingNote.item_id == item_id)).first()


def find_frame(session: Session, actor: Actor, meeting_id: int) -> SpeakingFrame | None:
    """Begrüßung and Schluss of a meeting, None while nothing is written or where it is not for the actor."""
    return session.exec(
        select(SpeakingFrame)
        .join(Meeting, col(Meeting.id) == SpeakingFrame.meeting_id)
        .where(SpeakingFrame.meeting_id == meeting_id, body_clause(actor, Matter.SPEAKING, col(Meeting.body_id)))
    ).first()


def frame_to_keep(session: Session, meeting_id: int) -> SpeakingFrame | None:
    """Begrüßung and Schluss of a meeting whoever asks; for the worker."""
    return session.exec(select(SpeakingFrame).where(SpeakingFrame.meeting_id == meeting_id)).first()


def find_draft(session: Session, meeting_id: int) -> AgendaDraft | None:
    """The last drafting of a meeting."""
    return session.get(AgendaDraft, meeting_id)


def readable_proposals(actor: Actor) -> SelectOfScalar[Proposal]:
    """Proposals, reasons, scores: secretariat and chair (domain §4, §6)."""
    return (
        select(Proposal)
        .join(Meeting, col(Meeting.id) == Proposal.meeting_id)
        .where(body_clause(actor, Matter.DRAFT, col(Meeting.body_id)))
    )


def list_proposals(
    session: Session, actor: Actor, meeting_id: int, *, state: ProposalState | None = None
) -> Sequence[Proposal]:
    """The proposals of a meeting in the order of the drafting."""
    statement = readable_proposals(actor).where(Proposal.meeting_id == meeting_id)
    if state is not None:
        statement = statement.where(Proposal.state == state)
    return session.exec(statement.order_by(col(Proposal.position), col(Proposal.id))).all()


def count_proposals(session: Session, actor: Actor, meeting_id: int, *, state: ProposalState) -> int:
    """How many proposals of a meeting are in a state."""
    chosen = readable_proposals(actor).where(Proposal.meeting_id == meeting_id, Proposal.state == state)
    return session.exec(chosen.with_only_columns(sa.func.count())).one()  # type: ignore[call-overload, no-any-return]


def get_proposal(session: Session, actor: Actor, meeting_id: int, proposal_id: int) -> Proposal:
    """One proposal; NotFound for unknown and invisible alike."""
    found = session.exec(
        readable_proposals(actor).where(Proposal.meeting_id == meeting_id, Proposal.id == proposal_id)
    ).first()
    if found is None:
        raise NotFound()
    return found


def projects_of_proposals(session: Session, proposal_ids: Collection[int]) -> dict[int, list[ProposalProject]]:
    """The links of proposals to projects in their order, by proposal; one query."""
    found: dict[int, list[ProposalProject]] = {}
    rows = session.exec(
        select(ProposalProject)
        .where(col(ProposalProject.proposal_id).in_(proposal_ids))
        .order_by(col(ProposalProject.position))
    )
    for row in rows:
        found.setdefault(row.proposal_id, []).append(row)
    return found


def proposals_of_item(session: Session, item_id: int) -> list[Proposal]:
    """The accepted proposals that an item was made of, in the order of the drafting; several where they were joined."""
    return list(
        session.exec(
            select(Proposal).where(Proposal.item_id == item_id).order_by(col(Proposal.position), col(Proposal.id))
        ).all()
    )


def proposals_of_topic(session: Session, topic_id: int, *, meeting_id: int | None = None) -> list[Proposal]:
    """The proposals that came from an entry of the backlog or went into it; of one meeting, or of all."""
    statement = select(Proposal).where(Proposal.topic_id == topic_id).order_by(col(Proposal.id))
    if meeting_id is not None:
        statement = statement.where(Proposal.meeting_id == meeting_id)
    return list(session.exec(statement).all())


def find_proposal_by_key(session: Session, meeting_id: int, key: str) -> Proposal | None:
    """The proposal of a meeting about one thing, whatever its state; None if there never was one."""
    return session.exec(select(Proposal).where(Proposal.meeting_id == meeting_id, Proposal.key == key)).first()


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


def steered_projects(session: Session, project_ids: Collection[int], periods: Collection[int] | None) -> set[int]:
    """Which of the ids are projects of *periods* (None = all) or of no period: what a body may put on its agenda."""
    if not project_ids:
        return set()
    statement = select(Project.id).where(col(Project.id).in_(project_ids))
    if periods is not None:
        statement = statement.where(sa.or_(col(Project.period_id).in_(periods), col(Project.period_id).is_(None)))
    return {found for found in session.exec(statement) if found}


def names_of_bodies(session: Session, body_ids: Collection[int]) -> dict[int, str]:
    """The short names of bodies that rows name, by id."""
    rows = session.execute(sa.select(col(Body.id), col(Body.short_name)).where(col(Body.id).in_(body_ids)))
    return {row.id: row.short_name for row in rows}


def project_titles(session: Session, project_ids: Collection[int]) -> dict[int, str]:
    """The titles of projects that an item names, by id."""
    rows = session.execute(sa.select(col(Project.id), col(Project.title)).where(col(Project.id).in_(project_ids)))
    return {row.id: row.title for row in rows}


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


def list_releases(session: Session, meeting_id: int) -> Sequence[AgendaRelease]:
    """The released versions of a meeting that the actor may see anyway, newest first."""
    return session.exec(
        select(AgendaRelease).where(AgendaRelease.meeting_id == meeting_id).order_by(col(AgendaRelease.version).desc())
    ).all()


def find_edition(
    session: Session,
    meeting_id: int,
    edition: Edition,
    *,
    version: int | None = None,
    kind: DocumentKind = DocumentKind.AGENDA,
    item_id: int | None = None,
) -> FrozenDocument | None:
    """An edition of a released version (default: the last), None before the release. Rights are the caller's matter:
    ``rules.reading`` says which edition a reader gets. *item_id* names the item of a guest's edition.
    """
    statement = (
        select(FrozenDocument)
        .where(
            FrozenDocument.meeting_id == meeting_id,
            FrozenDocument.kind == kind,
            FrozenDocument.edition == edition,
            FrozenDocument.item_id == item_id,
        )
        .order_by(col(FrozenDocument.version).desc())
    )
    if version is not None:
        statement = statement.where(FrozenDocument.version == version)
    return session.exec(statement.limit(1)).first()


def last_version(session: Session, meeting_id: int) -> int | None:
    """The number of the version that was released last, None before the release."""
    return session.exec(select(sa.func.max(AgendaRelease.version)).where(AgendaRelease.meeting_id == meeting_id)).one()


def find_last_edition(
    session: Session,
    meeting_id: int,
    edition: Edition,
    *,
    kind: DocumentKind = DocumentKind.AGENDA,
    item_id: int | None = None,
) -> FrozenDocument | None:
    """An edition of the last released version itself, None where that version has none (never of an older one)."""
    version = last_version(session, meeting_id)
    if version is None:
        return None
    return find_edition(session, meeting_id, edition, version=version, kind=kind, item_id=item_id)


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


def guest_editions(session: Session, meeting_id: int, version: int) -> frozenset[int]:
    """The items of which a guest's edition was frozen with a version."""
    return frozenset(
        item_id
        for item_id in session.exec(
            select(FrozenDocument.item_id).where(
                FrozenDocument.meeting_id == meeting_id,
                FrozenDocument.kind == DocumentKind.AGENDA,
                FrozenDocument.version == version,
                FrozenDocument.edition == Edition.GUEST,
            )
        )
        if item_id is not None
    )


def items_with_guests(session: Session, meeting_id: int) -> Sequence[int]:
    """The items of a meeting to which somebody is invited, whatever their level."""
    return session.exec(
        select(AgendaItem.id)
        .where(AgendaItem.meeting_id == meeting_id, col(AgendaItem.id).in_(select(AgendaItemGuest.item_id)))
        .order_by(col(AgendaItem.id))
    ).all()  # type: ignore[return-value]


def list_documents(session: Session, meeting_id: int) -> Sequence[FrozenDocument]:
    """All that was frozen with a meeting's releases, newest version first. Rights are the caller's matter."""
    return session.exec(
        select(FrozenDocument)
        .where(FrozenDocument.meeting_id == meeting_id)
        .order_by(col(FrozenDocument.version).desc(), col(FrozenDocument.id))
    ).all()


def find_by_prefix(session: Session, prefix: str, *, limit: int) -> Sequence[FrozenDocument]:
    """Frozen documents whose hash begins with *prefix* (hexadecimal digits), oldest first."""
    return session.exec(
        select(FrozenDocument)
        .where(col(FrozenDocument.hash).startswith(prefix, autoescape=True))
        .order_by(col(FrozenDocument.id))
        .limit(limit)
    ).all()


def find_frozen(session: Session, values_hash: str) -> FrozenDocument | None:
    """The frozen document with exactly this hash, None if nothing was released under it."""
    return session.exec(select(FrozenDocument).where(FrozenDocument.hash == values_hash).limit(1)).first()


def list_dispatches(session: Session, meeting_id: int) -> list[tuple[LetterDispatch, LetterRevocation | None]]:
    """The letters of a meeting that were marked as sent, in that order, with what took a mark back; one query."""
    rows = session.execute(
        sa.select(LetterDispatch, LetterRevocation)
        .outerjoin(LetterRevocation, col(LetterRevocation.dispatch_id) == LetterDispatch.id)
        .where(col(LetterDispatch.meeting_id) == meeting_id)
        .order_by(col(LetterDispatch.id))
    ).all()
    return [(dispatch, revocation) for dispatch, revocation in rows]


def get_dispatch(session: Session, meeting_id: int, dispatch_id: int) -> LetterDispatch:
    """One letter of a meeting that was marked as sent, whether or not that was taken back; NotFound otherwise."""
    found = session.get(LetterDispatch, dispatch_id)
    if found is None or found.meeting_id != meeting_id:
        raise NotFound()
    return found


def find_revocation(session: Session, dispatch_id: int) -> LetterRevocation | None:
    """What took the mark of a dispatch back, None while it holds."""
    return session.get(LetterRevocation, dispatch_id)


def find_dispatched(session: Session, values_hash: str) -> LetterDispatch | None:
    """A sent letter with exactly these values, None if there is none. The same letter may have gone two ways."""
    return session.exec(select(LetterDispatch).where(LetterDispatch.hash == values_hash).limit(1)).first()


def dispatches_by_prefix(session: Session, prefix: str, *, limit: int) -> Sequence[LetterDispatch]:
    """Sent letters whose hash begins with *prefix* (hexadecimal digits), oldest first."""
    return session.exec(
        select(LetterDispatch)
        .where(col(LetterDispatch.hash).startswith(prefix, autoescape=True))
        .order_by(col(LetterDispatch.id))
        .limit(limit)
    ).all()


def find_kept(session: Session, values_hash: str) -> KeptDocument | None:
    """The kept bytes of frozen values, None while they are not rendered."""
    return session.get(KeptDocument, values_hash)


def frozen_statuses(session: Session, meeting_ids: Collection[int]) -> dict[int, list[FrozenStatus]]:
    """What was shown about projects with the last release of each meeting, by meeting; one query."""
    last = (
        select(AgendaRelease.meeting_id, sa.func.max(AgendaRelease.version).label("version"))
        .where(col(AgendaRelease.meeting_id).in_(meeting_ids))
        .group_by(col(AgendaRelease.meeting_id))
        .subquery()
    )
    rows = session.execute(
        sa.select(col(AgendaRelease.meeting_id), FrozenStatus)
        .join(AgendaRelease, col(AgendaRelease.id) == FrozenStatus.release_id)
        .join(
            last,
            sa.and_(last.c.meeting_id == AgendaRelease.meeting_id, last.c.version == AgendaRelease.version),
        )
    ).all()
    found: dict[int, list[FrozenStatus]] = {}
    for meeting_id, row in rows:
        found.setdefault(meeting_id, []).append(row)
    return found


def lights_shown(
    session: Session, actor: Actor, project_ids: Collection[int], body_id: int, before: dt.datetime
) -> dict[int, list[tuple[Meeting, Light | None]]]:
    """The lights of projects as the held meetings of a body before a moment were shown them, earliest first.

    One query; empty for those who do not read the body's interna.
    """
    release = aliased(AgendaRelease)
    newest = sa.select(sa.func.max(release.version)).where(col(release.meeting_id) == Meeting.id).scalar_subquery()
    rows = session.execute(
        sa.select(col(FrozenStatus.project_id), Meeting, col(FrozenStatus.light))
        .join(AgendaRelease, col(AgendaRelease.id) == FrozenStatus.release_id)
        .join(Meeting, col(Meeting.id) == AgendaRelease.meeting_id)
        .where(
            col(FrozenStatus.project_id).in_(project_ids),
            col(AgendaRelease.version) == newest,
            col(Meeting.body_id) == body_id,
            col(Meeting.starts_at) < before,
            col(Meeting.state) == MeetingState.HELD,
            col(Meeting.without_status).is_(False),
            body_clause(actor, Matter.INTERNAL, col(Meeting.body_id)),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()
    found: dict[int, list[tuple[Meeting, Light | None]]] = {}
    for project_id, meeting, light in rows:
        found.setdefault(project_id, []).append((meeting, light))
    return found


@dataclass(frozen=True, slots=True)
class ReleasedItem:
    """An item of a released agenda as its reader gets it; ``outcome`` only of held meetings."""

    meeting: Meeting
    item: FrozenItem
    outcome: Outcome | None = None


def released_items(
    session: Session,
    actor: Actor,
    project_ids: Collection[int],
    *,
    body_id: int | None = None,
    before: dt.datetime | None = None,
) -> list[ReleasedItem]:
    """The items about any of the projects in the last released version of each meeting, latest meeting first.

    Readers get them as they get the agenda: by their edition, guests and project leads their own ones. Two queries,
    which read only the agendas that name one of the projects.
    """
    if not project_ids:
        return []
    found = [
        ReleasedItem(meeting, item)
        for meeting, content in session.execute(_agendas_naming(actor, project_ids, body_id, before))
        for section in readers_part(actor, read_values(content)).sections
        for item in section.items
        if any(project.id in project_ids for project in item.projects)
    ]
    outcomes = outcomes_of(session, [one.item.id for one in found if one.meeting.state is MeetingState.HELD])
    return [ReleasedItem(one.meeting, one.item, outcomes.get(one.item.id)) for one in found]


def outcomes_of(session: Session, item_ids: Collection[int]) -> dict[int, Outcome]:
    """What became of items, where something did; who may know is the caller's matter."""
    rows = session.execute(
        sa.select(col(AgendaItem.id), col(AgendaItem.outcome)).where(
            col(AgendaItem.id).in_(item_ids), col(AgendaItem.outcome).is_not(None)
        )
    )
    return {row[0]: row[1] for row in rows}


def _agendas_naming(
    actor: Actor, project_ids: Collection[int], body_id: int | None, before: dt.datetime | None
) -> sa.Select[tuple[Meeting, str]]:
    """Meetings with the canonical text of their last agenda, where it holds one of the projects (``FrozenProject``)."""
    newest = aliased(FrozenDocument)
    version = (
        sa.select(sa.func.max(newest.version))
        .where(col(newest.meeting_id) == Meeting.id, col(newest.kind) == DocumentKind.AGENDA)
        .scalar_subquery()
    )
    named = sa.or_(*(col(FrozenDocument.content).contains(f'"id":{key},"light":') for key in project_ids))
    statement = (
        readable_meetings(actor)
        .join(FrozenDocument, col(FrozenDocument.meeting_id) == Meeting.id)
        .where(
            FrozenDocument.kind == DocumentKind.AGENDA,
            FrozenDocument.edition == Edition.FULL,
            col(FrozenDocument.version) == version,
            named,
        )
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
    )
    if body_id is not None:
        statement = statement.where(Meeting.body_id == body_id)
    if before is not None:
        statement = statement.where(Meeting.starts_at < before)
    return statement.add_columns(col(FrozenDocument.content))


def shown_at_meetings(
    session: Session, actor: Actor, project_id: int
) -> list[tuple[Meeting, Light | None, Phase | None]]:
    """Light and phase of a project as held meetings were shown it, earliest first; of bodies the actor reads."""
    release = aliased(AgendaRelease)
    newest = sa.select(sa.func.max(release.version)).where(col(release.meeting_id) == Meeting.id).scalar_subquery()
    rows = session.execute(
        sa.select(Meeting, col(FrozenStatus.light), col(FrozenStatus.phase))
        .join(AgendaRelease, col(AgendaRelease.meeting_id) == Meeting.id)
        .join(FrozenStatus, col(FrozenStatus.release_id) == AgendaRelease.id)
        .where(
            col(FrozenStatus.project_id) == project_id,
            col(AgendaRelease.version) == newest,
            col(Meeting.state) == MeetingState.HELD,
            col(Meeting.without_status).is_(False),
            body_clause(actor, Matter.INTERNAL, col(Meeting.body_id)),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]
