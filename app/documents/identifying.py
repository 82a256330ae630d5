"""Which document a hash belongs to: for the command, which knows all, and for people, who know what is theirs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import DocumentKind, FrozenDocument, LetterDispatch
from app.agenda.rules.reading import EditionKey, may_read_frozen, readers_edition
from app.agenda.rules.words import EDITION_WORDS, WAY_WORDS
from app.bodies.queries import load_body
from app.db import ident
from app.documents.minutes_choosing import find_record, minutes_documents
from app.errors import Invalid, NotFound
from app.meetings.models import Meeting, Publication
from app.meetings.queries import find_publication, get_meeting
from app.meetings.rules import life
from app.minutes.models import MinutesRelease, ReleaseKind
from app.minutes.queries import list_minutes_releases

SHORTEST, WHOLE, MOST = 8, 64, 20
NAMES: Mapping[DocumentKind, str] = {
    DocumentKind.AGENDA: "Tagesordnung",
    DocumentKind.CHANGES: "Änderungsübersicht",
    DocumentKind.DELTA: "Veränderungen seit der letzten Sitzung",
    DocumentKind.MINUTES: "Niederschrift",
    DocumentKind.ADDENDUM: "Nachtrag zur Niederschrift",
}
FILES: Mapping[DocumentKind, str] = {
    DocumentKind.AGENDA: "tagesordnung.pdf",
    DocumentKind.CHANGES: "aenderungen.pdf",
    DocumentKind.DELTA: "veraenderungen.pdf",
}
OF_MINUTES = (DocumentKind.MINUTES, DocumentKind.ADDENDUM)


@dataclass(frozen=True, slots=True)
class Identified:
    """A frozen document in words. ``href``: the address of its file; ``latest``: no newer version is released.

    ``act``: what was done with it at ``released``.
    """

    hash: str
    of: DocumentKind
    key: str
    kind: str
    body: str
    meeting: str
    version: int
    edition: str
    released: str
    latest: bool
    href: str
    act: str = "freigegeben"

    @property
    def sentence(self) -> str:
        """Tagesordnung, Version 2, Fassung vollständig: SKIP, 18. Sitzung am 12.05.2026, freigegeben am …"""
        return (
            f"{self.kind}, Version {self.version}, Fassung {self.edition}: {self.body}, {self.meeting}, "
            f"{self.act} am {self.released}"
        )


@dataclass(frozen=True, slots=True)
class IdentifiedLetter:
    """A letter that was sent, in words; ``href`` as in ``Identified``."""

    hash: str
    name: str
    body: str
    meeting: str
    version: int
    sent: str
    href: str

    @property
    def sentence(self) -> str:
        """Schreiben an Dr. Ada Muster zu Version 1: SKIP, 18. Sitzung am 12.05.2026, versandt am …"""
        return f"Schreiben an {self.name} zu Version {self.version}: {self.body}, {self.meeting}, {self.sent}"


def cleaned_hash(typed: str) -> str:
    """The hexadecimal digits that were typed or pasted; Invalid for fewer than 8, more than 64 or anything else."""
    found = re.sub(r"[\s.…]", "", typed).lower().removeprefix("prüfsumme").lstrip(":")
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},{WHOLE}}}", found):
        raise Invalid(
            {"hash": f"Bitte geben Sie mindestens {SHORTEST} Zeichen der Prüfsumme ein: Ziffern und a bis f."}
        )
    return found


def identify(session: Session, actor: Actor, prefix: str) -> list[Identified]:
    """The documents whose hash begins with *prefix*, as far as the actor may read them; unknown and invisible alike."""
    found = []
    for document in queries.find_by_prefix(session, prefix, limit=MOST):
        try:
            if document.kind in OF_MINUTES:
                found += [
                    one
                    for one in readable_minutes_documents(session, actor, document.meeting_id)
                    if one.hash == document.hash
                ]
            else:
                meeting = get_meeting(session, actor, document.meeting_id)
                found += _readable(session, actor, meeting, [document])
        except NotFound:
            continue
    return found


def readable_minutes_documents(session: Session, actor: Actor, meeting_id: int) -> list[Identified]:
    """Every frozen edition of the minutes of a meeting and their addenda that the actor may read; NotFound as there."""
    meeting, minutes = find_record(session, actor, meeting_id)
    versions = {one.version: one for one in list_minutes_releases(session, meeting_id)}
    body = load_body(session, meeting.body_id).short_name
    return [_of_minutes(meeting, one, body, versions) for one in minutes_documents(session, actor, meeting, minutes)]


def _of_minutes(
    meeting: Meeting, document: FrozenDocument, body: str, versions: Mapping[int, MinutesRelease]
) -> Identified:
    addendum = document.kind is DocumentKind.ADDENDUM
    release = None if addendum else versions.get(document.version)
    place = f"/nachtraege/{document.version}.pdf?" if addendum else f".pdf?version={document.version}&"
    approved = release is not None and release.kind is ReleaseKind.APPROVAL
    return Identified(
        hash=document.hash,
        of=document.kind,
        key=document.edition.value,
        kind=NAMES[document.kind],
        body=body,
        meeting=life.label_with_date(meeting),
        version=document.version,
        edition=EDITION_WORDS[document.edition],
        released=text.moment(document.frozen_at),
        latest=addendum or document.version == max(versions, default=0),
        href=f"/sitzungen/{ident(meeting)}/niederschrift{place}fassung={document.edition.value}",
        act="eingetragen" if addendum else "genehmigt" if approved else "zur Prüfung versandt",
    )


def identify_letters(session: Session, actor: Actor, prefix: str) -> list[IdentifiedLetter]:
    """The sent letters whose hash begins with *prefix*, for those who read letters at all."""
    found = []
    for one in queries.dispatches_by_prefix(session, prefix, limit=MOST):
        try:
            meeting = get_meeting(session, actor, one.meeting_id)
        except NotFound:
            continue
        if life.reads_draft(actor, meeting):
            found.append(_identified_letter(session, meeting, one))
    return found


def readable_documents(session: Session, actor: Actor, meeting: Meeting) -> list[Identified]:
    """Every frozen document of a readable meeting that the actor may read, newest version first."""
    return _readable(session, actor, meeting, queries.list_documents(session, ident(meeting)))


def _readable(
    session: Session, actor: Actor, meeting: Meeting, documents: Sequence[FrozenDocument]
) -> list[Identified]:
    latest = queries.last_version(session, ident(meeting))
    publication = find_publication(session, ident(meeting))
    mine = [one for one in documents if may_read_document(actor, meeting, one, latest=latest, publication=publication)]
    numbers = queries.numbers_of_items(session, [one.item_id for one in mine if one.item_id is not None])
    body = load_body(session, meeting.body_id).short_name
    return [_identified(meeting, one, body, latest, numbers) for one in mine]


def may_read_document(
    actor: Actor, meeting: Meeting, document: FrozenDocument, *, latest: int | None, publication: Publication | None
) -> bool:
    """Whether the actor may read a frozen document of a readable meeting, whose *latest* version and publication
    these are.
    """
    return may_read_frozen(
        actor,
        meeting.body_id,
        readers_edition(document.kind, document.edition),
        item_id=document.item_id,
        version=document.version,
        latest=latest,
        published=publication.version if publication else None,
    )


def _identified_letter(session: Session, meeting: Meeting, one: LetterDispatch) -> IdentifiedLetter:
    revoked = queries.find_revocation(session, ident(one)) is not None
    when = f"versandt am {text.date(one.sent_on)} {WAY_WORDS[one.way]}"
    return IdentifiedLetter(
        hash=one.hash,
        name=one.name,
        body=load_body(session, meeting.body_id).short_name,
        meeting=life.label_with_date(meeting),
        version=one.version,
        sent=f"{when}; dieser Vermerk ist zurückgenommen" if revoked else when,
        href=f"/sitzungen/{ident(meeting)}/schreiben/versandt/{one.id}.pdf",
    )


def _identified(
    meeting: Meeting, document: FrozenDocument, body: str, latest: int | None, numbers: Mapping[int, str]
) -> Identified:
    key = EditionKey(document.edition, numbers.get(document.item_id or 0, ""))
    return Identified(
        hash=document.hash,
        of=document.kind,
        key=str(key),
        kind=NAMES[document.kind],
        body=body,
        meeting=life.label_with_date(meeting),
        version=document.version,
        edition=key.word,
        released=text.moment(document.frozen_at),
        latest=document.version == latest,
        href=f"/sitzungen/{ident(meeting)}/{FILES[document.kind]}?fassung={key}&version={document.version}",
    )
