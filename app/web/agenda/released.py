"""What was released, as its reader gets it: the agenda of an edition, what a version changed, every document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaRelease, DocumentKind, Edition, FrozenDocument
from app.agenda.rules import words
from app.agenda.rules.changes import MARK_WORDS
from app.agenda.rules.outcomes import WORDS as OUTCOME_WORDS
from app.agenda.rules.reading import WHOLE_EDITIONS, EditionKey, edition_of, key_of, shows_own_alone
from app.agenda.schemas.frozen import AgendaValues
from app.agenda.service.supplements import pending_changes
from app.db import ident
from app.documents.changes import entries_of
from app.documents.choosing import choose_agenda, choose_changes, guest_keys, own_key, part_of_reader
from app.documents.identifying import FILES, NAMES, may_read_document
from app.errors import NotFound
from app.meetings.models import Meeting, Publication
from app.meetings.queries import find_publication, get_meeting, list_publications
from app.meetings.rules import life
from app.minutes.queries import is_readable
from app.request import CurrentActor, ReadSession
from app.web.meetings.meeting_frame import AGENDA, address_of, meeting_page

router = APIRouter()


PAGES: Mapping[DocumentKind, str] = {DocumentKind.AGENDA: "", DocumentKind.CHANGES: "/aenderungen"}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A frozen document in the list of all of them; ``page`` shows the same as the file ``href``, "" without one."""

    name: str
    edition: str
    hash: str
    href: str
    page: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A released version with its documents."""

    release: AgendaRelease
    documents: tuple[DocumentLine, ...]


def minutes_instead(session: Session, actor: Actor, meeting: Meeting, fassung: str, version: int | None) -> str | None:
    """The address of the minutes, for whom reads nothing else of the meeting; an edition or version that was asked
    for stays unknown (None).
    """
    if fassung or version is not None or not is_readable(session, actor, ident(meeting)):
        return None
    return f"{address_of(meeting)}/niederschrift"


def released_page(
    request: Request, session: Session, actor: Actor, meeting: Meeting, fassung: str, version: int | None
) -> Response:
    """The released agenda: of the reader's edition, of another that they may see, or their own items alone."""
    shown = released_for(session, actor, meeting, fassung, version)
    own = own_key(session, actor, meeting)
    key = key_of(shown.edition, shown.guest)
    inside = edition_of(actor, meeting.body_id) is not None
    alone = shows_own_alone(actor, meeting.body_id, shown.edition)
    releases = queries.list_releases(session, ident(meeting))
    release = next(one for one in releases if one.version == shown.version)
    drafts = life.reads_draft(actor, meeting)
    rows = queries.list_items(session, actor, ident(meeting)) if drafts else ()
    pending = pending_changes(session, actor, meeting) if drafts else None
    publication = find_publication(session, ident(meeting))
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/released.html",
        tab=AGENDA,
        agenda=shown,
        release=release,
        is_latest=release is releases[0],
        edition_word="" if alone else key.word,
        whole=shown.edition in WHOLE_EDITIONS and not alone,
        may_download=own is not None,
        pdf_query="" if own is None else query_of(key if not alone else own, own, shown.version, releases[0].version),
        guest_files=[
            (one.word, f"{address_of(meeting)}/tagesordnung.pdf?fassung={one}")
            for one in guest_keys(session, actor, meeting)
        ],
        versions=version_lines(session, actor, meeting, releases, publication),
        has_changes=release.version > 1 and (inside or shown.edition is Edition.GUEST),
        moved=(shown.meeting.starts_at, shown.meeting.ends_at) != (meeting.starts_at, meeting.ends_at),
        pending=len(pending.changes) if pending else 0,
        publication=publication,
        publications=list_publications(session, ident(meeting)) if drafts else [],
        outcomes={row.id: row.outcome for row in rows if row.outcome},
        notes={row.id: row.outcome_note for row in rows if row.outcome_note},
        kind_words=words.KIND_WORDS,
        outcome_words=OUTCOME_WORDS,
        mark_words=MARK_WORDS,
        drafts=drafts,
    )


@router.get("/sitzungen/{meeting_id}/aenderungen")
def show_changes(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    fassung: str = "",
    version: int | None = None,
) -> Response:
    """What a supplement changed, in words, with both texts of what is longer."""
    meeting = get_meeting(session, actor, meeting_id)
    chosen = choose_changes(session, actor, meeting, named=fassung, version=version).values
    key, own = key_of(chosen.edition, chosen.guest), own_key(session, actor, meeting)
    releases = queries.list_releases(session, meeting_id)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/changes.html",
        title=f"Änderungen in Version {chosen.version}",
        told=chosen,
        entries=entries_of(chosen.changes),
        edition_word=key.word,
        pdf_query=query_of(key, own, chosen.version, releases[0].version),
        release=next(one for one in releases if one.version == chosen.version),
    )


def released_for(session: Session, actor: Actor, meeting: Meeting, fassung: str, version: int | None) -> AgendaValues:
    """The part of a released version that the actor reads; NotFound for editions and versions that are not for them."""
    if fassung or edition_of(actor, meeting.body_id) is not None:
        chosen = choose_agenda(session, actor, meeting, named=fassung, version=version).values
        attends = not fassung and version is None and (actor.guest_item_ids or actor.attended_item_ids)
        return (part_of_reader(session, actor, meeting) if attends and not chosen.guest else None) or chosen
    part = part_of_reader(session, actor, meeting)
    if part is None or version not in (None, part.version if part.edition is Edition.PUBLIC else None):
        raise NotFound()
    return part


def query_of(key: EditionKey, own: EditionKey | None, version: int, latest: int) -> str:
    """What an address needs to mean the edition *key* of *version*; "" for what it means by itself."""
    parts = [] if key == own else [f"fassung={key}"]
    if version != latest:
        parts.append(f"version={version}")
    return f"?{'&'.join(parts)}" if parts else ""


def version_lines(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    releases: Sequence[AgendaRelease],
    publication: Publication | None,
) -> list[VersionLine]:
    """Every version with those of its documents that the actor may read, newest first; empty versions are left out."""
    documents = queries.list_documents(session, ident(meeting))
    numbers = queries.numbers_of_items(session, [one.item_id for one in documents if one.item_id is not None])
    found = []
    for release in releases:
        lines = tuple(
            document_line(meeting, one, numbers)
            for one in documents
            if one.version == release.version
            and may_read_document(actor, meeting, one, latest=releases[0].version, publication=publication)
        )
        if lines:
            found.append(VersionLine(release, lines))
    return found


def document_line(meeting: Meeting, document: FrozenDocument, numbers: Mapping[int, str]) -> DocumentLine:
    """A frozen document in words, with the address of its file."""
    key = EditionKey(document.edition, numbers.get(document.item_id or 0, ""))
    query = f"fassung={key}&version={document.version}"
    href = f"{address_of(meeting)}/{FILES[document.kind]}?{query}"
    page = f"{address_of(meeting)}{PAGES[document.kind]}?{query}" if document.kind in PAGES else ""
    return DocumentLine(name=NAMES[document.kind], edition=key.word, hash=document.hash, href=href, page=page)
