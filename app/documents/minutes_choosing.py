"""Which minutes a reader wants and may have: the same answer for the page, the file, the API and the command."""

from dataclasses import dataclass

from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import DocumentKind, Edition, FrozenDocument
from app.agenda.rules.reading import edition_of
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import Minutes, MinutesState
from app.minutes.rules.reading import edition_named, may_read, own_edition
from app.minutes.schemas.frozen import AddendumValues, MinutesValues, edition, read_addendum, read_minutes
from app.minutes.service.values import minutes_values

DRAFTED = (MeetingState.IN_SESSION, MeetingState.HELD)


@dataclass(frozen=True, slots=True)
class ChosenMinutes:
    """Minutes as plain values; ``digest`` is the hash under which their bytes are kept, "" for a draft."""

    values: MinutesValues
    digest: str


@dataclass(frozen=True, slots=True)
class ChosenAddendum:
    """An addendum, as ``ChosenMinutes``."""

    values: AddendumValues
    digest: str


def find_record(session: Session, actor: Actor, meeting_id: int) -> tuple[Meeting, Minutes | None]:
    """The meeting with its minutes as far as the actor reads them; NotFound for all others.

    Whoever sat in a meeting reads its approved minutes though they may not know of the meeting any more. Before the
    first writing (None) there is something to read for those who read drafts, once the meeting has begun.
    """
    found = queries.find_minutes(session, meeting_id)
    if found is None:
        meeting = queries.find_drafted(session, actor, meeting_id)
        if meeting is None or meeting.state not in DRAFTED:
            raise NotFound()
        return meeting, None
    minutes = queries.get_minutes(session, actor, meeting_id)
    return queries.get_minutes_meeting(session, minutes), minutes


def edition_for(session: Session, actor: Actor, meeting: Meeting, minutes: Minutes | None) -> Edition | None:
    """The edition that the actor gets unasked."""
    state = minutes.state if minutes is not None else MinutesState.DRAFT
    return own_edition(
        actor,
        meeting.body_id,
        state,
        attended=queries.attended(session, actor, ident(meeting)),
        published=queries.find_minutes_publication(session, ident(meeting)) is not None,
    )


def choose_minutes(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    minutes: Minutes | None,
    *,
    named: str = "",
    version: int | None = None,
) -> ChosenMinutes:
    """The edition *named* ("" = the reader's own) of a version (default: the last one sent or approved).

    Version 0 is the working copy, for those who read drafts; they get it unasked where nothing was sent. Readers from
    outside the body get what was approved alone. NotFound for all else.
    """
    own = edition_for(session, actor, meeting, minutes)
    which = edition_named(named) if named else own
    if which is None or not may_read(own, which):
        raise NotFound()
    newest = next(iter(queries.list_minutes_releases(session, ident(meeting))), None)
    if version == 0 or (version is None and newest is None):
        if not life.reads_draft(actor, meeting):
            raise NotFound()
        return ChosenMinutes(edition(minutes_values(session, actor, meeting, minutes), which), "")
    wanted = version if version is not None else newest.version if newest is not None else 0
    if edition_of(actor, meeting.body_id) is None and (newest is None or wanted != newest.version):
        raise NotFound()
    found = queries.find_minutes_edition(session, ident(meeting), which, version=wanted)
    if found is None:
        raise NotFound()
    return ChosenMinutes(read_minutes(found.content), found.hash)


def choose_addendum(
    session: Session, actor: Actor, meeting: Meeting, minutes: Minutes | None, serial: int, *, named: str = ""
) -> ChosenAddendum:
    """An addendum in the edition *named* ("" = the reader's own); NotFound where it is not in that edition."""
    own = edition_for(session, actor, meeting, minutes)
    which = edition_named(named) if named else own
    if which is None or not may_read(own, which):
        raise NotFound()
    kind = DocumentKind.ADDENDUM
    found = queries.find_minutes_edition(session, ident(meeting), which, version=serial, kind=kind)
    if found is None:
        raise NotFound()
    return ChosenAddendum(read_addendum(found.content), found.hash)


def minutes_documents(
    session: Session, actor: Actor, meeting: Meeting, minutes: Minutes | None
) -> list[FrozenDocument]:
    """Every frozen edition of minutes and addenda that the actor may have, newest version first."""
    own, outside = edition_for(session, actor, meeting, minutes), edition_of(actor, meeting.body_id) is None
    newest = next(iter(queries.list_minutes_releases(session, ident(meeting))), None)
    return [
        one
        for one in queries.list_minutes_documents(session, ident(meeting))
        if may_read(own, one.edition)
        and (not outside or one.kind is DocumentKind.ADDENDUM or (newest is not None and one.version == newest.version))
    ]
