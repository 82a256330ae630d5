"""Which documents of a release come along with an invitation, which are only named with their address.

Mails never carry confidential content (domain §6): an edition that holds some is linked, and so is every guest's own
confidential item. What is attached are the bytes that are kept for the frozen document.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from app import text
from app.agenda.models import DocumentKind, Edition, FrozenDocument, Level
from app.agenda.queries import list_documents
from app.agenda.rules.reading import EditionKey, key_named
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, read_values
from app.agenda.service.values import released_values
from app.bodies.queries import load_body, load_rules
from app.bodies.rules import FEED_TITLES
from app.config import Settings
from app.db import ident
from app.invitations.models import RecipientRole
from app.invitations.rules.settings import PAPERS, Papers
from app.invitations.schemas import Addressee, Document, OwnItem
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life

Key = tuple[DocumentKind, int, Edition, int | None]


@dataclass(frozen=True, slots=True)
class Enclosures:
    """The released version (None before) with what each edition may carry; ``since``: the version told last."""

    version: int | None = None
    since: int = 0
    attach: bool = True
    titled: bool = False
    page: str = ""
    name: str = ""
    values: AgendaValues | None = None
    documents: Mapping[Key, FrozenDocument] = field(default_factory=dict)
    confidential_versions: frozenset[int] = frozenset()

    @property
    def guest_ids(self) -> set[int]:
        """The persons who are guests of released items."""
        return {guest.person for item in self._items() for guest in item.guests if guest.person is not None}

    def for_recipient(self, one: Addressee) -> Addressee:
        """The recipient with documents and own items."""
        if self.values is None or self.version is None:
            return one
        if one.role is RecipientRole.GUEST:
            return self._for_guest(one)
        key = key_named(one.edition) or EditionKey(Edition.NON_CONFIDENTIAL)
        secret = key.which is Edition.FULL and bool(self.confidential_versions)
        found = tuple(self._documents(key, None, range(max(self.since, 1) + 1, self.version + 1)))
        titles = self._titles() if self.titled else ()
        return self._split(replace(one, edition_word=key.word, titles=titles), found, secret=secret)

    def _for_guest(self, one: Addressee) -> Addressee:
        mine = [item for item in self._items() if any(guest.person == one.person_id for guest in item.guests)]
        own = tuple(self._own(item) for item in mine)
        open_ones = [item for item in mine if item.level is not Level.CONFIDENTIAL]
        found: list[Document] = []
        for item in open_ones:
            found += self._documents(EditionKey(Edition.GUEST, item.number), item.id, ())
        first = EditionKey(Edition.GUEST, open_ones[0].number) if open_ones else None
        known = replace(
            one,
            items=own,
            edition=str(first) if first else "",
            edition_word=first.word if first else "nur auf der Seite",
            titles=tuple(f"{item.number} {item.title}".strip() for item in own) if self.titled else (),
        )
        return self._split(known, tuple(found), secret=False)

    def _split(self, one: Addressee, found: tuple[Document, ...], *, secret: bool) -> Addressee:
        if secret or not self.attach:
            return replace(one, linked=found)
        return replace(one, attached=found)

    def _documents(self, key: EditionKey, item_id: int | None, changed: Iterable[int]) -> Iterable[Document]:
        agenda = self.documents.get((DocumentKind.AGENDA, self.version or 0, key.which, item_id))
        if agenda is not None:
            yield self._document("Tagesordnung", "tagesordnung", agenda, key)
        for version in changed:
            sheet = self.documents.get((DocumentKind.CHANGES, version, key.which, item_id))
            if sheet is not None:
                yield self._document("Änderungsübersicht", "aenderungen", sheet, key)

    def _document(self, title: str, path: str, frozen: FrozenDocument, key: EditionKey) -> Document:
        name = f"{self.name} {title} Version {frozen.version}.pdf"
        return Document(
            title=f"{title} (Version {frozen.version}, Fassung {key.word})",
            file_name="".join(sign if sign.isalnum() or sign in " .-" else " " for sign in name),
            digest=frozen.hash,
            address=f"{self.page}/{path}.pdf?fassung={key}&version={frozen.version}",
        )

    def _items(self) -> list[FrozenItem]:
        sections = self.values.sections if self.values is not None else ()
        return [item for section in sections for item in section.items if not item.withdrawn]

    def _titles(self) -> tuple[str, ...]:
        """What the calendar entry lists: never confidential items, whoever reads it."""
        return tuple(f"TOP {one.number} {one.title}" for one in self._items() if one.level is not Level.CONFIDENTIAL)

    def _own(self, item: FrozenItem) -> OwnItem:
        named = self.titled and item.level is not Level.CONFIDENTIAL
        end = item.starts_at + dt.timedelta(minutes=item.minutes)
        when = text.span(item.starts_at, end) if item.minutes else f"{text.time(item.starts_at)} Uhr"
        return OwnItem(f"TOP {item.number}", item.title if named else "", when)


def load_enclosures(session: Session, meeting: Meeting, settings: Settings, *, since: int) -> Enclosures:
    """What the last release has to enclose; *since*: the version told last (0: none). None unless released."""
    page = f"{settings.base_url.rstrip('/')}/sitzungen/{meeting.id}"
    book = load_rules(session, meeting.body_id)
    values = released_values(session, ident(meeting)) if meeting.state is MeetingState.RELEASED else None
    if values is None:
        return Enclosures(page=page)
    rows = list_documents(session, ident(meeting))
    documents = {(one.kind, one.version, one.edition, one.item_id): one for one in rows}
    whole = [one for one in rows if one.kind is DocumentKind.AGENDA and one.edition is Edition.FULL]
    return Enclosures(
        version=values.version,
        since=since or values.version,
        attach=book[PAPERS] == Papers.ATTACH,
        titled=book[FEED_TITLES],
        page=page,
        name=f"{load_body(session, meeting.body_id).short_name} {life.label(meeting)}",
        values=values,
        documents=documents,
        confidential_versions=frozenset(one.version for one in whole if is_confidential(read_values(one.content))),
    )


def is_confidential(values: AgendaValues) -> bool:
    """Whether an agenda holds anything confidential: an item, or a paper of an item or of the meeting."""
    items = [item for section in values.sections for item in section.items]
    papers = [*values.papers, *(paper for item in items for paper in item.papers)]
    levels = [one.level for one in items] + [one.level for one in papers]
    return Level.CONFIDENTIAL in levels
