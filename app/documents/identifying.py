"""Which document a hash belongs to: for the command, which knows all, and for people, who know what is theirs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import DocumentKind, FrozenDocument
from app.agenda.rules.reading import EditionKey, may_read_frozen, readers_edition
from app.bodies.queries import load_body
from app.db import ident
from app.errors import Invalid, NotFound
from app.meetings.models import Meeting
from app.meetings.queries import find_publication, get_meeting
from app.meetings.rules import life

SHORTEST, WHOLE, MOST = 8, 64, 20
NAMES: Mapping[DocumentKind, str] = {
    DocumentKind.AGENDA: "Tagesordnung",
    DocumentKind.CHANGES: "Änderungsübersicht",
    DocumentKind.DELTA: "Veränderungen seit der letzten Sitzung",
}
FILES: Mapping[DocumentKind, str] = {
    DocumentKind.AGENDA: "tagesordnung.pdf",
    DocumentKind.CHANGES: "aenderungen.pdf",
    DocumentKind.DELTA: "veraenderungen.pdf",
}


@dataclass(frozen=True, slots=True)
class Identified:
    """A frozen document in words. ``href``: the address of its file; ``latest``: no newer version is released."""

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

    @property
    def sentence(self) -> str:
        """Tagesordnung, Version 2, Fassung vollständig: SKIP, 18. Sitzung am 12.05.2026, freigegeben am …"""
        return (
            f"{self.kind}, Version {self.version}, Fassung {self.edition}: {self.body}, {self.meeting}, "
            f"freigegeben am {self.released}"
        )


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
            meeting = get_meeting(session, actor, document.meeting_id)
        except NotFound:
            continue
        if _may_read(session, actor, meeting, document):
            found.append(_identified(session, meeting, document))
    return found


def readable_documents(session: Session, actor: Actor, meeting: Meeting) -> list[Identified]:
    """Every frozen document of a readable meeting that the actor may read, newest version first."""
    return [
        _identified(session, meeting, one)
        for one in queries.list_documents(session, ident(meeting))
        if _may_read(session, actor, meeting, one)
    ]


def _may_read(session: Session, actor: Actor, meeting: Meeting, document: FrozenDocument) -> bool:
    publication = find_publication(session, ident(meeting))
    return may_read_frozen(
        actor,
        meeting.body_id,
        readers_edition(document.kind, document.edition),
        item_id=document.item_id,
        version=document.version,
        latest=queries.last_version(session, ident(meeting)),
        published=publication.version if publication else None,
    )


def _identified(session: Session, meeting: Meeting, document: FrozenDocument) -> Identified:
    numbers = queries.numbers_of_items(session, [document.item_id] if document.item_id else [])
    key = EditionKey(document.edition, numbers.get(document.item_id or 0, ""))
    return Identified(
        hash=document.hash,
        of=document.kind,
        key=str(key),
        kind=NAMES[document.kind],
        body=load_body(session, meeting.body_id).short_name,
        meeting=life.label_with_date(meeting),
        version=document.version,
        edition=key.word,
        released=text.moment(document.frozen_at),
        latest=document.version == queries.last_version(session, ident(meeting)),
        href=f"/sitzungen/{ident(meeting)}/{FILES[document.kind]}?fassung={key}&version={document.version}",
    )
