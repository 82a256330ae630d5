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
    """

    NONE = 0
    OWN = 1
    NAMED = 2
    ALL = 3


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
    # Of confidential matters only voting seats read all (``body_ids`` looks at the seat).
    Role.MEMBER: {Matter.INTERNAL: Reach.ALL, Matter.CONFIDENTIAL: Reach.ALL},
    Role.GUEST: {Matter.INTERNAL: Reach.OWN, Matter.CONFIDENTIAL: Reach.OWN},
    Role.LEAD: {Matter.INTERNAL: Reach.OWN, Matter.UNACCEPTED: Reach.OWN},
    # Revision needs a recorded reason for confidential matters; without that record it reaches none of them.
    Role.AUDITOR: {Matter.INTERNAL: Reach.ALL},
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
        if how is Reach.NAMED:
            found |= actor.named_body_ids if bodies is None else actor.named_body_ids & bodies
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
    """The same question as SQL on a column that holds a body's id."""
    bodies = body_ids(actor, matter)
    return sa.true() if bodies is None else column.in_(sorted(bodies))
