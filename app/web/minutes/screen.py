"""The live minutes: one address per item, with the list of all items, who is there, and a line of times below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries as agenda
from app.agenda.models import AgendaItem
from app.agenda.rules.outcomes import SETTLED, needs_outcome
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.agenda.rules.words import KIND_WORDS
from app.attendance.queries import load_room
from app.attendance.rules.line import RoomLine, room_line
from app.attendance.schemas import Room
from app.bodies.queries import load_rules
from app.db import ident
from app.errors import NotFound, Refused, SkipError, Stale
from app.markdown import prose_html
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import MinutesState
from app.minutes.queries import Point
from app.minutes.rules.times import Progress, minutes_left, progress_of, still_planned
from app.minutes.service.notes import KEEPING, minute_note_desk, require_keeper, times_seen
from app.web.forms import Form
from app.web.meetings.meeting_frame import MINUTES, address_of, meeting_page
from app.web.minutes.result_form import result_values
from app.web.texts import differing_texts, writing


@dataclass(frozen=True, slots=True)
class Listed:
    """An item in the list beside the minutes: how far it is and what came out, in words."""

    id: int
    number: str
    title: str
    href: str
    progress: Progress
    outcome: str
    missing: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The line below the minutes; moments in milliseconds of the clock of the server, for the script that goes on."""

    now: str
    now_ms: int
    running: str
    left: int | None
    until_ms: int | None
    planned: int
    ends: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, as the side of the minutes shows it."""

    room: Room
    line: RoomLine


def require_screen(actor: Actor, meeting: Meeting) -> None:
    """Forbidden for who does not run the meeting; Refused before it was opened."""
    require_keeper(actor, meeting)
    if meeting.state not in KEEPING:
        raise Refused("Protokoll wird geführt, sobald die Sitzung eröffnet ist.")


def is_open(meeting: Meeting) -> bool:
    """Whether the minutes of the meeting can still be written."""
    return meeting.state in KEEPING and meeting.sealed_at is None


def minutes_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    template: str,
    *,
    item: AgendaItem | None = None,
    points: Sequence[Point] | None = None,
    **values: Any,
) -> Response:
    """A page of the live minutes in its frame; *item* is the one that stands in the middle."""
    found = queries.list_points(session, actor, ident(meeting)) if points is None else points
    shown = [listed(one, meeting, item.id if item else None) for one in found]
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        template,
        tab=MINUTES,
        item=item,
        points=shown,
        coming=next((one for one in shown if one.progress in (Progress.RUNNING, Progress.OPEN)), None),
        missing=sum(1 for one in found if _missing(one)),
        line=line_of(meeting, found),
        presence=presence_of(session, meeting, item),
        runs=meeting.state is MeetingState.IN_SESSION,
        may_write=is_open(meeting),
        **values,
    )


def point_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item_id: int,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
    *,
    part: str = "",
    preview: bool = False,
) -> Response:
    """The page of one item; *values* and *error* are of a *part*: "notiz", "zeiten", "beschluss" or "auftrag"."""
    points = queries.list_points(session, actor, ident(meeting))
    place = next((number for number, one in enumerate(points) if one.id == item_id), None)
    if place is None:
        raise NotFound()
    item = agenda.get_item(session, actor, ident(meeting), item_id)
    standing = [one for one in points if not one.withdrawn or one.id == item_id]
    at = next(number for number, one in enumerate(standing) if one.id == item_id)
    return minutes_page(
        request,
        session,
        actor,
        meeting,
        "minutes/item.html",
        points=points,
        status=error.status if error else 200,
        item=item,
        point=points[place],
        item_address=f"{address_of(meeting)}/protokoll/{item_id}",
        kind_word=KIND_WORDS[item.kind],
        progress=progress_of(points[place]),
        before=standing[at - 1] if at else None,
        after=standing[at + 1] if at + 1 < len(standing) else None,
        approves=_approves(session, item),
        times=_times_form(points[place], values if part == "zeiten" else None, error if part == "zeiten" else None),
        times_seen=times_seen(points[place]),
        **_note_values(
            session,
            actor,
            meeting,
            item,
            values if part == "notiz" else None,
            error if part == "notiz" else None,
            preview=preview,
        ),
        blocks=queries.list_text_blocks(session, meeting.body_id),
        **result_values(
            session, actor, meeting, item, values, error, part=part, may_write=is_open(meeting) and not item.withdrawn
        ),
    )


def _approves(session: Session, item: AgendaItem) -> tuple[str, str, bool] | None:
    """The minutes that this item approves: label, address, and whether they can be approved now; None for others."""
    earlier = queries.find_item_approving(session, ident(item))
    minutes = queries.find_minutes(session, ident(earlier)) if earlier is not None else None
    if earlier is None or minutes is None or minutes.state is MinutesState.APPROVED:
        return None
    ready = minutes.state is MinutesState.REVIEW and item.outcome in SETTLED
    return life.label(earlier), f"{address_of(earlier)}/niederschrift", ready


def _note_values(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    values: Mapping[str, str] | None,
    error: SkipError | None,
    *,
    preview: bool,
) -> dict[str, Any]:
    address = f"{address_of(meeting)}/protokoll/{ident(item)}"
    desk = minute_note_desk(session, actor, meeting, item)
    stored = {name: desk.holder.text(name) for name in desk.holder.labels}
    shown = {**stored, **(values or {})}
    stale = isinstance(error, Stale)
    may_write = is_open(meeting) and not item.withdrawn
    return {
        "note": Form(shown, {} if error is None or stale else error.by_field),
        "note_stale": error.sentence if stale and error else "",
        "note_differences": differing_texts(desk.holder.labels, shown, stored) if stale else [],
        "note_html": prose_html(str(shown["note"])),
        "note_preview": preview,
        "note_writing": writing(
            session, actor, desk, address, may_write=may_write, typed=values is not None, error=error
        ),
        "may_note": may_write,
    }


def _times_form(point: Point, values: Mapping[str, str] | None, error: SkipError | None) -> Form:
    stored = {
        name: text.time(moment) if moment is not None else ""
        for name, moment in (("started_at", point.started_at), ("ended_at", point.ended_at))
    }
    return Form({**stored, **(values or {})}, error.by_field if error else {})


def presence_of(session: Session, meeting: Meeting, item: AgendaItem | None) -> Presence:
    """Who is there now (or at the end of a held meeting), and whether that is enough to decide."""
    room = load_room(session, meeting, item=item)
    return Presence(room, room_line(load_rules(session, meeting.body_id), room))


def listed(point: Point, meeting: Meeting, current: int | None) -> Listed:
    """The item as the list shows it."""
    return Listed(
        id=point.id,
        number=point.number,
        title=point.title,
        href=f"{address_of(meeting)}/protokoll/{point.id}",
        progress=progress_of(point),
        outcome=OUTCOME_WORDS[point.outcome] if point.outcome else "",
        missing=_missing(point),
        current=point.id == current,
    )


def line_of(meeting: Meeting, points: Sequence[Point]) -> Line:
    """What time it is, what is left of the running item and of the meeting."""
    now = clock.now()
    running = next((one for one in points if progress_of(one) is Progress.RUNNING), None)
    started = running.started_at if running else None
    until = started.timestamp() + running.minutes * 60 if running and started else None
    return Line(
        now=text.time(now),
        now_ms=int(now.timestamp() * 1000),
        running=running.number if running else "",
        left=minutes_left(running, now) if running else None,
        until_ms=int(until * 1000) if until is not None else None,
        planned=still_planned(points, now),
        ends=text.time(meeting.ends_at),
    )


def _missing(point: Point) -> bool:
    return point.outcome is None and needs_outcome(point)
