"""The topic backlog (Themenspeicher): what did not make an agenda, with its reason, for secretariat and chair."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Topic, TopicState
from app.agenda.queries import ProjectLine
from app.bodies.queries import list_bodies, list_sections
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import list_meetings
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession
from app.visibility import Matter, body_ids
from app.web.respond import page
from app.web.tables import Column, Kind, download

router = APIRouter()

STATES: Mapping[str, tuple[str, TopicState | None]] = {
    "": ("offen", TopicState.OPEN),
    "verwendet": ("wieder auf einer Tagesordnung", TopicState.USED),
    "alle": ("alle", None),
}
STATE_WORDS: Mapping[TopicState, str] = {
    TopicState.OPEN: "offen",
    TopicState.USED: "wieder auf einer Tagesordnung",
    TopicState.CLOSED: "erledigt",
}


@dataclass(frozen=True, slots=True)
class TopicLine:
    """An entry of the backlog. ``resume`` is "nächste Sitzung" or a date; ``due`` whether its time has come."""

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
    projects: tuple[ProjectLine, ...]


COLUMNS: list[Column[TopicLine]] = [
    Column("Thema", lambda row: row.title, Kind.NAME),
    Column("Gremium", lambda row: row.body),
    Column("Projekte", lambda row: ", ".join(project.code for project in row.projects)),
    Column("Abschnitt", lambda row: row.section),
    Column("Grund", lambda row: row.why),
    Column("Wiedervorlage", lambda row: text.date(row.resume) if row.resume else "nächste Sitzung"),
    Column("Herkunft", lambda row: row.origin),
    Column("Abgelegt am", lambda row: row.stored_on, Kind.DATE),
    Column("Abgelegt von", lambda row: row.stored_by),
    Column("Stand", lambda row: row.state),
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
    return _lines(session, actor, [one for one in topics if _found(q, one)], bodies), list(bodies.items())


def _known(gremium: str, bodies: Mapping[int, str]) -> bool:
    return not gremium or (gremium.isdecimal() and len(gremium) < 12 and int(gremium) in bodies)


def _found(q: str, topic: Topic) -> bool:
    return text.fold(text.one_line(q)) in text.fold(f"{topic.title} {topic.why}")


def _lines(session: Session, actor: Actor, topics: list[Topic], bodies: Mapping[int, str]) -> list[TopicLine]:
    links = queries.projects_of_topics(session, [ident(one) for one in topics])
    wanted = {link.project_id for there in links.values() for link in there}
    projects = queries.project_lines(session, ids=wanted, on=clock.today())
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
            due=one.state is TopicState.OPEN and (one.resume_on is None or one.resume_on <= clock.today()),
            origin=life.label_with_date(meetings[one.from_meeting_id]) if one.from_meeting_id in meetings else "",
            meeting_id=one.from_meeting_id if one.from_meeting_id in meetings else None,
            stored_on=one.created_at.astimezone(clock.BERLIN).date(),
            stored_by=one.created_by,
            state=STATE_WORDS[one.state],
            projects=tuple(projects[link.project_id] for link in links.get(ident(one), ())),
        )
        for one in topics
    ]
