"""Which document a reader wants and may have: the same answer for the page, the file and the command."""

from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import DocumentKind, Edition, FrozenDocument
from app.agenda.rules.reading import (
    EditionKey,
    edition_of,
    key_named,
    may_read_edition,
    part_named,
    readers_edition,
    readers_part,
)
from app.agenda.schemas.changes import ChangesValues, read_changes
from app.agenda.schemas.frozen import AgendaValues, read_values
from app.agenda.service.values import agenda_values, default_as_of, released_values
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import find_publication
from app.meetings.rules import life


@dataclass(frozen=True, slots=True)
class Chosen:
    """An agenda as plain values; ``digest`` is the hash under which its bytes are kept, "" for a draft."""

    values: AgendaValues
    digest: str


@dataclass(frozen=True, slots=True)
class ChosenChanges:
    """A sheet of changes; ``digest`` as in ``Chosen``."""

    values: ChangesValues
    digest: str


def choose_agenda(
    session: Session, actor: Actor, meeting: Meeting, *, named: str = "", version: int | None = None
) -> Chosen:
    """The edition *named* ("" = the reader's own) of a release, or the draft for those who read drafts.

    NotFound for editions that are unknown or not for this reader, versions that are not there, and readers of single
    items for whom no edition is frozen.
    """
    key = _wanted(session, actor, meeting, named)
    found = _frozen(session, actor, meeting, key, version, DocumentKind.AGENDA)
    if found is not None:
        return Chosen(read_values(found.content), found.hash)
    released = queries.last_version(session, ident(meeting)) is not None
    drafted = life.reads_draft(actor, meeting) and meeting.state is not MeetingState.CANCELLED
    if version is not None or released or not drafted:
        raise NotFound()
    as_of = default_as_of(session, meeting, clock.today())
    return Chosen(_draft_part(agenda_values(session, actor, meeting, as_of=as_of), key), "")


def choose_next_agenda(session: Session, actor: Actor, meeting: Meeting, *, named: str = "") -> Chosen:
    """The working copy of the next version in the edition *named*, for those who read drafts."""
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    key = _wanted(session, actor, meeting, named)
    as_of = default_as_of(session, meeting, clock.today())
    return Chosen(_draft_part(agenda_values(session, actor, meeting, as_of=as_of), key), "")


def choose_changes(
    session: Session, actor: Actor, meeting: Meeting, *, named: str = "", version: int | None = None
) -> ChosenChanges:
    """The sheet of changes of a version (default: the last) in an edition; NotFound also for version 1."""
    key = _wanted(session, actor, meeting, named)
    if edition_of(actor, meeting.body_id) is None and readers_edition(DocumentKind.CHANGES, key.which) != key.which:
        raise NotFound()
    found = _frozen(session, actor, meeting, key, version, DocumentKind.CHANGES)
    if found is None:
        raise NotFound()
    return ChosenChanges(read_changes(found.content), found.hash)


def part_of_reader(session: Session, actor: Actor, meeting: Meeting) -> AgendaValues | None:
    """What a reader sees of the last release without asking for an edition: their own, their own items, or what is
    published; None where nothing is released or nothing of it is theirs.
    """
    whole = released_values(session, ident(meeting))
    if whole is None:
        return None
    part = readers_part(actor, whole)
    if edition_of(actor, meeting.body_id) is not None or part.sections:
        return part
    publication = find_publication(session, ident(meeting))
    if publication is None:
        return None if not _has_own(actor, meeting) else part
    key = EditionKey(Edition.PUBLIC)
    found = _frozen(session, actor, meeting, key, publication.version, DocumentKind.AGENDA)
    return read_values(found.content) if found is not None else None


def edition_named(session: Session, actor: Actor, meeting: Meeting, named: str) -> EditionKey:
    """The edition that an address asks for; NotFound for unknown ones and those the actor may not read."""
    key = key_named(named)
    item_id, published = None, False
    if key is not None and key.which is Edition.GUEST:
        item_id = queries.find_item_numbered(session, ident(meeting), key.number)
    if key is not None and key.which is Edition.PUBLIC:
        published = find_publication(session, ident(meeting)) is not None
    if key is None or not may_read_edition(actor, meeting.body_id, key.which, item_id=item_id, published=published):
        raise NotFound()
    return key


def own_key(session: Session, actor: Actor, meeting: Meeting) -> EditionKey | None:
    """The edition that a reader gets unasked: of the body, of their first item as a guest, or the public one."""
    own = edition_of(actor, meeting.body_id)
    if own is not None:
        return EditionKey(own)
    keys = guest_keys(session, actor, meeting)
    if keys:
        return keys[0]
    return EditionKey(Edition.PUBLIC) if find_publication(session, ident(meeting)) is not None else None


def guest_keys(session: Session, actor: Actor, meeting: Meeting) -> list[EditionKey]:
    """The guest's editions of the last release that are the actor's own as a guest, in the order of the agenda."""
    if not actor.guest_item_ids:
        return []
    whole = released_values(session, ident(meeting))
    if whole is None:
        return []
    frozen = queries.guest_editions(session, ident(meeting), whole.version)
    return [
        EditionKey(Edition.GUEST, item.number)
        for section in whole.sections
        for item in section.items
        if item.id in actor.guest_item_ids and item.id in frozen
    ]


def _wanted(session: Session, actor: Actor, meeting: Meeting, named: str) -> EditionKey:
    key = edition_named(session, actor, meeting, named) if named else own_key(session, actor, meeting)
    if key is None:
        raise NotFound()
    return key


def _frozen(
    session: Session, actor: Actor, meeting: Meeting, key: EditionKey, version: int | None, kind: DocumentKind
) -> FrozenDocument | None:
    """The frozen document; readers from outside the body get the last version only, and the public one as published."""
    meeting_id = ident(meeting)
    outside = edition_of(actor, meeting.body_id) is None
    if outside and key.which is Edition.PUBLIC:
        publication = find_publication(session, meeting_id)
        if publication is None or version not in (None, publication.version):
            return None
        version = publication.version
    elif outside and version not in (None, queries.last_version(session, meeting_id)):
        return None
    item_id = None
    if key.which is Edition.GUEST:
        item_id = queries.find_item_numbered(session, meeting_id, key.number)
        if item_id is None:
            return None
    version = version if version is not None else queries.last_version(session, meeting_id)
    if version is None:
        return None
    return queries.find_edition(session, meeting_id, key.which, version=version, kind=kind, item_id=item_id)


def _draft_part(values: AgendaValues, key: EditionKey) -> AgendaValues:
    part = part_named(values, key)
    if part is None:
        raise NotFound()
    return part


def _has_own(actor: Actor, meeting: Meeting) -> bool:
    return ident(meeting) in actor.own_meeting_ids
