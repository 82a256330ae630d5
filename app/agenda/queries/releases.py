"""Reading what was released: versions, frozen documents and statuses, kept bytes."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.actor import Actor
from app.agenda.models import (
    AgendaRelease,
    DocumentKind,
    Edition,
    FrozenDocument,
    FrozenStatus,
    KeptDocument,
    MeetingPack,
    Outcome,
)
from app.agenda.queries.items import outcomes_of
from app.agenda.rules.reading import readers_part
from app.agenda.schemas.frozen import FrozenItem, read_values
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import readable_meetings
from app.projects.models import (
    Light,
    Phase,
)
from app.visibility import Matter, body_clause


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


def list_documents(session: Session, meeting_id: int) -> Sequence[FrozenDocument]:
    """All that was frozen with a meeting's releases, newest version first. Rights are the caller's matter.

    Minutes and addenda have versions of their own and are not among them.
    """
    return session.exec(
        select(FrozenDocument)
        .where(
            FrozenDocument.meeting_id == meeting_id,
            col(FrozenDocument.kind).not_in((DocumentKind.MINUTES, DocumentKind.ADDENDUM)),
        )
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


def find_kept(session: Session, values_hash: str) -> KeptDocument | None:
    """The kept bytes of frozen values, None while they are not rendered."""
    return session.get(KeptDocument, values_hash)


def find_pack(session: Session, meeting_id: int, edition: str, version: int) -> MeetingPack | None:
    """The pack that was kept last for an edition of a version, None while there is none."""
    return session.get(MeetingPack, (meeting_id, edition, version), populate_existing=True)


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
    session: Session, actor: Actor, project_ids: Collection[int]
) -> dict[int, list[tuple[Meeting, Light | None, Phase | None]]]:
    """Light and phase of projects as held meetings were shown them, by project, earliest first; one query.

    Only of bodies whose interna the actor reads.
    """
    release = aliased(AgendaRelease)
    newest = sa.select(sa.func.max(release.version)).where(col(release.meeting_id) == Meeting.id).scalar_subquery()
    rows = session.execute(
        sa.select(col(FrozenStatus.project_id), Meeting, col(FrozenStatus.light), col(FrozenStatus.phase))
        .join(AgendaRelease, col(AgendaRelease.meeting_id) == Meeting.id)
        .join(FrozenStatus, col(FrozenStatus.release_id) == AgendaRelease.id)
        .where(
            col(FrozenStatus.project_id).in_(project_ids),
            col(AgendaRelease.version) == newest,
            col(Meeting.state) == MeetingState.HELD,
            col(Meeting.without_status).is_(False),
            body_clause(actor, Matter.INTERNAL, col(Meeting.body_id)),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()
    found: dict[int, list[tuple[Meeting, Light | None, Phase | None]]] = {}
    for project_id, meeting, light, phase in rows:
        found.setdefault(project_id, []).append((meeting, light, phase))
    return found
