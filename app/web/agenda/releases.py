"""Releasing an agenda: what will be frozen, the chair's yes, and the reason of a late dispatch."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.access.audiences import audiences_of, edition_keys
from app.actor import Actor
from app.agenda import queries
from app.agenda.rules import words
from app.agenda.rules.reading import EditionKey, part_named
from app.agenda.schemas.frozen import AgendaValues, number_of
from app.agenda.schemas.wishes import ReleaseIn
from app.agenda.service.release import is_late
from app.agenda.service.supplements import pending_changes
from app.agenda.service.values import agenda_sums, agenda_values, default_as_of
from app.bodies import rules as body_rules
from app.bodies.queries import load_rules, steered_periods
from app.db import ident
from app.documents.changes import entries_of
from app.drafting.service.releasing import release_meeting
from app.errors import Forbidden, Invalid, Refused, SkipError
from app.meetings.models import Meeting
from app.meetings.queries import find_publication, get_meeting
from app.meetings.rules import life
from app.meetings.rules.life import Act
from app.notices.service.foretelling import told_after_release
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.meetings.meeting_frame import address_of, lock_run, meeting_page
from app.web.respond import done, sends_mail

router = APIRouter()

FIELDS = ("approved_by", "approved_on", "approved_how", "late_reason", "reason")
OVERTAKEN = (
    "Inzwischen wurde an der Tagesordnung gearbeitet. Bitte sehen Sie sie noch einmal an, und geben Sie dann frei; "
    "Ihre Angaben stehen noch im Formular."
)


@router.get("/sitzungen/{meeting_id}/freigabe")
def show_release(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """What will be frozen, and the release form; where nothing can be released the meeting's page is shown instead."""
    meeting = get_meeting(session, actor, meeting_id)
    if life.may_run(actor, meeting) and not _can(meeting):
        return done(request, address_of(meeting))
    return _page(request, session, actor, meeting, Form({"approved_on": clock.today()}))


@router.post("/sitzungen/{meeting_id}/freigabe")
def release(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Version 1: numbers, values and statuses are frozen."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            _require(meeting)
            if values.get("version", str(meeting.version)) != str(meeting.version):
                raise Refused(OVERTAKEN)
            wish = read_form(ReleaseIn, {name: values[name] for name in FIELDS if name in values})
            version = release_meeting(session, actor, meeting, wish).version
            address = address_of(meeting)
    except (Invalid, Refused) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            return _page(request, session, actor, meeting, Form(values, error.by_field), error=error)
    if version > 1:
        return done(request, address, f"Der Nachtrag ist freigegeben. Die Mitglieder sehen jetzt Version {version}.")
    return done(request, address, "Die Tagesordnung ist freigegeben. Die Mitglieder sehen sie jetzt.")


def _can(meeting: Meeting) -> bool:
    return life.can(Act.RELEASE, meeting) or life.can(Act.SUPPLEMENT, meeting)


def _require(meeting: Meeting) -> None:
    """Refuse states from which neither a first version nor a supplement is released."""
    if not life.can(Act.SUPPLEMENT, meeting):
        life.require(Act.RELEASE, meeting)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    form: Form,
    *,
    error: SkipError | None = None,
) -> Response:
    if not life.may_run(actor, meeting):
        raise Forbidden()
    _require(meeting)
    as_of = default_as_of(session, meeting, clock.today())
    values = agenda_values(session, actor, meeting, as_of=as_of)
    published = find_publication(session, ident(meeting)) is not None
    pending = pending_changes(session, actor, meeting)
    guests = [number_of(values, item_id) for item_id in queries.items_with_guests(session, ident(meeting))]
    periods = steered_periods(session, meeting.body_id)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/release.html",
        title="Nachtrag freigeben" if pending else "Tagesordnung freigeben",
        status=_status(error),
        form=form,
        base_version=meeting.version,
        as_of=as_of,
        drafted=queries.find_draft(session, values.meeting.id),
        project_count=queries.count_projects(session, periods),
        sums=agenda_sums(session, actor, meeting),
        late=is_late(session, meeting) and pending is None,
        version=pending.released.version + 1 if pending else 1,
        entries=entries_of(pending.changes) if pending else (),
        preview="nachtrag.pdf" if pending else "tagesordnung.pdf",
        audiences=audiences_of(session, meeting, values, published=published),
        approval_needed=load_rules(session, meeting.body_id)[body_rules.APPROVAL] and not meeting.entered_afterwards,
        editions=[_edition(part, key) for key in edition_keys(values, guests) if (part := part_named(values, key))],
        told=told_after_release(session, actor, meeting, values, sends=sends_mail(request)),
        empty=not any(section.items for section in values.sections),
        ways=[(way, way) for way in words.APPROVAL_WAYS],
    )


def _edition(part: AgendaValues, key: EditionKey) -> Mapping[str, Any]:
    items = sum(len(section.items) for section in part.sections)
    return {"key": str(key), "word": key.word, "items": text.counted(items, "Punkt", "Punkte")}


def _status(error: SkipError | None) -> int:
    if error is None:
        return 200
    return 412 if error.sentence == OVERTAKEN else error.status
