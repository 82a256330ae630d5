"""Released versions, their frozen documents, what a version changed, and publications, as programs read them."""

import datetime as dt

from pydantic import Field

from app.agenda.models import AgendaRelease, DocumentKind
from app.agenda.rules.changes import sentence
from app.agenda.rules.reading import key_of
from app.agenda.schemas.changes import ChangeKind, ChangesValues
from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.db import ident
from app.documents.identifying import Identified
from app.meetings.models import Meeting, Publication


class DocumentOut(Shape):
    """A frozen document. ``edition`` is the key that ``?fassung=`` takes, ``hash`` SHA-256 of its canonical values."""

    kind: DocumentKind
    edition: str
    hash: str
    file: str = Field(description="Pfad der PDF-Datei")


class VersionOut(Thing):
    """A released version of an agenda with those of its documents that you may read.

    Who released and approved it is told to the body's own readers only.
    """

    meeting: int
    number: int = Field(description="Nummer der Version, 1, 2, 3 …")
    released_at: Moment
    as_of: dt.date | None
    reason: str = Field(description="Grund des Nachtrags")
    approved_by: str
    approved_on: dt.date | None
    approved_how: str
    documents: list[DocumentOut]


class ChangeOut(Shape):
    """One change in German words; of a longer text both versions."""

    kind: ChangeKind
    item: int | None
    number: str
    title: str
    text: str
    label: str
    before: str
    after: str


class ChangesOut(Shape):
    """What a version changed against the one before, in one edition."""

    meeting: int
    before_version: int
    version: int
    edition: str
    reason: str
    hash: str
    changes: list[ChangeOut]


class PublicationOut(Thing):
    """An act of publishing; it holds while ``revoked_at`` is null."""

    meeting: int
    agenda_version: int
    published_at: Moment
    published_by: str
    revoked_at: Moment | None
    revoked_reason: str


def version_out(meeting: Meeting, release: AgendaRelease, documents: list[Identified], *, inside: bool) -> VersionOut:
    """A version as the actor reads it."""
    return VersionOut(
        id=ident(release),
        url=f"{PREFIX}/meetings/{meeting.id}/releases",
        page=f"/sitzungen/{meeting.id}?version={release.version}",
        meeting=ident(meeting),
        number=release.version,
        released_at=release.released_at,
        as_of=release.as_of if inside else None,
        reason=release.reason if inside else "",
        approved_by=release.approved_by if inside else "",
        approved_on=release.approved_on if inside else None,
        approved_how=release.approved_how if inside else "",
        documents=[DocumentOut(kind=one.of, edition=one.key, hash=one.hash, file=one.href) for one in documents],
    )


def changes_out(meeting: Meeting, values: ChangesValues, digest: str) -> ChangesOut:
    """The sheet of changes of an edition."""
    return ChangesOut(
        meeting=ident(meeting),
        before_version=values.before_version,
        version=values.version,
        edition=str(key_of(values.edition, values.guest)),
        reason=values.reason,
        hash=digest,
        changes=[
            ChangeOut(
                kind=one.kind,
                item=one.item_id,
                number=one.number,
                title=one.title,
                text=sentence(one),
                label=one.label,
                before=one.before,
                after=one.after,
            )
            for one in values.changes
        ],
    )


def publication_out(publication: Publication, *, inside: bool) -> PublicationOut:
    """A publication; the names and the reason of its end are the body's."""
    return PublicationOut(
        id=ident(publication),
        url=f"{PREFIX}/meetings/{publication.meeting_id}/publication",
        page=f"/sitzungen/{publication.meeting_id}?fassung=oeffentlich",
        meeting=publication.meeting_id,
        agenda_version=publication.version,
        published_at=publication.published_at,
        published_by=publication.published_by if inside else "",
        revoked_at=publication.revoked_at,
        revoked_reason=publication.revoked_reason if inside else "",
    )
