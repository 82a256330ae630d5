"""Bodies: names, seats, rules with where they come from, sections, closing days; forms for their secretariat."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.attendance.rules.settings import ATTENDANCE_SETTINGS
from app.bodies import queries, service
from app.bodies import rules as body_rules
from app.bodies.models import AddressKind, Body, MembershipKind
from app.bodies.rules import RULES, RuleBook, RuleSpec, RuleValue
from app.bodies.schemas import BodyIn, SeatView
from app.calendars.feed import strong_etag
from app.circulars.rules.settings import CIRCULAR_SETTINGS
from app.db import ident
from app.decisions.rules.settings import DECISION_SETTINGS
from app.drafting.rules.settings import DRAFTING_SETTINGS
from app.errors import Forbidden, Invalid
from app.invitations.rules.settings import INVITATION_SETTINGS
from app.meetings.rules.deadlines import DeadlineKind
from app.meetings.rules.settings import DEADLINE_SETTINGS
from app.minutes.rules.settings import MINUTES_SETTINGS
from app.people.rules import holds
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.web.forms import Form, read_form, typed
from app.web.history import reads_history
from app.web.respond import done, page

router = APIRouter()

NEW_BODY = "/gremien/neu"
SPECS: tuple[RuleSpec, ...] = (
    *RULES,
    *DEADLINE_SETTINGS.values(),
    *ATTENDANCE_SETTINGS,
    *DECISION_SETTINGS,
    *MINUTES_SETTINGS,
    *DRAFTING_SETTINGS,
    *CIRCULAR_SETTINGS,
    *INVITATION_SETTINGS,
)
KINDS: Mapping[MembershipKind, str] = {
    MembershipKind.MEMBER: "Mitglied",
    MembershipKind.DEPUTY: "Stellvertretung",
    MembershipKind.OFFICE: "Büro",
}
ADDRESS_KINDS: Mapping[AddressKind, str] = body_rules.ADDRESS_WORDS
OVERTAKEN = (
    "Inzwischen wurde hier etwas geändert. Ihre Eingaben stehen noch in den Feldern; wo jetzt etwas anderes gilt, "
    "steht es daneben. Speichern Sie noch einmal, wenn Ihre Eingaben gelten sollen."
)


@router.get("/gremien")
def show_bodies(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The bodies that the person reads."""
    bodies = [(body, queries.name_on(body, actor.on)) for body in queries.list_bodies(session, actor)]
    return page(request, actor, "bodies/list.html", title="Gremien", bodies=bodies, may_create=_may_create(actor))


@router.get(NEW_BODY)
def new_body(request: Request, actor: CurrentActor) -> Response:
    """The form for a new body."""
    return _new_page(request, actor, Form())


