"""How programs read and plan meetings."""

import datetime as dt
import zlib
from typing import Annotated, Any

from pydantic import BeforeValidator

from app.actor import Actor
from app.agenda.models import AgendaRelease
from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.calendars.rules import deadline_kinds
from app.db import ident
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.meetings.schemas import Deadline, MeetingIn
from app.validation import HIGHEST_ID
from app.visibility import Matter, reads

WITH_AGENDA = (MeetingState.RELEASED, MeetingState.IN_SESSION, MeetingState.HELD)


def _named(body: Any) -> Any:
    is_id = isinstance(body, int) and not isinstance(body, bool) and 1 <= body <= HIGHEST_ID
    if is_id or (isinstance(body, str) and body.strip()):
        return body
    raise ValueError("Bitte nennen Sie das Gremium mit seiner Kennung oder seiner Kurzbezeichnung.")


class MeetingPost(MeetingIn):
    """A new meeting. ``body`` is the body's id or its short name."""

    body: Annotated[int | str, BeforeValidator(_named)]  # type: ignore[assignment]  # becomes an id before planning


class DeadlineOut(Shape):
    """A deadline; it ends at 24:00 of ``due_on`` in Berlin. ``kept``: it had passed before the meeting was moved."""

    kind: str
    title: str
    due_on: dt.date
    kept: bool
    passed: bool


class ReleaseOut(Shape):
    """The last released version of the agenda and the chair's yes (Freigabe)."""

    version: int
    as_of: dt.date
    released_at: Moment
    approved_by: str
    approved_on: dt.date | None
    approved_how: str
    late_reason: str


class MeetingOut(Thing):
    """A meeting. ``body`` is an id; ``main_topic`` is empty for readers without drafts until the agenda is released.

    ``deadlines`` are those that concern the reader; ``release`` is null before the first release. Guests and project
    leads read date, place and body only: main topic and Freigabe are the body's interna.

    ``version`` rises with every change of an item for those who read drafts. For everybody else it is a number made of
    what stands here: it differs when something here differs, and tells nothing of work that was not released.
    """

    body: int
    body_short_name: str
    number: int | None
    label: str
    special: bool
    without_status: bool
    entered_afterwards: bool
    state: MeetingState
    starts_at: Moment
    ends_at: Moment
    place: str
    main_topic: str
    length_minutes: int
    announced_at: Moment | None
    cancelled_at: Moment | None
    cancel_reason: str
    sequence: int
    deadlines: list[DeadlineOut]
    release: ReleaseOut | None


def meeting_out(
    actor: Actor, meeting: Meeting, *, body: str, deadlines: list[Deadline], release: AgendaRelease | None
) -> MeetingOut:
    """A readable meeting as the actor may read it; *body* is the short name."""
    drafts = life.reads_draft(actor, meeting)
    inside = reads(actor, Matter.INTERNAL, meeting.body_id)
    kinds = deadline_kinds(actor, meeting.body_id)
    shown = MeetingOut(
        id=ident(meeting),
        version=meeting.version if drafts else 0,
        url=f"{PREFIX}/meetings/{meeting.id}",
        page=f"/sitzungen/{meeting.id}",
        body=meeting.body_id,
        body_short_name=body,
        number=meeting.number,
        label=life.label(meeting),
        special=meeting.special,
        without_status=meeting.without_status,
        entered_afterwards=meeting.entered_afterwards,
        state=life.state_for(actor, meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        main_topic=meeting.main_topic if drafts or (inside and meeting.state in WITH_AGENDA) else "",
        length_minutes=meeting.length_minutes,
        announced_at=meeting.announced_at,
        cancelled_at=meeting.cancelled_at,
        cancel_reason=meeting.cancel_reason if inside else "",
        sequence=meeting.sequence,
        deadlines=[DeadlineOut(**one.model_dump()) for one in deadlines if one.kind in kinds],
        release=_release_out(release, inside=inside) if release else None,
    )
    return shown if drafts else shown.model_copy(update={"version": _number_of(shown)})


def _number_of(shown: MeetingOut) -> int:
    return zlib.crc32(shown.model_dump_json().encode()) % 10**9


def _release_out(release: AgendaRelease, *, inside: bool) -> ReleaseOut:
    return ReleaseOut(
        version=release.version,
        as_of=release.as_of,
        released_at=release.released_at,
        approved_by=release.approved_by if inside else "",
        approved_on=release.approved_on if inside else None,
        approved_how=release.approved_how if inside else "",
        late_reason=release.late_reason if inside else "",
    )
