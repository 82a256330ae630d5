"""The overview: the next meeting in one sentence, its deadlines, what waits for this person, the lights now."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actions.queries import own_actions
from app.actor import Actor, Role
from app.agenda import queries as agenda
from app.agenda.models import ItemKind, ProposalState, RegistrationState
from app.agenda.queries import ProjectLine
from app.agenda.queries.registrations import list_registrations
from app.agenda.rules.speaking import reads_notes
from app.agenda.rules.words import SECTION_WORDS
from app.bodies import queries as bodies
from app.bodies.models import Body
from app.bodies.rules import PER_YEAR
from app.calendars.rules import deadline_kinds
from app.db import ident
from app.documents.choosing import own_key
from app.meetings import queries as meetings
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.meetings.rules.deadlines import CountedMeeting, DeadlineKind, twice_a_year_hint
from app.meetings.rules.settings import offsets
from app.meetings.schemas import Deadline
from app.people.queries import end_of_last_visit
from app.projects.models import Light, Phase
from app.projects.queries.listing import list_projects
from app.projects.queries.projects import list_submitted
from app.projects.schemas import ProjectFilter
from app.request import CurrentActor, ReadSession
from app.visibility import Matter, body_ids, reads
from app.web.circulars.waiting import open_votes, results_to_establish
from app.web.meetings.meeting_frame import kept_together
from app.web.meetings.room import Typed, own_values
from app.web.meetings.waiting import invitations_to_send
from app.web.news import News, news_since
from app.web.outbox.waiting import undelivered_mails
from app.web.respond import page
from app.web.results_waiting import (
    decisions_to_follow,
    minutes_to_finish,
    minutes_to_review,
    overdue_actions,
    own_actions_to_do,
    running_circulars,
)
from app.web.waiting import Source, Waiting, soonest

router = APIRouter()

OWN: tuple[Source, ...] = (minutes_to_review, open_votes, own_actions_to_do)
"""What waits for people in their own name (votes, objections, own actions); shown together, the soonest first."""
RUN: tuple[Source, ...] = (
    minutes_to_finish,
    running_circulars,
    results_to_establish,
    overdue_actions,
    decisions_to_follow,
    invitations_to_send,
    undelivered_mails,
)
"""What waits for the secretariat beyond the next meeting; asked only for those who run a body."""

BEFORE_RELEASE = (MeetingState.PLANNED, MeetingState.ANNOUNCED, MeetingState.DRAFT)
OPEN_AFTERWARDS = (MeetingState.RELEASED, MeetingState.IN_SESSION)
NAMED_REPORTS = 5
LOOK_BACK = dt.timedelta(days=120)
RUNNING = (Phase.PLANNED, Phase.RUNNING)
UNFINISHED = (*RUNNING, Phase.PAUSED, Phase.PROPOSED, None)
LIGHTS: tuple[Light | None, ...] = (Light.RED, Light.YELLOW, Light.GREEN, None)


@dataclass(frozen=True, slots=True)
class ChairView:
    """The part of the chair: items to decide as (words, address), and where the speaking notes are."""

    items: list[tuple[str, str]]
    notes: str


@router.get("/")
def show_dashboard(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The overview of the person's role."""
    meeting = meetings.find_next_meeting(session, actor)
    deadlines = meetings.list_deadlines(session, [ident(meeting)])[ident(meeting)] if meeting else []
    reads_projects = bool(actor.lead_project_ids) or body_ids(actor, Matter.INTERNAL) != frozenset()
    counts = _counts(session, actor) if reads_projects else None
    run = [body for body in bodies.list_bodies(session, actor) if actor.has(Role.SECRETARIAT, ident(body))]
    released = meeting is not None and meeting.state not in BEFORE_RELEASE
    return page(
        request,
        actor,
        "dashboard/show.html",
        title="Übersicht",
        meeting=meeting,
        body=bodies.load_body(session, meeting.body_id) if meeting else None,
        label=life.label(meeting) if meeting else "",
        day=kept_together(text.weekday_date(life.day_of(meeting))) if meeting else "",
        agenda_words=kept_together(_agenda_words(actor, meeting, deadlines)) if meeting else "",
        released=released,
        reads_agenda=meeting is not None and released and _reads_agenda(actor, meeting),
        takes_along=meeting is not None and released and own_key(session, actor, meeting) is not None,
        reads_draft=meeting is not None and life.reads_draft(actor, meeting),
        answering=_answering(session, actor, meeting),
        own_actions=len(own_actions(session, actor)),
        news=_news(session, actor),
        points=_points(actor, meeting, deadlines) if meeting else [],
        tasks=[
            *_beginnings(actor, run, counts),
            *soonest(line for source in OWN for line in source(session, actor)),
            *(_tasks(session, actor, meeting, deadlines) if run else ()),
            *(line for source in RUN for line in (source(session, actor) if run else ())),
        ],
        hints=[hint for hint in (_hint(session, actor, body) for body in run) if hint],
        counts=counts,
        changes=_changes(session, actor, meeting, counts) if counts is not None and meeting else {},
        is_secretariat=bool(run) or actor.has(Role.SECRETARIAT),
        is_admin=actor.is_admin,
        is_auditor=actor.has_anywhere(Role.AUDITOR),
        leads=len(actor.lead_project_ids),
        own_projects=_own_projects(session, actor),
        delta=_delta_address(actor, meeting),
        chair=_chair_view(session, actor, meeting),
    )


