"""The topic backlog (Themenspeicher): its list, one entry with all it holds, and what the secretariat does with it."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.agenda import queries
from app.agenda.models import Topic, TopicState
from app.agenda.queries import ProjectLine
from app.agenda.queries.registrations import registrations_of_topic
from app.agenda.rules import words
from app.agenda.rules.codes import codes_of_projects
from app.agenda.schemas.wishes import CloseTopicIn, OtherMeetingIn, TopicChange, TopicIn
from app.agenda.service import topics as service
from app.agenda.service.paper_holders import TopicPapers
from app.bodies.queries import list_bodies, list_sections, steered_periods
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import list_meetings, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.visibility import Matter, body_ids
from app.web.agenda.joining import coming_meetings
from app.web.forms import Form, read_form, typed, typed_number
from app.web.history import history_of, reads_history
from app.web.papers.topic_papers import section_of
from app.web.respond import done, page
from app.web.tables import Column, Kind, download
from app.web.topics.topic_forms import choices, read_with_projects

router = APIRouter()

DUE = "faellig"
STATES: Mapping[str, tuple[str, TopicState | None]] = {
    "": ("offen", TopicState.OPEN),
    DUE: ("fällig", TopicState.OPEN),
    "verwendet": (words.TOPIC_WORDS[TopicState.USED], TopicState.USED),
    "erledigt": (words.TOPIC_WORDS[TopicState.CLOSED], TopicState.CLOSED),
    "alle": ("alle", None),
}
KEPT = ("title", "minutes", "presenter", "occasion", "proposed_decision", "resume_on")


@dataclass(frozen=True, slots=True)
class TopicLine:
    """An entry of the backlog. ``resume`` None is "nächste Sitzung"; ``due`` whether its time has come; ``place`` the
    agenda that took it up.
    """

    id: int
    title: str
    body: str
    section: str
    why: str
    resume: dt.date | None
    due: bool
    origin: str
    meeting_id: int | None
    stored_on: dt.date
    stored_by: str
    state: str
    place: str
    projects: tuple[ProjectLine, ...]


COLUMNS: list[Column[TopicLine]] = [
    Column("Thema", lambda row: row.title, Kind.NAME),
    Column("Gremium", lambda row: row.body),
    Column("Projekte", lambda row: ", ".join(project.code for project in row.projects)),
    Column("Abschnitt", lambda row: row.section),
    Column("Grund", lambda row: row.why),
    Column("Wiedervorlage", lambda row: text.date(row.resume) if row.resume else "nächste Sitzung"),
    Column("Fällig", lambda row: "ja" if row.due else "nein"),
    Column("Herkunft", lambda row: row.origin),
    Column("Abgelegt am", lambda row: row.stored_on, Kind.DATE),
    Column("Abgelegt von", lambda row: row.stored_by),
    Column("Stand", lambda row: row.state),
    Column("Tagesordnung", lambda row: row.place),
]


@router.get("/themenspeicher")
def show_topics(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", stand: str = "", q: str = ""
) -> Response:
    """The entries, oldest first."""
    lines, bodies = topic_lines(session, actor, gremium=gremium, stand=stand, q=q)
    return page(
        request,
        actor,
        "topics/list.html",
        title="Themenspeicher",
        lines=lines,
        bodies=bodies,
        gremium=gremium,
        stand=stand,
        states=[(key, word) for key, (word, _) in STATES.items() if key],
        q=q,
        may_add=any(actor.has(Role.SECRETARIAT, body_id) for body_id, _ in bodies),
    )


@router.get("/themenspeicher.csv")
@router.get("/themenspeicher.xlsx")
def download_topics(
    request: Request, database: CurrentDatabase, actor: CurrentActor, gremium: str = "", stand: str = "", q: str = ""
) -> Response:
    """The filtered entries as a file."""
    with database.read() as session:
        lines, _ = topic_lines(session, actor, gremium=gremium, stand=stand, q=q)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, lines, title="Themenspeicher", name="themenspeicher")


@router.get("/themenspeicher/neu")
def new_topic(request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "") -> Response:
    """The form of an entry of one's own."""
    return _new_page(request, session, actor, Form({"body": gremium}))