@router.post(NEW_BODY)
def create_body(request: Request, actor: CurrentActor, database: CurrentDatabase, submitted: Submitted) -> Response:
    """A new body with the default sections and rules."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body = service.create_body(session, actor, read_form(BodyIn, values))
            session.flush()
            address = f"/gremien/{ident(body)}"
    except Invalid as error:
        return _new_page(request, actor, Form(values, error.fields), status=422)
    return done(request, address, "Das Gremium ist angelegt. Prüfen Sie seine Regeln.")


def lacks_body(session: Session, actor: Actor) -> bool:
    """Whether a secretariat, which may create bodies, has none yet."""
    return _may_create(actor) and not queries.list_bodies(session, actor)


def _may_create(actor: Actor) -> bool:
    """Whether the actor is the secretariat of all bodies."""
    return actor.has(Role.SECRETARIAT)


def _new_page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    if not _may_create(actor):
        raise Forbidden()
    crumbs = (("Gremien", "/gremien"), ("Gremium anlegen", None))
    return page(request, actor, "bodies/new.html", title="Gremium anlegen", crumbs=crumbs, status=status, form=form)


@router.get("/gremien/{body_id:int}")
def show_body(
    request: Request,
    body_id: int,
    session: ReadSession,
    actor: CurrentActor,
    frueher: bool = False,
    am: str = "",
) -> Response:
    """Everything about a body that holds on a day (``am``, else today); former seats and holders where asked for."""
    body = queries.get_body(session, actor, body_id)
    may_edit = body_rules.may_change(actor, body_id)
    on, complaint = day_of(am)
    seats = queries.list_seats(session, body_id, on, with_former=frueher)
    book = queries.load_rules(session, body_id)
    return page(
        request,
        actor,
        "bodies/show.html",
        title=body.short_name,
        crumbs=(("Gremien", "/gremien"), (body.short_name, None)),
        body=body,
        name=queries.name_on(body, on),
        names=list(reversed(body.names)),
        seats=[_seat(view, on) for view in seats if holds(view.seat, on)],
        former=[_seat(view, on, former=True) for view in seats if _has_former(view, on)],
        on=on,
        am=am if complaint else (on.isoformat() if am else ""),
        complaint=complaint,
        is_today=on == clock.today(),
        with_former=frueher,
        groups=[(title, [(entry, _in_words(entry)) for entry in entries]) for title, entries in _groups(book)],
        sections=queries.list_sections(session, body_id),
        closing_days=queries.list_closing_days(session, body_id),
        may_edit=may_edit,
        address_kinds=ADDRESS_KINDS,
        kinds=KINDS,
        reads_history=reads_history(actor, body_id),
        may_name=body_rules.may_name(actor, body_id),
    )


@router.get("/gremien/{body_id}/regeln")
def edit_rules(request: Request, body_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The forms for rules and closing days."""
    body = queries.get_body(session, actor, body_id)
    return _forms(request, session, actor, body)


