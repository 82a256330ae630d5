"""The person (or program) that acts: a frozen answer to "who, with which rights, on this date"."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Rights of domain §6. Three are given to accounts, the others follow from seats, projects, invitations."""

    ADMIN = "admin"
    SECRETARIAT = "secretariat"
    AUDITOR = "auditor"
    CHAIR = "chair"
    MEMBER = "member"
    GUEST = "guest"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one body, or in all bodies where ``body_id`` is None."""

    role: Role
    body_id: int | None = None


@dataclass(frozen=True, slots=True)
class SeatRight:
    """What a seat gives its holder, deputy or office today. ``chair``: the seat leads the body."""

    seat_id: int
    body_id: int
    voting: bool
    chair: bool
    office: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``account_id`` None is the system itself (commands of the operator).

    ``guest_item_ids``: released items to which the person is invited; ``own_meeting_ids``: their meetings, those with
    released items on led projects, and those attended whose minutes are approved; ``kept_meeting_ids``: those of them
    that are theirs for these minutes alone, and in no calendar. ``body_periods``: (body, period) for
    every body that steers the projects of some plan periods only; a body that is missing there steers all.
    ``named_body_ids``: bodies whose chair lets this account of the secretariat work on the speaking notes.
    ``audited_body_ids``: bodies for which this account of the Revision recorded a reason that lasts now; never in feeds
    and mails. ``attended_item_ids``: confidential items for which the person was there, in bodies where they sit.
    """

    account_id: int | None
    name: str
    on: dt.date
    person_id: int | None = None
    email: str = ""
    grants: tuple[Grant, ...] = ()
    seats: tuple[SeatRight, ...] = ()
    lead_project_ids: frozenset[int] = frozenset()
    guest_item_ids: frozenset[int] = frozenset()
    own_meeting_ids: frozenset[int] = frozenset()
    kept_meeting_ids: frozenset[int] = frozenset()
    body_periods: tuple[tuple[int, int], ...] = ()
    named_body_ids: frozenset[int] = frozenset()
    audited_body_ids: frozenset[int] = frozenset()
    attended_item_ids: frozenset[int] = frozenset()
    token_id: int | None = None
    session_id: int | None = None
    demo: bool = field(default=False, compare=False)

    def has(self, role: Role, body_id: int | None = None) -> bool:
        """Whether the account holds *role* for *body_id*; None asks for "for all bodies"."""
        return any(grant.role is role and grant.body_id in (None, body_id) for grant in self.grants)

    def has_anywhere(self, role: Role) -> bool:
        """Whether the account holds *role* for at least one body."""
        return any(grant.role is role for grant in self.grants)

    def bodies_of(self, role: Role) -> frozenset[int] | None:
        """The bodies for which the account holds *role*; None means all of them."""
        bodies = {grant.body_id for grant in self.grants if grant.role is role}
        return None if None in bodies else frozenset(body for body in bodies if body is not None)

    @property
    def is_admin(self) -> bool:
        """Whether the actor looks after the installation."""
        return self.has_anywhere(Role.ADMIN)

    @property
    def is_secretariat(self) -> bool:
        """Whether the actor is the secretariat of at least one body."""
        return self.has_anywhere(Role.SECRETARIAT)


def system(on: dt.date, name: str = "System") -> Actor:
    """The operator's commands: allowed everything, named in the history as *name*."""
    every = (Role.ADMIN, Role.SECRETARIAT, Role.AUDITOR)
    return Actor(account_id=None, name=name, on=on, grants=tuple(Grant(role) for role in every))
