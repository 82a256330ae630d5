"""Which part of a released agenda a reader gets (domain §6), as pure functions of frozen values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.actor import Actor
from app.agenda.models import DocumentKind, Edition, Level
from app.agenda.rules.words import EDITION_WORDS
from app.agenda.schemas.frozen import AgendaValues, edition, guest_edition, with_enclosed
from app.visibility import Matter, attends, reads

WHOLE_EDITIONS = (Edition.FULL, Edition.NON_CONFIDENTIAL)
"""The editions of the body's own readers; they tell of the whole agenda."""

_GUEST = re.compile(r"gast-(\d{1,4}\.\d{1,4})")


@dataclass(frozen=True, slots=True)
class EditionKey:
    """An edition as addresses name it: vollstaendig, ohne-vertrauliches, gast-4.1, oeffentlich."""

    which: Edition
    number: str = ""

    def __str__(self) -> str:
        return f"{self.which.value}-{self.number}" if self.which is Edition.GUEST else self.which.value

    @property
    def word(self) -> str:
        """vollständig, ohne Vertrauliches, Gast TOP 4.1, öffentlich"""
        return f"Gast TOP {self.number}" if self.which is Edition.GUEST else EDITION_WORDS[self.which]


def key_of(which: Edition, guest: str) -> EditionKey:
    """The key of frozen values, from their ``edition`` and ``guest``."""
    return EditionKey(which, guest)


def key_named(named: str) -> EditionKey | None:
    """The edition that *named* means, None for an unknown one."""
    guest = _GUEST.fullmatch(named)
    if guest:
        return EditionKey(Edition.GUEST, guest[1])
    which = next((one for one in Edition if one.value == named and one is not Edition.GUEST), None)
    return EditionKey(which) if which else None


def part_named(values: AgendaValues, key: EditionKey) -> AgendaValues | None:
    """The edition *key* of whole values; None for a guest's edition that there is not."""
    return guest_edition(values, key.number) if key.which is Edition.GUEST else edition(values, key.which)


def edition_of(actor: Actor, body_id: int) -> Edition | None:
    """The edition a reader of the body gets: whole, without confidential items, or none of the whole editions."""
    if reads(actor, Matter.CONFIDENTIAL, body_id):
        return Edition.FULL
    if reads(actor, Matter.INTERNAL, body_id):
        return Edition.NON_CONFIDENTIAL
    return None


def shows_own_alone(actor: Actor, body_id: int, which: Edition) -> bool:
    """Whether somebody from outside reads *which*, a whole edition: then only their own items of it are shown."""
    return edition_of(actor, body_id) is None and which in WHOLE_EDITIONS


def may_read_edition(
    actor: Actor, body_id: int, which: Edition, *, item_id: int | None = None, published: bool = False
) -> bool:
    """Whether a reader may ask for the edition *which* by name: their own, or a smaller one.

    A guest reads the edition of the item *item_id* to which they are invited; the public one is everybody's once it is
    *published*.
    """
    own = edition_of(actor, body_id)
    if which is Edition.PUBLIC:
        return own is not None or (published and reads(actor, Matter.PUBLISHED, body_id))
    if which is Edition.GUEST:
        return own is not None or item_id in actor.guest_item_ids
    return own is Edition.FULL or own is which


def readers_edition(kind: DocumentKind, which: Edition) -> Edition:
    """The edition whose readers get a document.

    The delta page holds nothing confidential, so all insiders read it. Changes of the public edition quote the version
    before, which may never have been published: they are for insiders too.
    """
    quotes = kind is DocumentKind.CHANGES and which is Edition.PUBLIC
    return Edition.NON_CONFIDENTIAL if kind is DocumentKind.DELTA or quotes else which


