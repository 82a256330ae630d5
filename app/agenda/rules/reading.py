"""Which part of a released agenda a reader gets (domain §6), as pure functions of frozen values."""

from app.actor import Actor
from app.agenda.models import Edition, Level
from app.agenda.schemas.frozen import AgendaValues, edition, with_enclosed
from app.visibility import Matter, reads

WHOLE_EDITIONS = (Edition.FULL, Edition.NON_CONFIDENTIAL)
"""The editions of the body's own readers; they tell of the whole agenda."""


def edition_of(actor: Actor, body_id: int) -> Edition | None:
    """The edition a reader of the body gets: whole, without confidential items, or none of the frozen editions."""
    if reads(actor, Matter.CONFIDENTIAL, body_id):
        return Edition.FULL
    if reads(actor, Matter.INTERNAL, body_id):
        return Edition.NON_CONFIDENTIAL
    return None


def may_read_edition(actor: Actor, body_id: int, which: Edition) -> bool:
    """Whether a reader may ask for the edition *which* by name: their own, or a smaller one."""
    own = edition_of(actor, body_id)
    return which in WHOLE_EDITIONS and (own is Edition.FULL or own is which)


def readers_part(actor: Actor, values: AgendaValues) -> AgendaValues:
    """What the page shows of a release: the reader's edition; guests and project leads only their own items.

    Guests see their own confidential items and papers (page only), project leads do not (domain §6). Papers of the
    meeting as a whole are for the body's own readers.
    """
    which = edition_of(actor, values.body.id)
    if which is not None:
        return edition(values, which)
    kept = []
    for section in values.sections:
        items = tuple(
            item if item.id in actor.guest_item_ids else with_enclosed(item, Edition.NON_CONFIDENTIAL)
            for item in section.items
            if item.id in actor.guest_item_ids
            or (item.id in actor.lead_item_ids and item.level is not Level.CONFIDENTIAL)
        )
        if items:
            minutes = sum(item.minutes for item in items)
            kept.append(section.model_copy(update={"items": items, "standing": (), "minutes": minutes}))
    return values.model_copy(
        update={
            "edition": Edition.NON_CONFIDENTIAL,
            "sections": tuple(kept),
            "papers": (),
            "invitation": "",
            "late_reason": "",
        }
    )


def may_take_along(actor: Actor, body_id: int, *levels: Level) -> bool:
    """Whether a paper that the reader sees may be downloaded, by its level and its item's.

    Guests see confidential matters of their own items on the page only (domain §6): they get no file of them.
    """
    return Level.CONFIDENTIAL not in levels or reads(actor, Matter.CONFIDENTIAL, body_id)