@router.post("/themenspeicher")
def create_topic(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """An entry of one's own."""
    values = typed(submitted)
    try:
        with database.write() as session:
            run = _run_bodies(session, actor)
            body_id = typed_number(values.get("body", "")) or (run[0][0] if len(run) == 1 else 0)
            if body_id not in dict(run):
                raise Invalid({"body": "Bitte wählen Sie ein Gremium."})
            wish = read_with_projects(session, TopicIn, {**values, "body": body_id}, body_id)
            topic_id = ident(service.add_topic(session, actor, wish))
    except Invalid as error:
        with database.read() as session:
            return _new_page(request, session, actor, Form(values, error.fields), status=422)
    return done(request, f"/themenspeicher/{topic_id}", "Der Eintrag ist angelegt.")


@router.get("/themenspeicher/{topic_id}")
def show_topic(request: Request, topic_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One entry: its texts, projects, old reasons, where it came from, what became of it."""
    return _topic_page(request, session, actor, queries.get_topic(session, actor, topic_id))


@router.post("/themenspeicher/{topic_id}")
def update_topic(
    request: Request, topic_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save an entry; whoever was slower sees both texts."""
    values = typed(submitted)
    try:
        with database.write() as session:
            topic = _lock(session, actor, topic_id)
            fields = {name: value for name, value in values.items() if name != "version"}
            wish = read_with_projects(session, TopicChange, _dated(fields), topic.body_id, keep_empty=KEPT[:-1])
            service.change_topic(session, actor, topic, wish, base_version=typed_number(values.get("version", "")))
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            topic = queries.get_topic(session, actor, topic_id)
            return _topic_page(request, session, actor, topic, values, error)
    return done(request, f"/themenspeicher/{topic_id}", "Der Eintrag ist gespeichert.")


@router.post("/themenspeicher/{topic_id}/erledigen")
def close_topic(
    request: Request, topic_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """The entry needs no meeting any more."""
    values = typed(submitted)
    try:
        with database.write() as session:
            topic = _lock(session, actor, topic_id)
            service.close_topic(session, actor, topic, read_form(CloseTopicIn, values))
    except (Invalid, Refused) as error:
        with database.read() as session:
            topic = queries.get_topic(session, actor, topic_id)
            return _topic_page(request, session, actor, topic, close_form=_form(values, error), status=error.status)
    return done(request, f"/themenspeicher/{topic_id}", "Der Eintrag ist als erledigt abgeschlossen.")


@router.post("/themenspeicher/{topic_id}/wieder-oeffnen")
def reopen_topic(request: Request, topic_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """A closed entry waits again."""
    with database.write() as session:
        service.reopen_topic(session, actor, _lock(session, actor, topic_id))
    return done(request, f"/themenspeicher/{topic_id}", "Der Eintrag ist wieder offen.")


@router.post("/themenspeicher/{topic_id}/tagesordnung")
def use_topic(
    request: Request, topic_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Put an entry onto the agenda of a coming meeting."""
    values = typed(submitted)
    try:
        with database.write() as session:
            _require_run(actor, queries.get_topic(session, actor, topic_id))
            meeting = lock_meeting(session, actor, read_form(OtherMeetingIn, values).meeting)
            topic = queries.lock_topic(session, actor, topic_id)
            item = service.use_topic(session, actor, meeting, topic)
            session.flush()
            address = f"/sitzungen/{meeting.id}#top-{item.id}"
            label = life.label_with_date(meeting)
    except (Invalid, Refused) as error:
        with database.read() as session:
            topic = queries.get_topic(session, actor, topic_id)
            return _topic_page(request, session, actor, topic, use_form=_form(values, error), status=error.status)
    return done(request, address, f"Der Eintrag steht auf der Tagesordnung der {label}.")


def topic_lines(
    session: Session, actor: Actor, *, gremium: str = "", stand: str = "", q: str = ""
) -> tuple[list[TopicLine], list[tuple[int, str]]]:
    """The filtered entries and the bodies whose backlog the actor reads; NotFound for people who read none."""
    readable = body_ids(actor, Matter.DRAFT)
    bodies = {
        ident(body): body.short_name for body in list_bodies(session, actor) if readable is None or body.id in readable
    }
    if (readable is not None and not readable) or stand not in STATES or not _known(gremium, bodies):
        raise NotFound()
    body_id = int(gremium) if gremium else None
    topics = queries.list_topics(session, actor, body_id=body_id, state=STATES[stand][1])
    lines = _lines(session, actor, [one for one in topics if _found(q, one)], bodies)
    return [one for one in lines if one.due or stand != DUE], list(bodies.items())


def _known(gremium: str, bodies: Mapping[int, str]) -> bool:
    return not gremium or (gremium.isdecimal() and len(gremium) < 12 and int(gremium) in bodies)


def _found(q: str, topic: Topic) -> bool:
    return text.fold(text.one_line(q)) in text.fold(f"{topic.title} {topic.why}")


def _lines(session: Session, actor: Actor, topics: list[Topic], bodies: Mapping[int, str]) -> list[TopicLine]:
    ids = [ident(one) for one in topics]
    links = queries.projects_of_topics(session, ids)
    wanted = {link.project_id for there in links.values() for link in there}
    projects = queries.project_lines(session, ids=wanted, on=clock.today())
    places = queries.places_of_topics(session, ids)
    meetings: dict[int, Meeting] = {ident(one): one for one in list_meetings(session, actor)} if topics else {}
    titles = {
        (body_id, section.key): section.title for body_id in bodies for section in list_sections(session, body_id)
    }
    return [
        TopicLine(
            id=ident(one),
            title=one.title,
            body=bodies[one.body_id],
            section=titles.get((one.body_id, one.section.value), one.section.value),
            why=one.why,
            resume=one.resume_on,
            due=is_due(one, clock.today()),
            origin=life.label_with_date(meetings[one.from_meeting_id]) if one.from_meeting_id in meetings else "",
            meeting_id=one.from_meeting_id if one.from_meeting_id in meetings else None,
            stored_on=one.created_at.astimezone(clock.BERLIN).date(),
            stored_by=one.created_by,
            state=words.TOPIC_WORDS[one.state],
            place=place_words(places[ident(one)][0]) if ident(one) in places else "",
            projects=tuple(projects[link.project_id] for link in links.get(ident(one), ())),
        )
        for one in topics
    ]


def is_due(topic: Topic, today: dt.date) -> bool:
    """Whether an open entry's Wiedervorlage has come; without a date it is the next meeting's."""
    return topic.state is TopicState.OPEN and (topic.resume_on is None or topic.resume_on <= today)


def place_words(meeting: Meeting) -> str:
    """18. Sitzung am 12.05.2026; of a cancelled one it is said that the item comes back by itself."""
    label = life.label_with_date(meeting)
    if meeting.state is MeetingState.CANCELLED:
        return f"{label} (abgesagt; der Punkt kommt als Vorschlag wieder)"
    return label


def _dated(values: Mapping[str, str]) -> dict[str, Any]:
    """An empty Wiedervorlage is a wish of its own: the next meeting."""
    given: dict[str, Any] = dict(values)
    if given.get("resume_on") == "":
        given["resume_on"] = None
    return given


def _form(values: Mapping[str, str], error: SkipError) -> Form:
    return Form(values, error.by_field)


def _lock(session: Session, actor: Actor, topic_id: int) -> Topic:
    _require_run(actor, queries.get_topic(session, actor, topic_id))
    return queries.lock_topic(session, actor, topic_id)


def _require_run(actor: Actor, topic: Topic) -> None:
    if not actor.has(Role.SECRETARIAT, topic.body_id):
        raise Forbidden()


def _run_bodies(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The bodies whose backlog the actor fills; NotFound for people who read none, Forbidden for mere readers."""
    run = [
        (ident(body), body.short_name)
        for body in list_bodies(session, actor)
        if actor.has(Role.SECRETARIAT, ident(body))
    ]
    if run:
        return run
    if body_ids(actor, Matter.DRAFT) == frozenset():
        raise NotFound()
    raise Forbidden()


def _new_page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    run = _run_bodies(session, actor)
    chosen = typed_number(str(form.value("body")))
    body_id = chosen if chosen in dict(run) else run[0][0]
    return page(
        request,
        actor,
        "topics/new.html",
        title="Eintrag anlegen",
        status=status,
        crumbs=(("Themenspeicher", "/themenspeicher"), ("Eintrag anlegen", None)),
        form=form,
        bodies=run,
        known=queries.known_projects(session, steered_periods(session, body_id)),
        **choices(session, body_id),
    )


def _topic_page(
    request: Request,
    session: Session,
    actor: Actor,
    topic: Topic,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
    *,
    close_form: Form | None = None,
    use_form: Form | None = None,
    status: int = 200,
) -> Response:
    bodies = {ident(body): body.short_name for body in list_bodies(session, actor)}
    known = queries.known_projects(session, steered_periods(session, topic.body_id))
    links = queries.projects_of_topics(session, [ident(topic)]).get(ident(topic), [])
    place = queries.places_of_topics(session, [ident(topic)]).get(ident(topic))
    stored = {name: getattr(topic, name) for name in (*service.TEXTS, "why", "resume_on")}
    stored["projects"] = codes_of_projects([link.project_id for link in links], known, clock.today())
    stale = isinstance(error, Stale)
    fields = error.by_field if error and not stale else {}
    run = actor.has(Role.SECRETARIAT, topic.body_id)
    also = {"proposal": [ident(one) for one in queries.proposals_of_topic(session, ident(topic))]}
    return page(
        request,
        actor,
        "topics/show.html",
        title=topic.title,
        status=error.status if error else status,
        crumbs=(("Themenspeicher", "/themenspeicher"), (topic.title, None)),
        topic=topic,
        line=_lines(session, actor, [topic], bodies)[0],
        kind_word=words.KIND_WORDS[topic.kind],
        level_word=words.LEVEL_WORDS[topic.level],
        reasons=json.loads(topic.reasons),
        registrations=[(one.id, one.by) for one in registrations_of_topic(session, topic)],
        place=place_words(place[0]) if place else "",
        place_address=f"/sitzungen/{place[0].id}#top-{place[1].id}" if place else "",
        may_edit=run and topic.state is TopicState.OPEN,
        may_reopen=run and topic.state is TopicState.CLOSED,
        meetings=coming_meetings(session, actor, topic.body_id) if run else [],
        form=Form({**stored, **(values or {})}, fields),
        form_open=values is not None,
        stale=error.sentence if stale and error else "",
        close_form=close_form or Form(),
        use_form=use_form or Form(),
        known=known,
        lines=history_of(session, actor, "topic", ident(topic), also=also)
        if reads_history(actor, topic.body_id)
        else [],
        shows_history=reads_history(actor, topic.body_id),
        **section_of(TopicPapers(session, actor, topic)),
        **choices(session, topic.body_id),
    )
