"""Topic registration (TOP-Anmeldung): what one registered and what became of it, and the secretariat's view of all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Registration, RegistrationState
from app.agenda.queries import ProjectLine
from app.agenda.queries import registrations as found
from app.agenda.rules import registrations as rules
from app.agenda.rules import words
from app.agenda.rules.codes import codes_of_projects
from app.agenda.schemas.wishes import ConsentIn, DeclineIn, RegistrationChange, RegistrationIn
from app.agenda.service import registrations as service
from app.agenda.service.paper_holders import RegistrationPapers
from app.bodies.queries import steered_periods
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.visibility import Matter, reads
from app.web.forms import Form, read_form, typed, typed_number
from app.web.history import history_of, reads_history
from app.web.papers.topic_papers import section_of
from app.web.respond import done, page
from app.web.tables import Column, Kind, download
from app.web.texts import differing_texts, writing
from app.web.topics.topic_forms import choices, read_with_projects

router = APIRouter()

STATES: Mapping[str, RegistrationState | None] = {
    "": None,
    "eingegangen": RegistrationState.RECEIVED,
    "vorgesehen": RegistrationState.PLANNED,
    "nicht-vorgesehen": RegistrationState.DECLINED,
    "zurueckgezogen": RegistrationState.WITHDRAWN,
}
TEXTS = {"title": "Titel", "presenter": "Berichterstattung", **service.LABELS}
CLEARABLE = ("title", "presenter", "occasion", "proposed_decision", "urgency")


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """A registered topic as its reader may know it. ``place``: "18. Sitzung am 12.05.2026, TOP 4.1", the number only
    after the release. ``note``: what it waits for, or the answer. ``papers``: whether announced ones are there.
    """

    id: int
    title: str
    body: str
    by: str
    wanted: str
    registered_on: dt.date
    state: str
    place: str
    note: str
    level: str
    papers: str
    projects: tuple[str, ...]


COLUMNS: list[Column[RegistrationLine]] = [
    Column("Thema", lambda row: row.title, Kind.NAME, link=lambda row: f"/anmeldungen/{row.id}"),
    Column("Gremium", lambda row: row.body),
    Column("Angemeldet von", lambda row: row.by),
    Column("Angemeldet am", lambda row: row.registered_on, Kind.DATE),
    Column("Gewünscht für", lambda row: row.wanted),
    Column("Projekte", lambda row: ", ".join(row.projects)),
    Column("Stand", lambda row: row.state),
    Column("Tagesordnung", lambda row: row.place),
    Column("Unterlagen", lambda row: row.papers),
    Column("Hinweis", lambda row: row.note),
]


@router.get("/anmeldungen")
def show_registrations(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", stand: str = ""
) -> Response:
    """What one registered, latest first; for secretariat and chair everything of their bodies."""
    lines = registration_lines(session, actor, gremium=gremium, stand=stand)
    bodies = list(found.eligible_bodies(session, actor).items())
    return page(
        request,
        actor,
        "registrations/list.html",
        title="Anmeldungen",
        lines=lines,
        columns=COLUMNS,
        bodies=bodies,
        gremium=gremium,
        stand=stand,
        states=[(key, rules.STATE_WORDS[state]) for key, state in STATES.items() if state is not None],
    )


@router.get("/anmeldungen.csv")
@router.get("/anmeldungen.xlsx")
def download_registrations(
    request: Request, database: CurrentDatabase, actor: CurrentActor, gremium: str = "", stand: str = ""
) -> Response:
    """The filtered list as a file."""
    with database.read() as session:
        lines = registration_lines(session, actor, gremium=gremium, stand=stand)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, lines, title="Anmeldungen", name="anmeldungen")


@router.get("/anmeldungen/neu")
def new_registration(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", sitzung: str = ""
) -> Response:
    """The form; the meeting chosen is the next whose deadline is open."""
    return _form_page(request, session, actor, Form({"body": gremium, "meeting": sitzung or None}))


@router.post("/anmeldungen")
def register(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """Register a topic."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body_id = _body(session, actor, values.get("body", ""))
            if body_id is None:
                raise Invalid({"body": "Bitte wählen Sie ein Gremium."})
            wish = _read(session, actor, RegistrationIn, {**values, "body": body_id}, body_id)
            registration_id = ident(service.register_topic(session, actor, wish))
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _form_page(request, session, actor, _form(values, error), status=error.status)
    return done(request, f"/anmeldungen/{registration_id}", "Ihr Thema ist angemeldet.")


