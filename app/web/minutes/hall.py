"""The view for the room: large and calm, what is dealt with now, the wording, the time left, what comes next."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries as agenda
from app.agenda.rules.outcomes import WORDS
from app.db import ident
from app.decisions import queries as decisions
from app.errors import Forbidden
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.queries import Point
from app.minutes.rules.times import Progress, progress_of
from app.minutes.service.notes import KEEPING
from app.request import CurrentActor, ReadSession
from app.visibility import Level
from app.web.meetings.meeting_frame import address_of
from app.web.minutes.screen import Line, line_of
from app.web.respond import done, page, piece

router = APIRouter()

HIDDEN = "Vertraulicher Punkt"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the room reads. ``heading`` says what kind of text ``wording`` is; "" where there is none to show."""

    number: str
    title: str
    heading: str
    wording: str
    following: str
    closed: bool
    line: Line
    time: str


@router.get("/sitzungen/{meeting_id}/saal")
def show_hall(
    request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor, vertraulich: bool = False
) -> Response:
    """The view for the room, once the meeting was opened; ``vertraulich`` shows confidential items too."""
    meeting = _meeting(session, actor, meeting_id)
    if meeting.state not in KEEPING:
        return done(request, address_of(meeting))
    return page(
        request,
        actor,
        "minutes/hall.html",
        title=life.label(meeting),
        address=address_of(meeting),
        confidential=vertraulich,
        shown=_shown(session, actor, meeting, vertraulich),
    )


@router.get("/sitzungen/{meeting_id}/saal/stand")
def show_now(
    request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor, vertraulich: bool = False
) -> Response:
    """What the view shows now; it asks for this every few seconds."""
    meeting = _meeting(session, actor, meeting_id)
    if meeting.state not in KEEPING:
        return done(request, address_of(meeting))
    return piece(request, "minutes/_hall.html", shown=_shown(session, actor, meeting, vertraulich))


def _meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, for those who lead it: secretariat, chair and its office."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise Forbidden()
    return meeting


def _shown(session: Session, actor: Actor, meeting: Meeting, confidential: bool) -> Shown:
    points = [one for one in queries.list_points(session, actor, ident(meeting)) if not one.withdrawn]
    place = next((at for at, one in enumerate(points) if progress_of(one) is Progress.RUNNING), None)
    current = points[place] if place is not None else None
    coming = [one for one in points[(place or 0) :] if progress_of(one) is Progress.OPEN]
    open_to_all = current is not None and (confidential or current.level is not Level.CONFIDENTIAL)
    heading, wording = _wording(session, actor, meeting, current, confidential) if current and open_to_all else ("", "")
    line = line_of(meeting, points)
    return Shown(
        number=current.number if current else "",
        title=_title(current, confidential) if current else "",
        heading=heading,
        wording=wording,
        following=f"TOP {coming[0].number} {_title(coming[0], confidential)}" if coming else "",
        closed=meeting.state is not MeetingState.IN_SESSION,
        line=line,
        time=line.now,
    )


def _wording(session: Session, actor: Actor, meeting: Meeting, point: Point, confidential: bool) -> tuple[str, str]:
    """What was decided, what is being worded, or what is proposed."""
    item = agenda.get_item(session, actor, ident(meeting), point.id)
    decision = decisions.draft_of_item(session, point.id)
    if decision is not None and decision.level is Level.CONFIDENTIAL and not confidential:
        return "", ""
    wording = (decision.wording if decision else "") or item.proposed_decision
    if item.outcome is not None:
        return WORDS[item.outcome][:1].upper() + WORDS[item.outcome][1:], wording
    worded = decision is not None and decision.wording not in ("", item.proposed_decision)
    return ("Wortlaut in Arbeit" if worded else "Beschlussvorschlag") if wording else "", wording


def _title(point: Point, confidential: bool) -> str:
    return HIDDEN if point.level is Level.CONFIDENTIAL and not confidential else point.title