def _reads_agenda(actor: Actor, meeting: Meeting) -> bool:
    """Whether some part of the released agenda is for this reader (published ones are found in the list)."""
    return reads(actor, Matter.INTERNAL, meeting.body_id) or ident(meeting) in actor.own_meeting_ids


def _answering(session: Session, actor: Actor, meeting: Meeting | None) -> dict[str, Any]:
    """The own seats with their answers for the next meeting, and what the form of an answer needs; {} for others."""
    if meeting is None or not any(seat.body_id == meeting.body_id for seat in actor.seats):
        return {}
    return own_values(session, actor, meeting, Typed())


def _news(session: Session, actor: Actor) -> News | None:
    """What is new since the last visit, None on the first one."""
    before = end_of_last_visit(session, actor.account_id) if actor.account_id is not None else None
    return news_since(session, actor, before) if before is not None else None


def _agenda_words(actor: Actor, meeting: Meeting, deadlines: list[Deadline]) -> str:
    """The second sentence: how far the agenda is."""
    if meeting.state is MeetingState.IN_SESSION:
        return "Sie ist eröffnet."
    if meeting.state not in BEFORE_RELEASE:
        return "Die Tagesordnung ist freigegeben."
    due = next((one for one in deadlines if one.kind == DeadlineKind.INVITATION), None)
    if due is None or not life.reads_draft(actor, meeting):
        return "Die Tagesordnung folgt mit der Einladung."
    if due.passed:
        return f"Die Einladung hätte bis {text.long_date(due.due_on)} hinausgehen sollen."
    return f"Die Einladung geht bis {text.long_date(due.due_on)} hinaus."


def _points(actor: Actor, meeting: Meeting, deadlines: list[Deadline]) -> list[dict[str, str]]:
    """The line of deadlines that concern the person, with today and the meeting in their places."""
    kinds, today = deadline_kinds(actor, meeting.body_id), clock.today()
    days = [(one.due_on, one.title) for one in deadlines if one.kind in kinds]
    days = sorted([*days, (life.day_of(meeting), life.label(meeting))], key=lambda one: one[0])
    points = [{"date": text.date(day), "label": label, "state": "past"} for day, label in days if day < today]
    points.append({"date": text.date(today), "label": "Heute", "state": "today"})
    for place, (day, label) in enumerate(one for one in days if one[0] >= today):
        point = {"date": text.date(day), "label": label, "state": "future" if place else "next"}
        points.append(point if place else {**point, "note": _in_days((day - today).days)})
    return points


def _in_days(days: int) -> str:
    return {0: "heute", 1: "morgen"}.get(days, f"in {days} Tagen")


def _tasks(session: Session, actor: Actor, meeting: Meeting | None, deadlines: list[Deadline]) -> Iterator[Waiting]:
    """What waits for the secretariat, most pressing first."""
    yield from _unfinished(session, actor)
    if meeting is not None and life.may_run(actor, meeting):
        yield from _of_the_next(session, actor, meeting, {one.kind: one for one in deadlines})
    yield from _reports(session, actor)
    yield from _registered(session, actor)
    if meeting is not None and life.may_run(actor, meeting):
        yield from _late(session, meeting)
    due = [one for one in agenda.list_topics(session, actor) if one.resume_on and one.resume_on <= clock.today()]
    if due:
        words = text.counted(len(due), "Eintrag", "Einträge")
        since = min(one.resume_on for one in due if one.resume_on)
        yield Waiting(f"{words} im Themenspeicher zur Wiedervorlage", "/themenspeicher", f"seit {text.date(since)}")