@router.get("/anmeldungen/{registration_id}")
def show_registration(request: Request, registration_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One registered topic and where it stands."""
    return _page(request, session, actor, found.get_registration(session, actor, registration_id))


@router.post("/anmeldungen/{registration_id}")
def change(
    request: Request, registration_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Change a topic while it is eingegangen."""
    values = typed(submitted)
    try:
        with database.write() as session:
            registration = found.lock_registration(session, actor, registration_id)
            _require_side(actor, registration)
            fields = {name: value for name, value in values.items() if name != "version"}
            wish = _read(session, actor, RegistrationChange, fields, registration.body_id)
            version = typed_number(values.get("version", ""))
            service.change_registration(session, actor, registration, wish, base_version=version)
    except (Invalid, Refused, Stale) as error:
        return _again(request, database, actor, registration_id, error, values=values)
    return done(request, f"/anmeldungen/{registration_id}", "Die Anmeldung ist gespeichert.")


@router.post("/anmeldungen/{registration_id}/zurueckziehen")
def withdraw(request: Request, registration_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Take a topic back."""
    with database.write() as session:
        registration = found.lock_registration(session, actor, registration_id)
        service.withdraw_registration(session, actor, registration)
    return done(request, f"/anmeldungen/{registration_id}", "Die Anmeldung ist zurückgezogen.")


@router.post("/anmeldungen/{registration_id}/einverstaendnis")
def consent(
    request: Request, registration_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Keep the chair's consent to a late topic."""
    values = typed(submitted)
    try:
        with database.write() as session:
            registration = found.lock_registration(session, actor, registration_id)
            if not rules.may_consent(actor, registration):
                raise Forbidden()
            service.record_consent(session, actor, registration, read_form(ConsentIn, values))
    except (Invalid, Refused) as error:
        return _again(request, database, actor, registration_id, error, consent=values)
    return done(request, f"/anmeldungen/{registration_id}", "Das Einverständnis ist festgehalten.")


@router.post("/anmeldungen/{registration_id}/ablehnen")
def decline(
    request: Request, registration_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Do not take a topic up: it goes into the backlog, and the registrant is told why."""
    values = typed(submitted)
    try:
        with database.write() as session:
            registration = found.lock_registration(session, actor, registration_id)
            if not rules.runs(actor, registration):
                raise Forbidden()
            service.decline_registration(session, actor, registration, read_form(DeclineIn, values))
    except (Invalid, Refused) as error:
        return _again(request, database, actor, registration_id, error, decline=values)
    return done(request, f"/anmeldungen/{registration_id}", "Das Thema liegt im Themenspeicher.")


def registration_lines(session: Session, actor: Actor, *, gremium: str = "", stand: str = "") -> list[RegistrationLine]:
    """The filtered readable topics; NotFound for people who neither register nor read any."""
    bodies = found.eligible_bodies(session, actor)
    if not rules.may_register(actor) or stand not in STATES:
        raise NotFound()
    if gremium and typed_number(gremium) not in bodies:
        raise NotFound()
    rows = found.list_registrations(
        session, actor, body_id=typed_number(gremium) if gremium else None, state=STATES[stand]
    )
    return lines_of(session, actor, rows)


def lines_of(session: Session, actor: Actor, rows: Sequence[Registration]) -> list[RegistrationLine]:
    """Registered topics as the actor may know them; a fixed number of queries."""
    ids = [ident(one) for one in rows]
    places = found.places_of_registrations(session, ids)
    wanted = {one.meeting_id for one in rows if one.meeting_id is not None}
    known = found.meetings_by_id(session, actor, wanted | {ident(meeting) for meeting, _ in places.values()})
    closes = found.registration_deadlines(session, wanted)
    links = found.projects_of_registrations(session, ids)
    codes = queries.project_lines(
        session, ids={link.project_id for there in links.values() for link in there}, on=clock.today()
    )
    names = queries.names_of_bodies(session, {one.body_id for one in rows})
    there = found.with_papers(session, ids)
    return [
        RegistrationLine(
            id=ident(one),
            title=one.title,
            body=names[one.body_id],
            by=one.by,
            wanted=life.label_with_date(known[one.meeting_id]) if one.meeting_id in known else "nächste Sitzung",
            registered_on=one.registered_at.astimezone(clock.BERLIN).date(),
            state=state_words(one, places.get(ident(one))),
            place=_place(known, places.get(ident(one))),
            note=_note(one, places.get(ident(one)), closes.get(one.meeting_id or 0)),
            level=words.LEVEL_WORDS[one.level],
            papers=_papers(actor, one, ident(one) in there),
            projects=tuple(codes[link.project_id].code for link in links.get(ident(one), ())),
        )
        for one in rows
    ]


def state_words(registration: Registration, place: tuple[Meeting, AgendaItem] | None) -> str:
    """eingegangen, vorgesehen, nicht vorgesehen, zurückgezogen; after a cancelled meeting it is eingegangen again."""
    if registration.state is RegistrationState.PLANNED and place and place[0].state is MeetingState.CANCELLED:
        return rules.STATE_WORDS[RegistrationState.RECEIVED]
    return rules.STATE_WORDS[registration.state]


def _place(known: Mapping[int, Meeting], place: tuple[Meeting, AgendaItem] | None) -> str:
    """The agenda that took the topic up, where the reader may know the meeting; its number only after the release."""
    if place is None or ident(place[0]) not in known:
        return ""
    meeting, item = place
    label = life.label_with_date(meeting)
    return f"{label}, TOP {item.number}" if item.number else label


def _papers(actor: Actor, registration: Registration, there: bool) -> str:
    """liegen vor, folgen bis …; the secretariat reads that announced ones are missing.

    Whoever registered the topic is told nothing of the papers that lie at the item.
    """
    if there and (registration.item_id is None or reads(actor, Matter.DRAFT, registration.body_id)):
        return "liegen vor"
    if not registration.papers_follow or registration.papers_on is None:
        return ""
    until = f"bis {text.date(registration.papers_on)}"
    if rules.waits_for_papers(registration) and rules.runs(actor, registration):
        return f"fehlen noch, angekündigt {until}"
    return f"folgen {until}"


def _note(registration: Registration, place: tuple[Meeting, AgendaItem] | None, closes_on: dt.date | None) -> str:
    if registration.state is RegistrationState.DECLINED:
        return registration.answer
    if registration.state is RegistrationState.PLANNED and place and place[0].state is MeetingState.CANCELLED:
        return "Die Sitzung ist abgesagt; das Thema kommt für die nächste wieder."
    if registration.state is not RegistrationState.RECEIVED or not rules.is_late(registration.chosen_at, closes_on):
        return ""
    if registration.consent_by:
        return "nach Anmeldeschluss, mit Einverständnis des Vorsitzes"
    return "nach Anmeldeschluss: Ohne Einverständnis des Vorsitzes wartet das Thema auf die nächste Sitzung."


def _body(session: Session, actor: Actor, typed_body: str) -> int | None:
    """The body that was chosen; the only one where there is no choice; None where nothing fits."""
    if not rules.may_register(actor):
        raise NotFound()
    bodies = found.eligible_bodies(session, actor)
    chosen = typed_number(typed_body)
    if chosen in bodies:
        return chosen
    return next(iter(bodies)) if len(bodies) == 1 and not typed_body else None


def _read(session: Session, actor: Actor, shape: Any, values: Mapping[str, Any], body_id: int) -> Any:
    """The typed fields; a choice left empty is a wish for "none", an unchecked box for "no"."""
    given: dict[str, Any] = dict(values)
    given["papers_follow"] = given.get("papers_follow") == "1"
    for name in ("meeting", "seat", "papers_on", "minutes"):
        if given.get(name) == "":
            given[name] = None
    if shape is RegistrationChange:
        given.pop("seat", None)
        given.pop("body", None)
    if not reads(actor, Matter.INTERNAL, body_id) and "projects" in given:
        given["projects"] = _led_projects(session, actor, str(given["projects"]))
        return read_form(shape, given, keep_empty=CLEARABLE)
    return read_with_projects(session, shape, given, body_id, keep_empty=CLEARABLE)


def _led_projects(session: Session, actor: Actor, codes: str) -> list[int]:
    """Project leads name the projects that they lead; others they do not know."""
    led = queries.project_lines(session, ids=actor.lead_project_ids, on=clock.today())
    by_code = {text.fold(one.code): one.id for one in led.values()}
    wanted = [text.one_line(one) for one in codes.replace(";", ",").split(",") if one.strip()]
    wrong = [one for one in wanted if text.fold(one) not in by_code]
    if wrong:
        raise Invalid({"projects": f"„{wrong[0]}“ ist kein Projekt, das Sie leiten."})
    return [by_code[text.fold(one)] for one in wanted]


def _require_side(actor: Actor, registration: Registration) -> None:
    if not rules.is_own(actor, registration) and not rules.runs(actor, registration):
        raise Forbidden()


def _form(values: Mapping[str, Any], error: SkipError) -> Form:
    return Form(values, error.by_field)


def _choices(session: Session, actor: Actor, body_id: int) -> dict[str, Any]:
    meetings = found.list_wanted_meetings(session, actor, body_id)
    led = queries.project_lines(session, ids=actor.lead_project_ids, on=clock.today()) if actor.lead_project_ids else {}
    inside = reads(actor, Matter.INTERNAL, body_id)
    return {
        "meetings": [(ident(one), _meeting_words(one, closes_on)) for one, closes_on in meetings],
        "seats": found.seats_for(session, actor, body_id, clock.today()),
        "known": queries.known_projects(session, steered_periods(session, body_id)) if inside else [],
        "led": sorted(led.values(), key=lambda one: text.number_key(one.code)),
        **choices(session, body_id),
    }


def _meeting_words(meeting: Meeting, closes_on: dt.date | None) -> str:
    label = life.label_with_date(meeting)
    if closes_on is None:
        return label
    if rules.is_late(clock.now(), closes_on):
        return f"{label} (Anmeldeschluss {text.date(closes_on)} vorbei: nur mit Eilbedarf)"
    return f"{label} (Anmeldeschluss {text.date(closes_on)})"


def _form_page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    if not rules.may_register(actor):
        raise NotFound()
    bodies = found.eligible_bodies(session, actor)
    body_id = _body(session, actor, str(form.value("body"))) or next(iter(bodies), None)
    if body_id is None:
        raise NotFound()
    values = dict(form.values)
    if not form.errors and values.get("meeting") is None:
        default = service.default_meeting(session, actor, body_id)
        values["meeting"] = default.id if default else ""
    values["body"] = body_id
    return page(
        request,
        actor,
        "registrations/new.html",
        title="Thema anmelden",
        status=status,
        crumbs=(("Anmeldungen", "/anmeldungen"), ("Thema anmelden", None)),
        form=Form(values, form.errors),
        bodies=list(bodies.items()),
        **_choices(session, actor, body_id),
    )


def _again(
    request: Request,
    database: Any,
    actor: Actor,
    registration_id: int,
    error: SkipError,
    *,
    values: Mapping[str, str] | None = None,
    consent: Mapping[str, str] | None = None,
    decline: Mapping[str, str] | None = None,
) -> Response:
    with database.read() as session:
        registration = found.get_registration(session, actor, registration_id)
        return _page(
            request,
            session,
            actor,
            registration,
            values=values,
            error=error,
            consent_form=_form(consent, error) if consent is not None else None,
            decline_form=_form(decline, error) if decline is not None else None,
        )


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    registration: Registration,
    *,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
    consent_form: Form | None = None,
    decline_form: Form | None = None,
) -> Response:
    stale = isinstance(error, Stale)
    mine = values is not None
    fields = error.by_field if error and not stale else {}
    stored = {name: getattr(registration, name) for name in (*service.TEXTS, "papers_follow", "papers_on", "urgency")}
    links = found.projects_of_registrations(session, [ident(registration)]).get(ident(registration), [])
    lines = queries.project_lines(session, ids={link.project_id for link in links}, on=clock.today())
    projects: list[ProjectLine] = [lines[link.project_id] for link in links]
    options = _choices(session, actor, registration.body_id)
    known = options["known"]
    stored["projects"] = (
        codes_of_projects([one.id for one in projects], known, clock.today())
        if known
        else ", ".join(one.code for one in projects)
    )
    stored["meeting"] = registration.meeting_id if registration.meeting_id else ""
    received = registration.state is RegistrationState.RECEIVED
    runs = rules.runs(actor, registration)
    late = service.is_late(session, registration)
    shows_history = reads_history(actor, registration.body_id) and runs
    return page(
        request,
        actor,
        "registrations/show.html",
        title=registration.title,
        status=error.status if error else 200,
        crumbs=(("Anmeldungen", "/anmeldungen"), (registration.title, None)),
        registration=registration,
        line=lines_of(session, actor, [registration])[0],
        kind_word=words.KIND_WORDS[registration.kind],
        section_word=dict(options["sections"]).get(registration.section.value, registration.section.value),
        projects=projects,
        late=late,
        may_change=received and (runs or rules.is_own(actor, registration)),
        may_decline=received and runs,
        may_consent=received and late and rules.may_consent(actor, registration),
        drafts=reads(actor, Matter.DRAFT, registration.body_id),
        ways=[(way, way) for way in words.APPROVAL_WAYS],
        form=Form(shown := {**stored, **(values or {})}, fields if mine else {}),
        form_open=mine,
        stale=error.sentence if stale and error else "",
        differences=differing_texts(TEXTS, shown, stored) if stale else [],
        here=(address := f"/anmeldungen/{registration.id}"),
        writing=writing(
            session,
            actor,
            service.registration_desk(session, actor, registration),
            address,
            may_write=received and (runs or rules.is_own(actor, registration)),
            typed=mine,
            error=error if mine else None,
        ),
        consent_form=consent_form or Form(),
        decline_form=decline_form or Form(),
        shows_history=shows_history,
        **section_of(RegistrationPapers(session, actor, registration)),
        lines=history_of(session, actor, "registration", ident(registration)) if shows_history else [],
        **{key: value for key, value in options.items() if key != "seats"},
    )
