"""What the database knows of institutions, persons and one body's seats, as plain values to compare a file with."""

import datetime as dt
from dataclasses import dataclass

from app.bodies.models import MembershipKind
from app.people.models import OrganisationKind
from app.projects.importing.state import ExistingName


@dataclass(frozen=True, slots=True)
class ExistingOrganisation:
    """An institution; its names stand in the state."""

    id: int
    kind: OrganisationKind
    successor_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExistingFunction:
    """A function of a person."""

    id: int
    person_id: int
    organisation_id: int | None
    title: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ExistingPerson:
    """A person; the functions stand in the state."""

    id: int
    last_name: str
    first_name: str = ""
    title: str = ""
    salutation: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ExistingSeat:
    """A seat of the body."""

    id: int
    organisation_id: int
    title: str = ""
    voting: bool = True
    chair: bool = False
    protocol_order: int = 0
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExistingMembership:
    """Who sits on a seat of the body."""

    id: int
    seat_id: int
    person_id: int
    kind: MembershipKind
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PeopleState:
    """Everything known before an import into one body, and the day on which it is compared."""

    today: dt.date
    names: tuple[ExistingName, ...] = ()
    organisations: tuple[ExistingOrganisation, ...] = ()
    persons: tuple[ExistingPerson, ...] = ()
    functions: tuple[ExistingFunction, ...] = ()
    seats: tuple[ExistingSeat, ...] = ()
    memberships: tuple[ExistingMembership, ...] = ()
