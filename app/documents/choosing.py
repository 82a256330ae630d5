"""Which agenda a reader wants and may have: the same answer for the page, the file and the command."""

from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Edition
from app.agenda.rules.reading import edition_of, may_read_edition
from app.agenda.schemas.frozen import AgendaValues, edition, read_values
from app.agenda.service.values import agenda_values, default_as_of
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life


@dataclass(frozen=True, slots=True)
class Chosen:
    """An agenda as plain values; ``digest`` is the hash under which its bytes are kept, "" for a draft."""

    values: AgendaValues
    digest: str


def choose_agenda(
    session: Session, actor: Actor, meeting: Meeting, *, named: str = "", version: int | None = None
) -> Chosen:
    """The edition *named* ("" = the reader's own) of a release, or the draft for those who read drafts.

    NotFound for editions that are unknown or not for this reader, versions that are not there, and readers of single
    items, for whom no edition is frozen.
    """
    own = edition_of(actor, meeting.body_id)
    if own is None:
        raise NotFound()
    which = edition_named(actor, meeting, named) if named else own
    found = queries.find_edition(session, ident(meeting), which, version=version)
    if found is not None:
        return Chosen(read_values(found.content), found.hash)
    released = bool(queries.list_releases(session, ident(meeting)))
    drafted = life.reads_draft(actor, meeting) and meeting.state is not MeetingState.CANCELLED
    if version is not None or released or not drafted:
        raise NotFound()
    as_of = default_as_of(session, meeting, clock.today())
    return Chosen(edition(agenda_values(session, actor, meeting, as_of=as_of), which), "")


def edition_named(actor: Actor, meeting: Meeting, named: str) -> Edition:
    """The edition that an address asks for; NotFound for unknown ones and those the actor may not read."""
    which = next((one for one in Edition if one.value == named), None)
    if which is None or not may_read_edition(actor, meeting.body_id, which):
        raise NotFound()
    return which
