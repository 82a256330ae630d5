"""Meetings: list, one, plan, change, and the acts that lead them through their life."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.agenda.schemas.wishes import ReleaseIn
from app.agenda.service.supplements import open_meeting
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.queries import get_body_named, last_releases
from app.api.schemas.meetings import MeetingOut, MeetingPost, meeting_out
from app.api.schemas.thing import Id, Listing, Nothing
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.bodies.queries import load_bodies
from app.db import ident
from app.drafting.service.releasing import release_meeting
from app.meetings import service
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, list_deadlines, list_meetings, lock_meeting
from app.meetings.schemas import CancelIn, MeetingChange, MeetingIn, MoveIn, When
from app.minutes.service.closing import close_meeting
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(prefix="/meetings", tags=["Sitzungen"])

NoBody = Annotated[Nothing, Body(default_factory=Nothing)]


class MeetingQuery(ListQuery):
    """Filters of the list of meetings."""

    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    since: When | None = Field(default=None, description="nur Sitzungen mit Beginn ab hier")


@router.get("", response_model=Listing[MeetingOut], summary="Sitzungen")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[MeetingQuery, Query()]
) -> Response:
    """The meetings you may know of, latest first."""
    walk = Walk(request, query)
    before = (dt.datetime.fromisoformat(walk.after[0]), walk.after[1]) if walk.after else None
    found = list_meetings(session, actor, body_id=query.body, since=query.since, before=before, limit=walk.limit + 1)
    page, following = walk.take(found, lambda one: (one.starts_at.isoformat(), one.id))
    return listed(show_all(session, actor, page), following)


@router.get("/{meeting_id}", response_model=MeetingOut, summary="Eine Sitzung")
def show_meeting(meeting_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One meeting with its deadlines."""
    return shown(show_one(session, actor, get_meeting(session, actor, meeting_id)))


@router.post("", response_model=MeetingOut, status_code=201, summary="Sitzung planen oder nacherfassen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: MeetingPost) -> Response:
    """A new meeting of a body (its id or short name); one in the past is entered afterwards."""
    return once.created(
        session,
        lambda: service.plan_meeting(session, actor, _resolved(session, actor, wish)),
        partial(show_one, session, actor),
    )


@router.patch("/{meeting_id}", response_model=MeetingOut, summary="Sitzung ändern")
def update(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: MeetingChange
) -> Response:
    """Change number, kind, main topic or length; time and place change by moving it."""
    return changed(
        session,
        lambda: service.change_meeting(session, actor, lock_seen(session, actor, meeting_id, seen), wish),
        partial(show_one, session, actor),
    )


@router.post("/{meeting_id}/announce", response_model=MeetingOut, summary="Ankündigen (Terminvormerkung)")
def announce(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """Members see date and place from now on."""
    return once.done(
        session,
        lambda: service.announce_meeting(session, actor, lock_seen(session, actor, meeting_id, seen)),
        partial(show_one, session, actor),
    )


@router.post("/{meeting_id}/move", response_model=MeetingOut, summary="Verlegen")
def move(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: MoveIn
) -> Response:
    """Another time or place; deadlines are computed anew."""
    return once.done(
        session,
        lambda: service.move_meeting(session, actor, lock_seen(session, actor, meeting_id, seen), wish),
        partial(show_one, session, actor),
    )


@router.post("/{meeting_id}/cancel", response_model=MeetingOut, summary="Absagen")
def cancel(
    meeting_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: Annotated[CancelIn, Body(default_factory=CancelIn)],
) -> Response:
    """The meeting does not take place; it stays visible and its items come back."""
    return once.done(
        session,
        lambda: service.cancel_meeting(session, actor, lock_seen(session, actor, meeting_id, seen), wish),
        partial(show_one, session, actor),
    )


@router.post("/{meeting_id}/start", response_model=MeetingOut, summary="Eröffnen")
def start(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """The meeting is opened; outcomes can be recorded."""
    return once.done(
        session,
        lambda: open_meeting(session, actor, lock_seen(session, actor, meeting_id, seen)),
        partial(show_one, session, actor),
    )


@router.post("/{meeting_id}/close", response_model=MeetingOut, summary="Schließen")
def close(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """The meeting was held. Refused while an item that needs an outcome has none."""
    return once.done(
        session,
        lambda: close_meeting(session, actor, lock_seen(session, actor, meeting_id, seen)),
        partial(show_one, session, actor),
    )


@router.post("/{meeting_id}/release", response_model=MeetingOut, summary="Tagesordnung freigeben")
def release(
    meeting_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: Annotated[ReleaseIn, Body(default_factory=ReleaseIn)],
) -> Response:
    """Version 1 of the agenda: numbers, values and project statuses are frozen. All fields optional for a meeting
    entered afterwards; else the body's rules say which are needed.
    """

    def act() -> Meeting:
        meeting = lock_seen(session, actor, meeting_id, seen)
        release_meeting(session, actor, meeting, wish)
        return meeting

    return once.done(session, act, partial(show_one, session, actor))


def lock_seen(session: Session, actor: Actor, meeting_id: int, seen: Seen) -> Meeting:
    """The meeting, locked for writing; Stale where If-Match names another version than the actor is shown."""
    meeting = lock_meeting(session, actor, meeting_id)
    check_seen(session, actor, meeting, seen)
    return meeting


def check_seen(session: Session, actor: Actor, meeting: Meeting, seen: Seen) -> None:
    """Stale where If-Match names another version of the meeting than the actor is shown."""
    if seen.given:
        current = show_one(session, actor, meeting)
        seen.check(current.version, lambda: current)


def show_one(session: Session, actor: Actor, meeting: Meeting) -> MeetingOut:
    """A readable meeting as programs read it."""
    return show_all(session, actor, [meeting])[0]


def show_all(session: Session, actor: Actor, meetings: Sequence[Meeting]) -> list[MeetingOut]:
    """Readable meetings as programs read them; four queries, whatever their number."""
    ids = [ident(one) for one in meetings]
    bodies, deadlines, releases = load_bodies(session), list_deadlines(session, ids), last_releases(session, ids)
    return [
        meeting_out(
            actor,
            one,
            body=bodies[one.body_id].short_name,
            deadlines=deadlines[ident(one)],
            release=releases.get(ident(one)),
        )
        for one in meetings
    ]


def _resolved(session: Session, actor: Actor, wish: MeetingPost) -> MeetingIn:
    given = wish.model_dump(exclude_unset=True)
    if isinstance(wish.body, str):
        given["body"] = ident(get_body_named(session, actor, wish.body))
    return MeetingIn.model_validate(given)
