"""Outcomes while a meeting is in session, and closing it: one form for all items, so that nothing typed is lost."""

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
from app.errors import Forbidden, Invalid, Refused, SkipError, Stale
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.minutes.service.closing import close_meeting
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.meetings.meeting_frame import address_of, lock_run, meeting_page
from app.web.respond import done

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


@router.get("/sitzungen/{meeting_id}/ergebnisse")
def show_outcomes(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of all items; while the meeting is not in session its page is shown instead."""
    meeting = get_meeting(session, actor, meeting_id)
    if life.may_run(actor, meeting) and meeting.state is not MeetingState.IN_SESSION:
        return done(request, address_of(meeting))
    return _page(request, session, actor, meeting)


@router.post("/sitzungen/{meeting_id}/ergebnisse")
def save_outcomes(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save what was changed; with ``then=close`` close the meeting as well. All or nothing."""
    values = typed(submitted)
    closing = values.pop("then", "") == "close"
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            _require_session(actor, meeting)
            _save(session, actor, meeting, values, closing=closing)
            if closing:
                close_meeting(session, actor, meeting)
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            return _page(request, session, actor, get_meeting(session, actor, meeting_id), values, error)
    if closing:
        return done(request, address, "Die Sitzung ist geschlossen.")
    return done(request, f"{address}/ergebnisse", "Die Ergebnisse sind gespeichert.")


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
            version = values.get(f"version-{item.id}", "")
            set_outcome(session, actor, meeting, item, wish, base_version=int(version) if version.isdecimal() else None)
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


def _require_session(actor: Actor, meeting: Meeting) -> None:
    if not life.may_run(actor, meeting):
        raise Forbidden()
    if meeting.state is not MeetingState.IN_SESSION:
        raise Refused("Ergebnisse werden festgehalten, während die Sitzung läuft.")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
) -> Response:
    _require_session(actor, meeting)
    items = _items(session, actor, meeting)
    stored = {f"{name}-{item.id}": value for item in items for name, value in _stored(item).items()}
    stale = isinstance(error, Stale)
    fields = {} if error is None else error.by_field
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/outcomes.html",
        title="Ergebnisse erfassen",
        status=error.status if error else 200,
        form=Form({**stored, **(values or {})}, fields),
        lines=[_line(item, values if stale else None) for item in items],
        outcomes=[(one.value, WORDS[one]) for one in Outcome],
        comes_back=[WORDS[one] for one in Outcome if one in COMES_BACK],
        missing=sum(1 for one in items if needs_outcome(one) and one.outcome is None),
    )


def _line(item: AgendaItem, sent: Mapping[str, Any] | None) -> OutcomeLine:
    current = ""
    if sent is not None and sent.get(f"version-{item.id}") != str(item.version):
        parts = [WORDS[item.outcome] if item.outcome else "noch kein Ergebnis", item.outcome_note]
        parts.append(text.date(item.resume_on) if item.resume_on else "")
        current = ", ".join(part for part in parts if part)
    return OutcomeLine(ident(item), item.version, item.number, item.title, needs_outcome(item), current)
