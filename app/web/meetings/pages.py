"""Meetings: the list, planning, and what changes a meeting as a whole (announce, move, cancel, open)."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.agenda.queries import ids_below
from app.agenda.service.supplements import Unreleased, open_meeting
from app.bodies import rules as body_rules
from app.bodies.queries import list_bodies, list_closing_days, load_bodies, load_rules
from app.calendars.feed import strong_etag
from app.calendars.rules import deadline_kinds
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings import queries, service
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.meetings.rules.deadlines import CountedMeeting, holiday_warning, twice_a_year_hint
from app.meetings.rules.life import PREPARING
from app.meetings.rules.settings import offsets
from app.meetings.schemas import CancelIn, Deadline, MeetingChange, MeetingIn, MoveIn
from app.minutes.queries import ids_of_results
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.agenda.supplements import supplement_page
from app.web.forms import Form, read_form, seen_version, typed
from app.web.history import history_of
from app.web.meetings.meeting_frame import HISTORY, address_of, lock_run, meeting_page, rights_of, state_word
from app.web.people.bodies import NEW_BODY, lacks_body
from app.web.respond import done, page
from app.web.tables import Column, Kind, download
from app.web.texts import differing_texts, writing

router = APIRouter()

PAST_AT_ONCE = 50
HISTORY_LINES = 500
DETAILS = ("number", "main_topic", "length_minutes", "entry_details", "special", "without_status")
FIELDS = {"starts_at": "on", "ends_at": "to"}
OVERTAKEN = (
    "Inzwischen hat jemand diese Angaben geändert. Ihre Eingaben stehen noch im Formular; "
    "speichern Sie noch einmal, wenn sie gelten sollen."
)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in the list. ``deadline`` is the next one that concerns the reader, "" if there is none."""

    id: int
    label: str
    body: str
    day: dt.date
    when: str
    place: str
    main_topic: str
    state: str
    deadline: str


COLUMNS: list[Column[MeetingLine]] = [
    Column(
        "Sitzung",
        lambda row: row.label,
        Kind.NAME,
        link=lambda row: f"/sitzungen/{row.id}",
        sub=lambda row: row.main_topic,
    ),
    Column("Gremium", lambda row: row.body),
    Column("Datum", lambda row: row.day, Kind.DATE),
    Column("Zeit", lambda row: row.when, Kind.CODE),
    Column("Ort", lambda row: row.place),
    Column("Stand", lambda row: row.state),
    Column("Nächste Frist", lambda row: row.deadline),
]


# --- the list ---------------------------------------------------------------------------------------------------------


@router.get("/sitzungen")
def show_meetings(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", vor: str = ""
) -> Response:
    """Coming meetings first, then past ones, newest first; ``vor`` (a meeting's id) continues the past ones."""
    bodies = list_bodies(session, actor)
    body_id = _chosen(gremium, {ident(body) for body in bodies})
    older_than = queries.get_meeting(session, actor, _number(vor)) if vor else None
    coming = [] if older_than else _coming(session, actor, body_id)
    before = (older_than.starts_at, ident(older_than)) if older_than else (clock.now(), 0)
    past = [
        one
        for one in queries.list_meetings(session, actor, body_id=body_id, before=before, limit=PAST_AT_ONCE + 1)
        if one not in coming
    ]
    onward = f"/sitzungen?gremium={gremium}&vor={past[PAST_AT_ONCE - 1].id}" if len(past) > PAST_AT_ONCE else None
    return page(
        request,
        actor,
        "meetings/list.html",
        title="Sitzungen",
        bodies=[(ident(body), body.short_name) for body in bodies],
        body_id=body_id,
        columns=[column for column in COLUMNS if column.label != "Gremium" or len(bodies) > 1],
        without_deadline=[column for column in COLUMNS[:-1] if column.label != "Gremium" or len(bodies) > 1],
        coming=meeting_lines(session, actor, coming),
        past=meeting_lines(session, actor, past[:PAST_AT_ONCE]),
        first_page=older_than is None,
        onward=onward,
        hints=_hints(session, actor, body_id),
        may_plan=actor.is_secretariat,
    )


@router.get("/sitzungen.csv")
@router.get("/sitzungen.xlsx")
def download_meetings(request: Request, database: CurrentDatabase, actor: CurrentActor, gremium: str = "") -> Response:
    """All readable meetings as a file, newest first."""
    with database.read() as session:
        body_id = _chosen(gremium, {ident(body) for body in list_bodies(session, actor)})
        lines = meeting_lines(session, actor, queries.list_meetings(session, actor, body_id=body_id))
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, lines, title="Sitzungen", name="sitzungen")


