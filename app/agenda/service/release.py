"""Releasing an agenda: frozen values and hash per edition, status of every project, numbers, Freigabe."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaRelease, DocumentKind, Edition, FrozenDocument, FrozenStatus
from app.agenda.rules.changes import changes_between, changes_values, marked
from app.agenda.rules.reading import WHOLE_EDITIONS
from app.agenda.schemas.changes import write_changes
from app.agenda.schemas.frozen import (
    AgendaValues,
    FrozenApproval,
    edition,
    guest_edition,
    hash_values,
    number_of,
    write_values,
)
from app.agenda.schemas.wishes import ReleaseIn
from app.agenda.service.texts import close_item_texts
from app.agenda.service.values import agenda_values, default_as_of, released_values
from app.bodies import rules as settings
from app.bodies.queries import load_rules, steered_periods
from app.db import ident
from app.errors import Forbidden, Invalid, Refused
from app.history.service import record
from app.jobs.service import enqueue
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import load_deadlines
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind, ends_at
from app.meetings.rules.life import Act
from app.meetings.service import touch_meeting

RENDER_JOB = "render_agenda"


def release_agenda(session: Session, actor: Actor, meeting: Meeting, wish: ReleaseIn) -> AgendaRelease:
    """The next version of the agenda: numbers are fixed, values and statuses frozen, calendars confirm the meeting.

    *meeting* is locked by the caller. Version 1 makes it released; of a released meeting this is the supplement
    (Nachtrag), with a sheet of its changes. Invalid where Freigabe or a reason is missing; Refused for an empty agenda,
    unless the meeting is entered afterwards, and for a supplement that changes nothing.

    Call ``drafting.service.releasing.release_meeting``, which freezes more beside this by ``freeze_document``.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    supplement = meeting.state is MeetingState.RELEASED
    life.require(Act.SUPPLEMENT if supplement else Act.RELEASE, meeting)
    items = queries.list_items(session, actor, ident(meeting))
    before = released_values(session, ident(meeting)) if supplement else None
    as_of = default_as_of(session, meeting, clock.today())
    if before is not None:
        _require_changes(before, agenda_values(session, actor, meeting, as_of=as_of))
    elif not items and not meeting.entered_afterwards:
        raise Refused(
            "Diese Tagesordnung ist noch leer. Übernehmen Sie Vorschläge, oder fügen Sie eigene Punkte hinzu."
        )
    _require_form(session, meeting, wish, supplement=supplement)
    close_item_texts(session, actor, meeting)
    now = clock.now()
    if not supplement:
        meeting.state = life.next_state(Act.RELEASE, meeting)
    meeting.announced_at = meeting.announced_at or now
    meeting.calendar_changed_at = now
    touch_meeting(session, meeting)
    release = AgendaRelease(
        meeting_id=ident(meeting),
        version=before.version + 1 if before is not None else 1,
        as_of=as_of,
        released_at=now,
        released_by=actor.name,
        approved_by=wish.approved_by,
        approved_on=wish.approved_on,
        approved_how=wish.approved_how,
        late_reason="" if supplement else wish.late_reason,
        reason=wish.reason if supplement else "",
    )
    session.add(release)
    session.flush()
    values = agenda_values(
        session,
        actor,
        meeting,
        as_of=as_of,
        version=release.version,
        released_at=now,
        approval=_approval(release),
        late_reason=release.late_reason,
        supplement_reason=release.reason,
    )
    _fix_numbers(session, values, {ident(item): item for item in items})
    _freeze_editions(session, release, values, before)
    _freeze_statuses(session, release, meeting, as_of)
    record(
        session,
        actor,
        "agenda.supplement" if supplement else "agenda.release",
        meeting,
        after={"version": release.version, "as_of": as_of.isoformat(), "approved_by": release.approved_by},
        label=life.label_with_date(meeting),
        reason=release.reason or release.late_reason,
        body_id=meeting.body_id,
    )
    return release


def _require_changes(before: AgendaValues, working: AgendaValues) -> None:
    if not changes_between(before, working):
        raise Refused(
            f"Seit Version {before.version} hat sich an der Tagesordnung nichts geändert; ein Nachtrag ist nicht nötig."
        )


def is_late(session: Session, meeting: Meeting) -> bool:
    """Whether the invitation's deadline is over; never for a meeting entered afterwards."""
    if meeting.entered_afterwards:
        return False
    due = {row.kind: row.due_on for row in load_deadlines(session, ident(meeting))}.get(DeadlineKind.INVITATION)
    return due is not None and clock.now() >= ends_at(due)


