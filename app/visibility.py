"""The one rule of who may see what (domain §6), as a table; every channel asks here, as values or as SQL.

The table names, for a role and a matter, how far the role reaches. Packages turn the reach into the ``readable_*``
statements of their ``queries``, so that fetching and permission are one step.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.actor import Actor, Role


class Matter(StrEnum):
    """The columns of the table."""

    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    DRAFT = "draft"
    UNACCEPTED = "unaccepted"
    SPEAKING = "speaking"
    PUBLISHED = "published"


class Level(StrEnum):
    """Confidentiality of items and papers (domain §6)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


LEVEL_WORDS: Mapping[Level, str] = {
    Level.PUBLIC: "öffentlich",
    Level.INTERNAL: "intern",
    Level.CONFIDENTIAL: "vertraulich",
}


def highest(*levels: Level) -> Level:
    """The strictest of *levels*: confidential before internal before public."""
    return max(levels, key=list(Level).index)


class Reach(IntEnum):
    """How far a role reaches, weakest first. OWN: own items or projects; ALL: everything of the role's bodies.

    NAMED: everything of those of the role's bodies for which the account is named (``speaking_grant``).
    REASONED: the same of those for which a reason is recorded and still lasts (``audit_access``).
    """

    NONE = 0
    OWN = 1
    NAMED = 2
    REASONED = 3
    ALL = 4


TABLE: dict[Role, dict[Matter, Reach]] = {
    Role.SECRETARIAT: {
        Matter.INTERNAL: Reach.ALL,
        Matter.CONFIDENTIAL: Reach.ALL,
        Matter.DRAFT: Reach.ALL,
        Matter.UNACCEPTED: Reach.ALL,
        Matter.SPEAKING: Reach.NAMED,
    },
    Role.CHAIR: {
        Matter.INTERNAL: Reach.ALL,
        Matter.CONFIDENTIAL: Reach.ALL,
        Matter.DRAFT: Reach.ALL,
        Matter.SPEAKING: Reach.ALL,
    },
    # Of confidential matters only voting seats read all (``body_ids`` looks at the seat); others what they attend.
    Role.MEMBER: {Matter.INTERNAL: Reach.ALL, Matter.CONFIDENTIAL: Reach.ALL},
    Role.GUEST: {Matter.INTERNAL: Reach.OWN, Matter.CONFIDENTIAL: Reach.OWN},
    Role.LEAD: {Matter.INTERNAL: Reach.OWN, Matter.UNACCEPTED: Reach.OWN},
    Role.AUDITOR: {Matter.INTERNAL: Reach.ALL, Matter.CONFIDENTIAL: Reach.REASONED},
    Role.ADMIN: {},
}


EVERYBODY = frozenset({Matter.PUBLISHED})
"""What every signed-in person reads, whatever their role: public items of what was published."""


def reach(role: Role, matter: Matter) -> Reach:
    """The table's cell; an empty one is NONE."""
    if matter in EVERYBODY:
        return Reach.ALL
    return TABLE[role].get(matter, Reach.NONE)


def body_ids(actor: Actor, matter: Matter) -> frozenset[int] | None:
    """The bodies whose *matter* the actor reads whole; None means all bodies."""
    if matter in EVERYBODY:
        return None
    found: set[int] = set()
    for role in (Role.SECRETARIAT, Role.AUDITOR):
        how, bodies = reach(role, matter), actor.bodies_of(role)
        if how in (Reach.NAMED, Reach.REASONED):
            chosen = actor.named_body_ids if how is Reach.NAMED else actor.audited_body_ids
            found |= chosen if bodies is None else chosen & bodies
        elif how is Reach.ALL:
            if bodies is None:
                return None
            found |= bodies
    for seat in actor.seats:
        role = Role.CHAIR if seat.chair else Role.MEMBER
        barred = matter is Matter.CONFIDENTIAL and not (seat.voting or seat.chair)
        if reach(role, matter) is Reach.ALL and not barred:
            found.add(seat.body_id)
    return frozenset(found)


def reads(actor: Actor, matter: Matter, body_id: int) -> bool:
    """Whether the actor reads *matter* of the body *body_id* whole."""
    bodies = body_ids(actor, matter)
    return bodies is None or body_id in bodies


def attends(actor: Actor, body_id: int, item_id: int | None) -> bool:
    """Whether the actor reads a confidential item because they attend it, from a seat of its body (domain §6).

    Invited to it from the release to the closing of the meeting, or recorded as having been there for it.
    """
    seated = any(seat.body_id == body_id for seat in actor.seats)
    return seated and (item_id in actor.guest_item_ids or item_id in actor.attended_item_ids)


def project_periods(actor: Actor, matter: Matter) -> frozenset[int] | None:
    """The plan periods whose projects belong to bodies of which the actor reads *matter* whole; None means all."""
    return steered_periods(actor, body_ids(actor, matter))


def steered_periods(actor: Actor, bodies: frozenset[int] | None) -> frozenset[int] | None:
    """The plan periods that *bodies* (None = all) steer; None means all."""
    limited = {body for body, _ in actor.body_periods}
    if bodies is None or bodies - limited:
        return None
    return frozenset(period for body, period in actor.body_periods if body in bodies)


def body_clause(actor: Actor, matter: Matter, column: sa.ColumnElement[int] | Mapped[int]) -> sa.ColumnElement[bool]:
    """The same question as SQL on a column that holds a body's id; false itself for who reads it of no body."""
    bodies = body_ids(actor, matter)
    if not bodies:
        return sa.true() if bodies is None else sa.false()
    return column.in_(sorted(bodies))