def meeting_lines(session: Session, actor: Actor, meetings: Sequence[Meeting]) -> list[MeetingLine]:
    """The meetings as lists show them; two queries, whatever their number."""
    bodies = load_bodies(session)
    deadlines = queries.list_deadlines(session, [ident(one) for one in meetings])
    return [
        MeetingLine(
            id=ident(one),
            label=life.label(one),
            body=bodies[one.body_id].short_name,
            day=life.day_of(one),
            when=text.span(one.starts_at, one.ends_at),
            place=one.place,
            main_topic=one.main_topic if life.reads_draft(actor, one) else "",
            state=state_word(actor, one),
            deadline=_next_deadline(actor, one, deadlines[ident(one)]),
        )
        for one in meetings
    ]


def _coming(session: Session, actor: Actor, body_id: int | None) -> list[Meeting]:
    """Meetings that have not ended or are still being led through their states, the next one first."""
    found = queries.list_meetings(session, actor, body_id=body_id, since=clock.now() - dt.timedelta(days=2))
    return [one for one in reversed(found) if one.ends_at >= clock.now() and one.state is not MeetingState.HELD]


def _next_deadline(actor: Actor, meeting: Meeting, deadlines: Sequence[Deadline]) -> str:
    if meeting.state not in (*PREPARING, MeetingState.RELEASED) or meeting.entered_afterwards:
        return ""
    kinds = deadline_kinds(actor, meeting.body_id)
    waiting = [one for one in deadlines if one.kind in kinds and not one.passed and not one.kept]
    upcoming = min(waiting, key=lambda one: one.due_on, default=None)
    return f"{text.date(upcoming.due_on)} {upcoming.title}" if upcoming else ""


def _hints(session: Session, actor: Actor, body_id: int | None) -> list[dict[str, str]]:
    """For the secretariat: the bodies that meet less often this year than they want to (domain §5)."""
    today = clock.today()
    hints = []
    for body in list_bodies(session, actor):
        if not actor.has(Role.SECRETARIAT, body.id) or body_id not in (None, body.id):
            continue
        book = load_rules(session, ident(body))
        begin = dt.datetime(today.year, 1, 1, tzinfo=clock.BERLIN)
        meetings = queries.list_meetings(session, actor, body_id=body.id, since=begin)
        hint = twice_a_year_hint(
            today.year,
            [CountedMeeting(life.day_of(one), one.state is MeetingState.CANCELLED, one.special) for one in meetings],
            offsets(book),
            wanted=book[body_rules.PER_YEAR],
            today=today,
            closing_days=tuple(list_closing_days(session, ident(body))),
        )
        if hint:
            hints.append({"kind": "note", "text": f"{body.short_name}: {hint}"})
    return hints


# --- planning ---------------------------------------------------------------------------------------------------------