def may_read_frozen(
    actor: Actor,
    body_id: int,
    which: Edition,
    *,
    item_id: int | None,
    version: int,
    latest: int | None,
    published: int | None,
) -> bool:
    """Whether a reader gets a frozen document: of *version*, the *latest* one released, the *published* one (or None).

    Readers from outside the body get of a guest's edition the latest, and of the public one what is published.
    """
    if not may_read_edition(actor, body_id, which, item_id=item_id, published=published == version):
        return False
    return edition_of(actor, body_id) is not None or which is Edition.PUBLIC or version == latest


def reads_item(actor: Actor, body_id: int, item_id: int | None, level: Level, project_ids: Iterable[int] = ()) -> bool:
    """Whether a reader of a release gets the item with these facts of it, on the page; None: no item, the whole.

    The body's readers get what is in their edition or what they attend, guests their own items, leads what is not
    confidential about their own projects.
    """
    own, open_to_all = edition_of(actor, body_id), level is not Level.CONFIDENTIAL
    if own is not None:
        return own is Edition.FULL or open_to_all or attends(actor, body_id, item_id)
    return item_id in actor.guest_item_ids or (
        open_to_all and any(project_id in actor.lead_project_ids for project_id in project_ids)
    )


def readers_part(actor: Actor, values: AgendaValues) -> AgendaValues:
    """What the page shows of a whole release: the reader's edition; guests and project leads only their own items.

    Guests see their own confidential items and papers (page only), project leads do not (domain §6). Papers of the
    meeting as a whole are for the body's own readers, and a section begins with the first item shown. Whether an item
    is a lead's own is asked of what was released, not of the working copy.
    """
    which = edition_of(actor, values.body.id)
    if which is not None:
        part = edition(values, which)
        return part if which is Edition.FULL else _with_attended(actor, values, part)
    kept = []
    for section in values.sections:
        items = tuple(
            item if item.id in actor.guest_item_ids else with_enclosed(item, Edition.NON_CONFIDENTIAL)
            for item in section.items
            if reads_item(actor, values.body.id, item.id, item.level, (project.id for project in item.projects))
        )
        if items:
            minutes = sum(item.minutes for item in items if not item.withdrawn)
            alone = {"items": items, "standing": (), "minutes": minutes, "starts_at": items[0].starts_at}
            kept.append(section.model_copy(update=alone))
    return values.model_copy(
        update={
            "edition": Edition.NON_CONFIDENTIAL,
            "sections": tuple(kept),
            "papers": (),
            "invitation": "",
            "late_reason": "",
            "supplement_reason": "",
        }
    )


def _with_attended(actor: Actor, values: AgendaValues, part: AgendaValues) -> AgendaValues:
    """The smaller edition *part* with the confidential items of *values* that somebody on a seat attends (domain §6).

    On the page only: no edition of the document is frozen with them.
    """
    body_id, shown = values.body.id, {section.key for section in part.sections}
    if not any(attends(actor, body_id, item.id) for section in values.sections for item in section.items):
        return part
    sections = []
    for section in values.sections:
        items = tuple(
            item if attends(actor, body_id, item.id) else with_enclosed(item, Edition.NON_CONFIDENTIAL)
            for item in section.items
            if reads_item(actor, body_id, item.id, item.level)
        )
        if items or section.key in shown:
            kept = {item.id for item in items}
            left_out = sum(one.minutes for one in section.items if one.id not in kept and not one.withdrawn)
            minutes = max(section.minutes - left_out, 0)
            sections.append(section.model_copy(update={"items": items, "minutes": minutes}))
    return part.model_copy(update={"sections": tuple(sections)})


def may_take_along(actor: Actor, body_id: int, *levels: Level, item_id: int | None = None) -> bool:
    """Whether a paper that the reader sees may be downloaded, by its level and its item's.

    Guests see confidential matters of their own items on the page only (domain §6): they get no file of them. Somebody
    on a seat gets the files of the items that they attend.
    """
    if Level.CONFIDENTIAL not in levels:
        return True
    return reads(actor, Matter.CONFIDENTIAL, body_id) or attends(actor, body_id, item_id)
