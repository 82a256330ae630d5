"""The overview of the live minutes: opening and closing, all outcomes in one form, and closing the meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Outcome
from app.agenda.rules.outcomes import COMES_BACK, WORDS, needs_outcome
from app.agenda.schemas.wishes import OutcomeIn
from app.agenda.service.closing import set_outcome
from app.db import ident
from app.errors import Invalid, Refused, SkipError, Stale
from app.markdown import prose_html
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting
from app.minutes.schemas.notes import MinutesTextsIn
from app.minutes.service.closing import close_meeting
from app.minutes.service.frame_texts import FRAME_LABELS
from app.minutes.service.notes import KEEPING, minutes_desk, require_keeper, require_writable, write_frame
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, seen_version, typed, typed_number
from app.web.meetings.meeting_frame import address_of, lock_run
from app.web.minutes.screen import is_open, minutes_page, require_screen
from app.web.respond import done
from app.web.texts import differing_texts, writing

router = APIRouter()

FIELDS = ("outcome", "note", "resume_on")
REMAINS = "Bitte halten Sie ein Ergebnis fest."
NOT_CLEARED = "Ein festgehaltenes Ergebnis lässt sich ändern, aber nicht leeren."


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An item in the form of outcomes. ``current`` says what somebody else put in meanwhile, "" if nobody did."""

    id: int
    version: int
    number: str
    title: str
    needed: bool
    current: str
    stored: str


@router.get("/sitzungen/{meeting_id}/ergebnisse")
def find_outcomes(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The former address of the outcomes leads to the minutes."""
    meeting = get_meeting(session, actor, meeting_id)
    require_keeper(actor, meeting)
    return done(request, f"{address_of(meeting)}/protokoll")


@router.get("/sitzungen/{meeting_id}/protokoll")
def show_overview(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The overview of the minutes; before the meeting was opened its page is shown instead."""
    meeting = get_meeting(session, actor, meeting_id)
    require_keeper(actor, meeting)
    if meeting.state not in KEEPING:
        return done(request, address_of(meeting))
    return overview_page(request, session, actor, meeting)


@router.post("/sitzungen/{meeting_id}/protokoll")
def save_frame(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save opening and closing; whoever was slower sees both and loses nothing."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            require_writable(actor, meeting)
            sent = {name: values[name] for name in FRAME_LABELS if name in values}
            wish = read_form(MinutesTextsIn, sent, keep_empty=tuple(FRAME_LABELS))
            write_frame(session, actor, meeting, wish, base_version=typed_number(values.get("version", "")))
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            return overview_page(request, session, actor, meeting, frame=(values, error))
    return done(request, f"{address}/protokoll", "Einleitung und Schluss sind gespeichert.")


@router.post("/sitzungen/{meeting_id}/protokoll/ergebnisse")
def save_outcomes(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save what was changed; with ``then=close`` close the meeting as well. All or nothing."""
    values = typed(submitted)
    closing = values.pop("then", "") == "close"
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            if meeting.state is not MeetingState.IN_SESSION:
                raise Refused("Ergebnisse werden festgehalten, während die Sitzung läuft.")
            _save(session, actor, meeting, values, closing=closing)
            if closing:
                close_meeting(session, actor, meeting)
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            return overview_page(request, session, actor, get_meeting(session, actor, meeting_id), values, error)
    if closing:
        return done(request, f"{address}/protokoll", "Die Sitzung ist geschlossen.")
    return done(request, f"{address}/protokoll#ergebnisse", "Die Ergebnisse sind gespeichert.")


def overview_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
    *,
    frame: tuple[Mapping[str, str], SkipError] | None = None,
) -> Response:
    """The overview; *values* and *error* belong to the form of outcomes, *frame* to that of opening and closing."""
    require_screen(actor, meeting)
    items = _items(session, actor, meeting)
    stored = {f"{name}-{item.id}": value for item in items for name, value in _stored(item).items()}
    failed = error or (frame[1] if frame else None)
    return minutes_page(
        request,
        session,
        actor,
        meeting,
        "minutes/overview.html",
        status=failed.status if failed else 200,
        form=Form({**stored, **(values or {})}, error.by_field if error else {}),
        lines=[_line(item, values if isinstance(error, Stale) else None) for item in items],
        outcomes=[(one.value, WORDS[one]) for one in Outcome],
        comes_back=[WORDS[one] for one in Outcome if one in COMES_BACK],
        **_frame_values(session, actor, meeting, *(frame or (None, None))),
    )


def _frame_values(
    session: Session, actor: Actor, meeting: Meeting, values: Mapping[str, str] | None, error: SkipError | None
) -> dict[str, Any]:
    desk, address = minutes_desk(session, actor, meeting), f"{address_of(meeting)}/protokoll"
    stored = {name: desk.holder.text(name) for name in desk.holder.labels}
    shown = {**stored, **(values or {})}
    stale = isinstance(error, Stale)
    return {
        "frame": Form(shown, {} if error is None or stale else error.by_field),
        "frame_html": {name: prose_html(str(shown[name])) for name in stored},
        "frame_stale": error.sentence if stale and error else "",
        "frame_differences": differing_texts(desk.holder.labels, shown, stored) if stale else [],
        "frame_writing": writing(
            session, actor, desk, address, may_write=is_open(meeting), typed=values is not None, error=error
        ),
    }


def _save(session: Session, actor: Actor, meeting: Meeting, values: Mapping[str, str], *, closing: bool) -> None:
    """Write every changed item; Invalid names all wrong fields at once (the transaction then writes nothing)."""
    errors: dict[str, str] = {}
    for item in _items(session, actor, meeting):
        sent = {name: values.get(f"{name}-{item.id}", "") for name in FIELDS}
        if not _differs(sent, item):
            if closing and needs_outcome(item) and item.outcome is None:
                errors[f"outcome-{item.id}"] = f"TOP {item.number}: {REMAINS}"
            continue
        try:
            if not sent["outcome"]:
                raise Invalid({"outcome": NOT_CLEARED if item.outcome else REMAINS})
            wish = read_form(OutcomeIn, sent)
            seen = seen_version({"version": values.get(f"version-{item.id}", "")})
            set_outcome(session, actor, meeting, item, wish, base_version=seen)
        except Invalid as error:
            errors |= {f"{name}-{item.id}": f"TOP {item.number}: {said}" for name, said in error.fields.items()}
    if errors:
        raise Invalid(errors)


def _differs(sent: Mapping[str, str], item: AgendaItem) -> bool:
    stored = _stored(item)
    return any(text.clean(sent[name]) != stored[name] for name in FIELDS)


def _stored(item: AgendaItem) -> dict[str, str]:
    return {
        "outcome": item.outcome.value if item.outcome else "",
        "note": item.outcome_note,
        "resume_on": item.resume_on.isoformat() if item.resume_on else "",
    }


def _items(session: Session, actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    there = [one for one in queries.list_items(session, actor, ident(meeting)) if not one.withdrawn]
    return sorted(there, key=lambda one: text.number_key(one.number))


def _line(item: AgendaItem, sent: Mapping[str, Any] | None) -> OutcomeLine:
    parts = [WORDS[item.outcome] if item.outcome else "noch kein Ergebnis", item.outcome_note]
    parts.append(text.date(item.resume_on) if item.resume_on else "")
    stored = ", ".join(part for part in parts if part)
    overtaken = sent is not None and sent.get(f"version-{item.id}") != str(item.version)
    current = stored if overtaken else ""
    return OutcomeLine(ident(item), item.version, item.number, item.title, needs_outcome(item), current, stored)