@router.get("/sitzungen/neu")
def new_meeting(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The form for a new meeting; where there is no body yet, first the form for one."""
    if lacks_body(session, actor):
        return done(request, NEW_BODY, "Legen Sie zuerst das Gremium an, das tagen soll.")
    return _new_page(request, session, actor, Form({"from": "10:00", "to": "12:00"}))


@router.post("/sitzungen")
def create_meeting(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """Plan a meeting; one in the past is entered afterwards."""
    values = typed(submitted)
    try:
        starts_at, ends_at = read_span(values)
        with database.write() as session:
            bodies = _run_bodies(session, actor)
            values = {"body": str(bodies[0][0]) if len(bodies) == 1 else "", **values}
            wish = {
                "body": values["body"],
                "starts_at": starts_at,
                "ends_at": ends_at,
                **{name: values.get(name, "") for name in ("place", *DETAILS)},
            }
            meeting = service.plan_meeting(session, actor, read_form(MeetingIn, wish))
            address, said = address_of(meeting), _planned(meeting)
    except Invalid as error:
        with database.read() as session:
            return _new_page(request, session, actor, Form(values, renamed(error.fields)), status=422)
    return done(request, address, said)


def _planned(meeting: Meeting) -> str:
    said = f"Die {life.label_with_date(meeting)} ist geplant."
    if meeting.entered_afterwards:
        said = f"Die {life.label_with_date(meeting)} ist angelegt und wird nacherfasst."
    warning = holiday_warning(life.day_of(meeting))
    return f"{said} Bitte prüfen: {warning}." if warning else said


def _new_page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    bodies = _run_bodies(session, actor)
    return page(
        request,
        actor,
        "meetings/new.html",
        title="Sitzung planen",
        crumbs=(("Sitzungen", "/sitzungen"), ("Sitzung planen", None)),
        status=status,
        form=form,
        bodies=bodies,
    )


def _run_bodies(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The bodies whose secretariat the actor is; Forbidden if there is none."""
    found = [
        (ident(body), body.short_name)
        for body in list_bodies(session, actor)
        if body_rules.may_change(actor, ident(body))
    ]
    if not found:
        raise Forbidden()
    return found


def read_span(values: Mapping[str, Any]) -> tuple[dt.datetime, dt.datetime]:
    """Beginning and end from the fields ``on``, ``from`` and ``to``, in Berlin; Invalid at the field that is wrong."""
    errors: dict[str, str] = {}
    day, first, last = None, _clock_time(values.get("from", "")), _clock_time(values.get("to", ""))
    try:
        day = text.parse_date(str(values.get("on", "")))
    except ValueError:
        errors["on"] = "Bitte geben Sie ein Datum ein, zum Beispiel 12.05.2026."
    if day is not None and not life.FIRST_YEAR <= day.year <= life.LAST_YEAR:
        errors["on"] = f"Bitte prüfen Sie das Jahr: Möglich ist {life.FIRST_YEAR} bis {life.LAST_YEAR}."
    for name, found in (("from", first), ("to", last)):
        if found is None:
            errors[name] = "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."
    if errors or day is None or first is None or last is None:
        raise Invalid(errors)
    return _moment(day, first, "from"), _moment(day, last, "to")


def _moment(day: dt.date, at: dt.time, name: str) -> dt.datetime:
    """A moment in Berlin; Invalid for one that the change to summer time leaves out."""
    moment = dt.datetime.combine(day, at, clock.BERLIN)
    if moment.astimezone(dt.UTC).astimezone(clock.BERLIN).time() != at:
        raise Invalid({name: f"Am {text.date(day)} springt die Uhr von 2 auf 3: {at:%H:%M} Uhr gibt es nicht."})
    return moment


def _clock_time(typed_time: str) -> dt.time | None:
    found = re.fullmatch(r"\s*(\d{1,2})(?:[:.](\d{2}))?(?::00)?\s*(?:Uhr)?\s*", typed_time)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return dt.time(int(found[1]), int(found[2] or 0))


def renamed(fields: Mapping[str, str]) -> dict[str, str]:
    """Errors of the domain's fields at the fields of the form."""
    return {FIELDS.get(name, name): sentence for name, sentence in fields.items()}


# --- one meeting as a whole -------------------------------------------------------------------------------------------


@router.get("/sitzungen/{meeting_id}/bearbeiten")
def edit_meeting(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The forms for details, another date, and cancelling."""
    meeting = queries.get_meeting(session, actor, meeting_id)
    return _edit_page(request, session, actor, meeting, {})


@router.post("/sitzungen/{meeting_id}/bearbeiten")
def update_meeting(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Number, main topic, length and kind."""
    values = typed(submitted)
    given = {name: values.get(name, "") for name in ("main_topic", "length_minutes", "entry_details")}
    given |= {name: values.get(name, "0") for name in ("special", "without_status")}
    number = {"number": values["number"] or None} if "number" in values else {}

    def act(session: Session, meeting: Meeting) -> str:
        service.change_meeting(
            session,
            actor,
            meeting,
            read_form(MeetingChange, {**given, **number}, keep_empty=tuple(given)),
            seen_entry=seen_version(values),
        )
        return "Die Angaben sind gespeichert."

    return _change(request, meeting_id, database, actor, values, act)


@router.post("/sitzungen/{meeting_id}/verlegen")
def move_meeting(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Another date, time or place."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        starts_at, ends_at = read_span(values)
        wish = {"starts_at": starts_at, "ends_at": ends_at, "place": values.get("place", "")}
        service.move_meeting(session, actor, meeting, read_form(MoveIn, wish, keep_empty=("place",)))
        warning = holiday_warning(life.day_of(meeting))
        said = f"Die Sitzung ist verlegt: {text.weekday_date(life.day_of(meeting))}. Die Fristen sind neu berechnet."
        return f"{said} Bitte prüfen: {warning}." if warning else said

    return _change(request, meeting_id, database, actor, values, act)


@router.post("/sitzungen/{meeting_id}/absagen")
def cancel_meeting(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """The meeting does not take place."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        if not values.get("reason", "").strip():
            raise Invalid({"reason": "Bitte geben Sie einen Grund an."})
        service.cancel_meeting(session, actor, meeting, read_form(CancelIn, {"reason": values["reason"]}))
        return "Die Sitzung ist abgesagt. Sie bleibt sichtbar; ihre Punkte kommen als Vorschläge wieder."

    return _change(request, meeting_id, database, actor, values, act)


@router.post("/sitzungen/{meeting_id}/ankuendigen")
def announce_meeting(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Terminvormerkung: members see date and place."""
    with database.write() as session:
        meeting = lock_run(session, actor, meeting_id)
        service.announce_meeting(session, actor, meeting)
        address = address_of(meeting)
    return done(request, address, "Der Termin ist angekündigt: Die Mitglieder sehen Datum und Ort.")


@router.post("/sitzungen/{meeting_id}/eroeffnen")
def start_meeting(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The meeting is opened; outcomes are recorded from now on. What waits for a supplement is shown instead."""
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            open_meeting(session, actor, meeting)
            address = address_of(meeting)
    except Unreleased as error:
        with database.read() as session:
            meeting = queries.get_meeting(session, actor, meeting_id)
            return supplement_page(request, session, actor, meeting, said=error.sentence, status=error.status)
    return done(request, f"{address}/protokoll", "Die Sitzung ist eröffnet.")


@router.get("/sitzungen/{meeting_id}/verlauf")
def show_meeting_history(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Who did what with this meeting."""
    meeting = queries.get_meeting(session, actor, meeting_id)
    if not rights_of(actor, meeting).history:
        raise NotFound()
    also = {**ids_below(session, meeting_id), **ids_of_results(session, meeting_id)}
    lines = history_of(session, actor, "meeting", meeting_id, also=also, limit=HISTORY_LINES)
    return meeting_page(request, session, actor, meeting, "meetings/history.html", tab=HISTORY, lines=lines)


def _change(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: Actor, values: dict[str, str], act: Any
) -> Response:
    """Do *act* with the locked meeting; what does not hold is shown at the form, with everything typed kept."""
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            if values.get("stand") not in (None, stand_of(meeting)):
                raise Invalid({"": OVERTAKEN})
            said = act(session, meeting)
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting = queries.get_meeting(session, actor, meeting_id)
            return _edit_page(request, session, actor, meeting, values, error)
    return done(request, address, said)


def stand_of(meeting: Meeting) -> str:
    """A mark of what the forms of this page change, but for the Einlass, which has versions of its own."""
    return strong_etag(
        repr([getattr(meeting, name) for name in service.SHOWN if name not in ("state", "entry_details")])
    ).strip('"')


def _edit_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    values: Mapping[str, str],
    error: SkipError | None = None,
) -> Response:
    if not life.may_run(actor, meeting):
        raise Forbidden()
    desk = service.entry_desk(session, actor, meeting)
    starts_at, ends_at = (one.astimezone(clock.BERLIN) for one in (meeting.starts_at, meeting.ends_at))
    stored = {
        **{name: getattr(meeting, name) for name in DETAILS},
        "on": starts_at.date(),
        "from": f"{starts_at:%H:%M}",
        "to": f"{ends_at:%H:%M}",
        "place": meeting.place,
    }
    stale = isinstance(error, Stale)
    fields = error.by_field if error and not stale else {}
    sent = {**{name: "" for name in ("special", "without_status") if "main_topic" in values}, **values}
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "meetings/edit.html",
        title="Sitzung bearbeiten",
        status=(412 if OVERTAKEN in fields.values() else error.status) if error else 200,
        form=Form(shown := {**stored, **sent}, renamed(fields)),
        stale=error.sentence if stale and error else "",
        differences=differing_texts(desk.holder.labels, shown, stored) if stale else [],
        here=(address := f"{address_of(meeting)}/bearbeiten"),
        writing=writing(
            session,
            actor,
            desk,
            address,
            may_write=meeting.state in PREPARING,
            typed="entry_details" in values,
            error=error,
        ),
        stand=stand_of(meeting),
        stored=stored,
        overtaken=OVERTAKEN in fields.values(),
        details_open=meeting.state in PREPARING,
    )


def _chosen(gremium: str, known: set[int]) -> int | None:
    if not gremium:
        return None
    found = _number(gremium)
    if found not in known:
        raise NotFound()
    return found


def _number(typed_number: str) -> int:
    if not typed_number.isdecimal() or len(typed_number) > 12:
        raise NotFound()
    return int(typed_number)