def _require_form(session: Session, meeting: Meeting, wish: ReleaseIn, *, supplement: bool) -> None:
    bad: dict[str, str] = {}
    if supplement and not wish.reason:
        bad["reason"] = "Bitte nennen Sie den Grund des Nachtrags."
    if meeting.entered_afterwards:
        if bad:
            raise Invalid(bad)
        return
    if load_rules(session, meeting.body_id)[settings.APPROVAL]:
        if not wish.approved_by:
            bad["approved_by"] = "Bitte geben Sie an, wer die Tagesordnung freigegeben hat."
        if wish.approved_on is None:
            bad["approved_on"] = "Bitte geben Sie an, wann die Freigabe erteilt wurde."
        if not wish.approved_how:
            bad["approved_how"] = "Bitte geben Sie an, wie die Freigabe erteilt wurde."
    if wish.approved_on is not None and wish.approved_on > clock.today():
        bad["approved_on"] = "Die Freigabe kann nicht in der Zukunft liegen."
    if is_late(session, meeting) and not supplement and not wish.late_reason:
        bad["late_reason"] = "Die Frist für den Versand ist abgelaufen. Bitte begründen Sie den späten Versand."
    if bad:
        raise Invalid(bad)


def _approval(release: AgendaRelease) -> FrozenApproval | None:
    if not release.approved_by or release.approved_on is None:
        return None
    return FrozenApproval(by=release.approved_by, on=release.approved_on, how=release.approved_how)


def _fix_numbers(session: Session, values: AgendaValues, items: dict[int, AgendaItem]) -> None:
    for section in values.sections:
        for frozen in section.items:
            item = items[frozen.id]
            item.number = frozen.number
            session.add(item)


def _freeze_editions(
    session: Session, release: AgendaRelease, values: AgendaValues, before: AgendaValues | None
) -> None:
    """Every edition, marked against the same edition of the version before, with the sheet of its changes."""
    for which in (*WHOLE_EDITIONS, Edition.PUBLIC):
        old = edition(before, which) if before is not None else None
        _freeze_edition(session, release, edition(values, which), old)
    had_guests = queries.guest_editions(session, release.meeting_id, release.version - 1)
    for item_id in queries.items_with_guests(session, release.meeting_id):
        number = number_of(values, item_id)
        own = guest_edition(values, number)
        if own is not None:
            old = guest_edition(before, number) if before is not None and item_id in had_guests else None
            _freeze_edition(session, release, own, old, item_id=item_id)


def _freeze_edition(
    session: Session,
    release: AgendaRelease,
    values: AgendaValues,
    old: AgendaValues | None,
    *,
    item_id: int | None = None,
) -> None:
    shown = marked(old, values) if old is not None else values
    freeze_document(session, release, DocumentKind.AGENDA, values.edition, write_values(shown), item_id=item_id)
    if old is not None:
        sheet = write_changes(changes_values(old, values))
        freeze_document(session, release, DocumentKind.CHANGES, values.edition, sheet, item_id=item_id)


def freeze_document(
    session: Session,
    release: AgendaRelease,
    kind: DocumentKind,
    which: Edition,
    content: str,
    *,
    item_id: int | None = None,
) -> FrozenDocument:
    """Freeze *content* (canonical JSON) as a document of *release*, and have its PDF rendered ahead.

    The seam for documents that are assembled above this package: whoever releases (``release_agenda``) may freeze more
    kinds with the release it returns, in the same transaction. A kind is rendered by ``documents.keeping``.
    """
    return freeze_content(
        session, release.meeting_id, kind, release.version, which, content, at=release.released_at, item_id=item_id
    )


def freeze_content(
    session: Session,
    meeting_id: int,
    kind: DocumentKind,
    version: int,
    which: Edition,
    content: str,
    *,
    at: dt.datetime,
    item_id: int | None = None,
) -> FrozenDocument:
    """Freeze *content* as a document that no release of the agenda carries (minutes), and have its PDF rendered."""
    digest = hash_values(content)
    document = FrozenDocument(
        meeting_id=meeting_id,
        kind=kind,
        version=version,
        edition=which,
        item_id=item_id,
        content=content,
        hash=digest,
        frozen_at=at,
    )
    session.add(document)
    enqueue(session, RENDER_JOB, {"hash": digest}, dedupe_key=f"{RENDER_JOB}:{digest}")
    return document


def _freeze_statuses(session: Session, release: AgendaRelease, meeting: Meeting, as_of: dt.date) -> None:
    lines = queries.project_lines(session, periods=steered_periods(session, meeting.body_id), on=as_of)
    session.add_all(
        FrozenStatus(
            release_id=ident(release),
            project_id=line.id,
            status_id=line.status_id,
            as_of=line.standing.as_of,
            light=line.standing.light,
            light_schedule=line.standing.light_schedule,
            light_cost=line.standing.light_cost,
            light_content=line.standing.light_content,
            phase=line.standing.phase,
            code=line.code,
            title=line.title,
            field=line.field,
        )
        for line in lines.values()
    )
