"""The page of one item (TOP): what it is about, its projects then and now, what became of it before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Outcome
from app.agenda.rules import words
from app.agenda.rules.outcomes import COMES_BACK
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, FrozenProject, FrozenSection
from app.agenda.service.values import agenda_values, default_as_of
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.projects.models import Light, StatusReport
from app.projects.queries.projects import readable_ids
from app.projects.queries.view import last_summaries
from app.projects.rules.trend import trend
from app.request import CurrentActor, ReadSession
from app.visibility import Matter, reads
from app.web.agenda.released import released_for
from app.web.meetings.meeting_frame import address_of, meeting_page
from app.web.projects.project_line import outcome_of

router = APIRouter()

MOST_SUMMARIES = 5
"""Items about more projects than this list them without their reports: those stand on the projects' pages."""


@dataclass(frozen=True, slots=True)
class ProjectThenNow:
    """A project of the item: as the item shows it, and as the last meeting was shown it (where the reader may know)."""

    project: FrozenProject
    readable: bool
    known: bool
    then: Light | None
    trend: str
    report: StatusReport | None


@dataclass(frozen=True, slots=True)
class Place:
    """An item within its agenda: its section, and its neighbours."""

    values: AgendaValues
    section: FrozenSection
    item: FrozenItem
    before: FrozenItem | None
    after: FrozenItem | None


@router.get("/sitzungen/{meeting_id}/top/{item_id}")
def show_item(request: Request, meeting_id: int, item_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One item as its reader gets it: of the released version; before, and for new ones, of the working copy."""
    meeting = get_meeting(session, actor, meeting_id)
    place = _place(session, actor, meeting, item_id)
    item, drafts = place.item, life.reads_draft(actor, meeting)
    ids = [project.id for project in item.projects]
    earlier = queries.released_items(session, actor, ids, body_id=meeting.body_id, before=meeting.starts_at)
    outcome = _outcome(session, actor, meeting, item)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "items/show.html",
        title=f"TOP {item.number} {item.title}",
        place=place,
        item=item,
        kind_words=words.KIND_WORDS,
        outcome=outcome,
        outcome_words=OUTCOME_WORDS,
        projects=_then_now(session, actor, meeting, item.projects),
        earlier=[(one, outcome_of(one), life.label_with_date(one.meeting)) for one in earlier],
        reasons=_reasons(session, item_id) if drafts else [],
        drafts=drafts,
        may_circulate=life.may_run(actor, meeting) and _is_free(meeting, item, outcome),
        home=address_of(meeting),
    )


def _is_free(meeting: Meeting, item: FrozenItem, outcome: Outcome | None) -> bool:
    """Whether the item is on no agenda any more, so that it may be decided in writing."""
    return item.withdrawn or outcome in COMES_BACK or meeting.state is MeetingState.CANCELLED


def _place(session: Session, actor: Actor, meeting: Meeting, item_id: int) -> Place:
    """Where the item stands in what the actor reads; NotFound for unknown and invisible alike."""
    found = None
    if queries.list_releases(session, ident(meeting)):
        found = _find(released_for(session, actor, meeting, "", None), item_id)
    if found is None and life.reads_draft(actor, meeting):
        as_of = default_as_of(session, meeting, clock.today())
        found = _find(agenda_values(session, actor, meeting, as_of=as_of), item_id)
    if found is None:
        raise NotFound()
    return found


def _find(values: AgendaValues, item_id: int) -> Place | None:
    items = [(section, item) for section in values.sections for item in section.items]
    for number, (section, item) in enumerate(items):
        if item.id == item_id:
            before = items[number - 1][1] if number else None
            after = items[number + 1][1] if number + 1 < len(items) else None
            return Place(values, section, item, before, after)
    return None


def _outcome(session: Session, actor: Actor, meeting: Meeting, item: FrozenItem) -> Outcome | None:
    """What became of the item, once the meeting was held; those who read drafts see it as it is noted."""
    rows = queries.outcomes_of(session, [item.id])
    return rows.get(item.id) if meeting.state is MeetingState.HELD or life.reads_draft(actor, meeting) else None


def _then_now(
    session: Session, actor: Actor, meeting: Meeting, projects: Sequence[FrozenProject]
) -> list[ProjectThenNow]:
    ids = [project.id for project in projects]
    readable = readable_ids(session, actor, ids)
    shown = queries.lights_shown(session, actor, readable, meeting.body_id, meeting.starts_at) if readable else {}
    summaries = last_summaries(session, actor, ids) if len(ids) <= MOST_SUMMARIES else {}
    inside = reads(actor, Matter.INTERNAL, meeting.body_id)
    found = []
    for project in projects:
        lights = [light for _, light in shown.get(project.id, ())]
        said = trend(lights, project.light) or ("neu" if inside and project.id in readable else "")
        then = lights[-1] if lights else None
        found.append(
            ProjectThenNow(project, project.id in readable, bool(lights), then, said, summaries.get(project.id))
        )
    return found


def _reasons(session: Session, item_id: int) -> list[dict[str, Any]]:
    return [
        {"text": reason["text"].removeprefix("entfallen: "), "gone": reason.get("gone", False)}
        for proposal in queries.proposals_of_item(session, item_id)
        for reason in json.loads(proposal.reasons)
    ]
