"""The changes since the last meeting as plain values: computed before a release, frozen with it."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.models import DocumentKind, Edition
from app.agenda.queries import find_edition, list_releases
from app.agenda.schemas.frozen_delta import DeltaBody, DeltaMeeting, DeltaValues, read_delta
from app.agenda.service.values import default_as_of
from app.bodies import rules as settings
from app.bodies.queries import load_body, load_rules, name_on
from app.db import ident
from app.drafting.queries import load_inputs
from app.drafting.rules.draft import compare, require_as_of
from app.errors import NotFound
from app.installation.queries import is_demo
from app.meetings.models import Meeting
from app.meetings.queries import load_meeting
from app.meetings.rules import life
from app.visibility import Matter, reads


def delta_values(
    session: Session, meeting: Meeting, as_of: dt.date, *, version: int = 0, released_at: dt.datetime | None = None
) -> DeltaValues:
    """Then against now for *meeting* at the Stichtag *as_of*; rights are the caller's matter."""
    body, book = load_body(session, meeting.body_id), load_rules(session, meeting.body_id)
    found = compare(load_inputs(session, meeting, as_of))
    then = load_meeting(session, found.then_id) if found.then_id is not None else None
    return DeltaValues(
        demo=is_demo(session),
        body=DeltaBody(id=ident(body), short_name=body.short_name, name=name_on(body, life.day_of(meeting))),
        meeting=_named(meeting),
        version=version,
        released_at=released_at,
        reference=book[settings.REFERENCE],
        sender=book[settings.SENDER],
        then=_named(then) if then else None,
        as_of=as_of,
        projects=found.projects,
    )


def _named(meeting: Meeting) -> DeltaMeeting:
    return DeltaMeeting(id=ident(meeting), label=life.label(meeting), on=life.day_of(meeting))


@dataclass(frozen=True, slots=True)
class Compared:
    """The changes as a reader gets them; ``digest`` is the hash they are frozen under, "" before the release."""

    values: DeltaValues
    digest: str = ""


def choose_delta(session: Session, actor: Actor, meeting: Meeting, *, version: int | None = None) -> Compared | None:
    """The changes that were frozen with a release (default: the last), or today's before the first one.

    They hold internal matters only: whoever reads the body's interna reads them after the release, those who read
    drafts before. NotFound for everybody else and for versions that are not there; None where a release froze none.
    Invalid (at "as_of") where the Stichtag lies before the last meeting.
    """
    if not reads(actor, Matter.INTERNAL, meeting.body_id):
        raise NotFound()
    found = find_edition(session, ident(meeting), Edition.FULL, version=version, kind=DocumentKind.DELTA)
    if found is not None:
        return Compared(read_delta(found.content), found.hash)
    if version is not None:
        raise NotFound()
    if list_releases(session, ident(meeting)):
        return None
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    as_of = default_as_of(session, meeting, clock.today())
    values = delta_values(session, meeting, as_of)
    require_as_of(as_of, life.day_of(meeting), values.then.on if values.then else None)
    return Compared(values)