@router.post("/gremien/{body_id}/regeln")
def update_rules(
    request: Request, body_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Set the rules, all or none."""
    body = queries.lock_body(session, actor, body_id)
    values = typed(submitted)
    book = queries.load_rules(session, body_id)
    if values.get("stand") != _stand_of_rules(book) and body_rules.may_change(actor, body_id):
        return _forms(request, session, actor, body, rules=Form(values, {"": OVERTAKEN}), status=412)
    wanted = {
        spec.key: (values[spec.key], values.get(f"{spec.key}_provenance", "")) for spec in SPECS if spec.key in values
    }
    try:
        service.change_rules(session, actor, body, wanted, SPECS)
    except Invalid as error:
        return _forms(request, session, actor, body, rules=Form(values, error.fields), status=422)
    return done(request, f"/gremien/{body_id}#regeln", "Die Regeln sind gespeichert.")


@router.post("/gremien/{body_id}/schliesstage")
def update_closing_days(
    request: Request, body_id: int, session: WriteSession, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Replace the closing days by what stands in the field, one a line."""
    body = queries.lock_body(session, actor, body_id)
    values = typed(submitted)
    stand = _stand_of_days(_lines_of_days(session, body_id))
    if values.get("stand") != stand and body_rules.may_change(actor, body_id):
        return _forms(request, session, actor, body, days=Form(values, {"": OVERTAKEN}), status=412)
    try:
        found = body_rules.parse_closing_days(values.get("closing_days", ""))
        service.set_closing_days(session, actor, body, found)
    except Invalid as error:
        return _forms(request, session, actor, body, days=Form(values, error.fields), status=422)
    return done(request, f"/gremien/{body_id}#schliesstage", "Die Schließtage sind gespeichert.")


def _forms(
    request: Request,
    session: Session,
    actor: Actor,
    body: Body,
    *,
    rules: Form | None = None,
    days: Form | None = None,
    status: int = 200,
) -> Response:
    body_id = ident(body)
    if not body_rules.may_change(actor, body_id):
        raise Forbidden("Die Regeln ändert die Geschäftsstelle des Gremiums.")
    book, lines = queries.load_rules(session, body_id), _lines_of_days(session, body_id)
    overtaken = status == 412
    return page(
        request,
        actor,
        "bodies/rules.html",
        title=f"Regeln: {body.short_name}",
        status=status,
        crumbs=(("Gremien", "/gremien"), (body.short_name, f"/gremien/{body_id}"), ("Regeln", None)),
        body=body,
        groups=[(title, [_field(entry, rules, overtaken) for entry in entries]) for title, entries in _groups(book)],
        errors=rules.errors if rules else {},
        stand=_stand_of_rules(book),
        closing_days=days.value("closing_days") if days else lines,
        closing_days_now=lines if days and overtaken else None,
        days_errors=days.errors if days else {},
        days_stand=_stand_of_days(lines),
    )


def _field(entry: RuleValue, form: Form | None, overtaken: bool) -> dict[str, Any]:
    """One rule in the form: what was typed, else what stands; ``now`` only where somebody else was faster."""
    key, current = entry.spec.key, body_rules.shown(entry.value)
    value = str(form.values.get(key, current)) if form else current
    provenance = str(form.values.get(f"{key}_provenance", entry.provenance)) if form else entry.provenance
    differs = overtaken and (value, provenance) != (current, entry.provenance)
    return {
        "spec": entry.spec,
        "value": value,
        "provenance": provenance,
        "error": form.error(key) if form else "",
        "provenance_error": form.error(f"{key}_provenance") if form else "",
        "now": f"{body_rules.told(entry.spec, entry.value)} ({entry.provenance})" if differs else "",
        "default": body_rules.told(entry.spec, entry.spec.default),
    }


def _in_words(entry: RuleValue) -> list[str]:
    """A rule's value as read on the page, by lines: deadlines as "14 Tage vor der Sitzung"."""
    if entry.spec in DEADLINE_SETTINGS.values():
        days = text.counted(abs(entry.value), "Tag", "Tage")
        if entry.spec is DEADLINE_SETTINGS[DeadlineKind.OBJECTIONS]:
            return [f"{days} nach dem Versand"]
        return [f"{days} {'vor' if entry.value < 0 else 'nach'} der Sitzung"]
    lines = [line for line in body_rules.told(entry.spec, entry.value).split("\n") if line] or ["nicht gesetzt"]
    return [*lines[:-1], f"{lines[-1]} {entry.spec.unit}".strip()]


def _groups(book: RuleBook) -> list[tuple[str, list[RuleValue]]]:
    found: dict[str, list[RuleValue]] = {}
    for spec in SPECS:
        found.setdefault(spec.group, []).append(book.entry(spec))
    return list(found.items())


def _lines_of_days(session: Session, body_id: int) -> str:
    days = queries.list_closing_days(session, body_id)
    return "\n".join(f"{text.date(day)} {label}" for day, label in days.items())


def _stand_of_rules(book: RuleBook) -> str:
    return strong_etag(repr(sorted(book.stored.items()))).strip('"')


def _stand_of_days(lines: str) -> str:
    return strong_etag(lines).strip('"')


def day_of(typed_day: str) -> tuple[dt.date, str]:
    """The day of the address, today without one; what is no date is today too, with a sentence."""
    if not typed_day.strip():
        return clock.today(), ""
    try:
        day = text.parse_date(typed_day)
    except ValueError:
        return clock.today(), "Bitte geben Sie ein gültiges Datum ein. Gezeigt wird der heutige Stand."
    return day, ""


def _has_former(view: SeatView, on: dt.date) -> bool:
    return not holds(view.seat, on) or any(not holds(one.membership, on) for one in view.holders)


def _seat(view: SeatView, on: dt.date, *, former: bool = False) -> dict[str, Any]:
    """A seat with its people by kind: those of the day, or in a former row those who are not."""
    whole = former and not holds(view.seat, on)
    people = [one for one in view.holders if whole or holds(one.membership, on) is not former]
    return {
        "view": view,
        "seat": view.seat,
        "people": {kind: [one for one in people if one.membership.kind is kind] for kind in MembershipKind},
        "over": not holds(view.seat, on),
    }