def _beginnings(actor: Actor, run: Sequence[Body], counts: Mapping[Light | None, int] | None) -> Iterator[Waiting]:
    """The first steps of the secretariat of all bodies in a new installation."""
    if not actor.has(Role.SECRETARIAT):
        return
    if not run:
        yield Waiting("Gremium anlegen", "/gremien/neu", note="Danach können Sie seine Sitzungen planen.")
    if counts is not None and not any(counts.values()):
        yield Waiting("Projekte einlesen", "/projekte/import", note="Die Vorschau zeigt, was die Tabelle ändern würde.")


def _reports(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Reports that wait for acceptance, the oldest by name."""
    waiting = list_submitted(session, actor)
    for report, project in waiting[:NAMED_REPORTS]:
        words = f"Sachstand annehmen: {project.code} {project.title}"
        yield Waiting(words, f"/projekte/{project.id}", f"Stand {text.date(report.as_of)}")
    more = len(waiting) - NAMED_REPORTS
    if more > 0:
        yield Waiting(text.counted(more, "weiterer Sachstand wartet", "weitere Sachstände warten"), "/projekte")


def _registered(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Registered topics to which nobody has answered yet, in the bodies that the person runs."""
    received = list_registrations(session, actor, state=RegistrationState.RECEIVED)
    waiting = [one for one in received if actor.has(Role.SECRETARIAT, one.body_id)]
    if waiting:
        yield Waiting(text.counted(len(waiting), "Anmeldung prüfen", "Anmeldungen prüfen"), "/anmeldungen")


def _late(session: Session, meeting: Meeting) -> Iterator[Waiting]:
    """Running projects without a report since the last meeting."""
    previous = meetings.find_previous_meeting(session, meeting.body_id, meeting.starts_at)
    if previous is None or meeting.state not in BEFORE_RELEASE:
        return
    on, periods = life.day_of(previous), bodies.steered_periods(session, meeting.body_id)
    lines = agenda.project_lines(session, periods=periods, on=clock.today()).values()
    late = [one for one in lines if one.standing.phase in RUNNING and (one.standing.as_of or dt.date.min) <= on]
    if late:
        words = text.counted(len(late), "laufendes Projekt", "laufende Projekte")
        said = f"{words} ohne Sachstand seit der letzten Sitzung"
        yield Waiting(said, "/projekte?sortierung=stand", f"seit {text.date(on)}", "Die ältesten stehen zuerst.")


def _own_projects(session: Session, actor: Actor) -> list[tuple[ProjectLine, bool]]:
    """The projects that the person leads, each with whether its report is due: older than its body's rule allows."""
    if not actor.lead_project_ids:
        return []
    found = agenda.project_lines(session, ids=actor.lead_project_ids, on=clock.today()).values()
    days = bodies.report_days(session, actor.lead_project_ids)
    late = {one.id: clock.today() - dt.timedelta(days=days[one.id]) for one in found}
    own = sorted(found, key=lambda one: (text.number_key(one.code), one.id))
    return [
        (one, one.standing.phase in UNFINISHED and (one.standing.as_of or dt.date.min) < late[one.id]) for one in own
    ]


def _delta_address(actor: Actor, meeting: Meeting | None) -> str:
    """Where the changes since the last meeting stand, "" where the person does not read them yet."""
    if meeting is None or not reads(actor, Matter.INTERNAL, meeting.body_id):
        return ""
    may = meeting.state not in BEFORE_RELEASE or life.reads_draft(actor, meeting)
    return f"/sitzungen/{meeting.id}/veraenderungen" if may else ""


def _chair_view(session: Session, actor: Actor, meeting: Meeting | None) -> ChairView | None:
    """What the chair and its office look for first: the items to decide, and the speaking notes."""
    led = {seat.body_id for seat in actor.seats if seat.chair}
    if meeting is None or meeting.body_id not in led:
        return None
    rows = agenda.list_items(session, actor, ident(meeting))
    decide = [row for row in rows if row.kind is ItemKind.DECISION and not row.withdrawn]
    notes = f"/sitzungen/{meeting.id}/sprechzettel" if reads_notes(actor, meeting) else ""
    address = f"/sitzungen/{meeting.id}/top"
    items = [(f"TOP {row.number} {row.title}" if row.number else row.title, f"{address}/{row.id}") for row in decide]
    return ChairView(items, notes)


def _unfinished(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Meetings that are over but were not closed."""
    for one in meetings.list_meetings(session, actor, since=clock.now() - LOOK_BACK):
        if one.state in OPEN_AFTERWARDS and one.ends_at < clock.now() and life.may_run(actor, one):
            yield Waiting(
                f"{life.label(one)} abschließen",
                f"/sitzungen/{one.id}/protokoll",
                f"seit {text.date(life.day_of(one))}",
            )


def _of_the_next(
    session: Session, actor: Actor, meeting: Meeting, deadlines: Mapping[str, Deadline]
) -> Iterator[Waiting]:
    if meeting.state not in BEFORE_RELEASE:
        return
    address, label = f"/sitzungen/{meeting.id}", life.label(meeting)
    invitation = deadlines.get(DeadlineKind.INVITATION)
    due = f"bis {text.date(invitation.due_on)}" if invitation else ""
    if meeting.announced_at is None:
        yield Waiting(f"{label} ankündigen", address, note="Mitglieder sehen sie erst danach.")
    if agenda.find_draft(session, ident(meeting)) is None:
        yield Waiting("Tagesordnung entwerfen", f"{address}/vorschlaege", due)
        return
    proposals = agenda.list_proposals(session, actor, ident(meeting), state=ProposalState.OPEN)
    if proposals:
        by_section = Counter(one.section for one in proposals)
        note = ", ".join(f"{by_section[key]} {word}" for key, word in SECTION_WORDS.items() if by_section[key])
        words = text.counted(len(proposals), "Vorschlag prüfen", "Vorschläge prüfen")
        yield Waiting(words, f"{address}/vorschlaege", due, note)
    overdue = "Die Frist ist vorbei; die Freigabe braucht einen Grund." if invitation and invitation.passed else ""
    yield Waiting("Tagesordnung freigeben", f"{address}/freigabe", due, overdue)


def _hint(session: Session, actor: Actor, body: Body) -> str:
    """The twice-a-year hint of a body, "" where enough meetings are planned or none are wanted."""
    year, body_id = clock.today().year, ident(body)
    book = bodies.load_rules(session, body_id)
    since = dt.datetime(year, 1, 1, tzinfo=clock.BERLIN)
    counted = [
        CountedMeeting(life.day_of(one), one.state is MeetingState.CANCELLED, one.special)
        for one in meetings.list_meetings(session, actor, body_id=body_id, since=since)
    ]
    hint = twice_a_year_hint(
        year,
        counted,
        offsets(book),
        wanted=book[PER_YEAR],
        today=clock.today(),
        closing_days=tuple(bodies.list_closing_days(session, body_id)),
    )
    return f"{body.short_name}: {hint}" if hint else ""


def _counts(session: Session, actor: Actor) -> dict[Light | None, int]:
    counts = list_projects(session, actor, ProjectFilter(), limit=0).counts
    return {light: counts.get(light, 0) for light in LIGHTS}


def _changes(
    session: Session, actor: Actor, meeting: Meeting, counts: Mapping[Light | None, int]
) -> dict[Light | None, str]:
    """Per light, how many more or fewer than the body was shown at its last meeting; where it steers all periods."""
    if bodies.steered_periods(session, meeting.body_id) is not None:
        return {}
    previous = meetings.find_previous_meeting(session, meeting.body_id, meeting.starts_at)
    shown = agenda.frozen_statuses(session, [ident(previous)]).get(ident(previous), []) if previous else []
    if previous is None or not shown or not reads(actor, Matter.INTERNAL, meeting.body_id):
        return {}
    then, on = Counter(one.light for one in shown), text.date(life.day_of(previous))
    return {light: _difference(counts[light] - then[light], on) for light in LIGHTS}


def _difference(difference: int, on: str) -> str:
    if difference == 0:
        return f"wie am {on}"
    return f"{abs(difference)} {'mehr' if difference > 0 else 'weniger'} als am {on}"
