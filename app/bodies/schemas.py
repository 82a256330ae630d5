"""Shapes of bodies and seats, with their field checks."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.bodies.models import AddressKind, Membership, MembershipKind, Seat
from app.validation import Day, Line, Prose, RowId

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


class BodyIn(BaseModel):
    """A wish for a new body."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Line = Field(min_length=1, max_length=300)
    short_name: Line = Field(min_length=1, max_length=40)


class BodyNameIn(BaseModel):
    """A full name of a body and the days on which it holds (None = open)."""

    model_config = _STRICT

    name: Annotated[Line, Field(min_length=1, max_length=300)]
    valid_from: Day | None = None
    valid_to: Day | None = None
    source: Annotated[Line, Field(max_length=300)] = ""


class BodyChange(BaseModel):
    """Changes of a body: only the given fields change; the names are replaced whole."""

    model_config = _STRICT

    short_name: Annotated[Line, Field(min_length=1, max_length=40)] = ""
    names: Annotated[tuple[BodyNameIn, ...], Field(min_length=1, max_length=50)] = ()


class AuditIn(BaseModel):
    """Why the Revision looks into confidential matters of a body now."""

    model_config = _STRICT

    body: RowId
    reason: Annotated[Prose, Field(min_length=20, max_length=1000)]


class SeatIn(BaseModel):
    """A seat of an institution; ``protocol_order`` 0 puts a new one last."""

    model_config = _STRICT

    organisation: RowId
    title: Annotated[Line, Field(max_length=200)] = ""
    voting: bool = True
    chair: bool = False
    protocol_order: Annotated[int, Field(ge=0, le=999)] = 0
    valid_from: Day | None = None
    valid_to: Day | None = None
    source: Annotated[Line, Field(max_length=300)] = ""


class SeatChange(SeatIn):
    """Changes of a seat: only the given fields change."""

    organisation: RowId = 1


class MembershipIn(BaseModel):
    """A person on a seat from–to, both days included."""

    model_config = _STRICT

    person: RowId
    kind: MembershipKind = MembershipKind.MEMBER
    valid_from: Day | None = None
    valid_to: Day | None = None


class MembershipChange(MembershipIn):
    """Corrections of who sits there: only the given fields change."""

    person: RowId = 1


class AddressIn(BaseModel):
    """A mailing address of a seat."""

    model_config = _STRICT

    kind: AddressKind = AddressKind.OFFICE
    name: Annotated[Line, Field(max_length=200)] = ""
    email: Annotated[Line, Field(min_length=3, max_length=254)]


class SectionIn(BaseModel):
    """A section of the agenda; ``standing`` holds one standing point a line."""

    model_config = _STRICT

    key: Annotated[Line, Field(min_length=1, max_length=40)]
    title: Annotated[Line, Field(min_length=1, max_length=120)]
    minutes: Annotated[int, Field(ge=0, le=600)]
    minutes_in_all: bool = False
    standing: Annotated[Prose, Field(max_length=2000)] = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person on a seat."""

    membership: Membership
    name: str


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat with the names of a date: its institution, who holds it, where its mail goes."""

    seat: Seat
    organisation: str
    organisation_short: str
    holders: tuple[Holder, ...] = ()
    addresses: tuple[tuple[AddressKind, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HangingSeat:
    """A seat that names an institution, with its body's short name and everybody who holds or held it."""

    seat: Seat
    body: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """What names an institution: (id, name) by kind; ``others`` are counted in words, ``hidden`` ones are not shown."""

    version: int
    seats: tuple[HangingSeat, ...] = ()
    leads: tuple[tuple[int, str], ...] = ()
    partners: tuple[tuple[int, str], ...] = ()
    functions: tuple[tuple[int, str, str], ...] = ()
    predecessors: tuple[tuple[int, str], ...] = ()
    others: tuple[str, ...] = ()
    hidden: int = 0

    @property
    def stand(self) -> str:
        """The same as long as the same hangs there: who confirms says what was seen."""
        seats = [(one.seat.id, one.seat.version, one.holders) for one in self.seats]
        rest = (self.leads, self.partners, self.functions, self.predecessors, self.others, self.hidden)
        return hashlib.sha256(repr((self.version, seats, rest)).encode()).hexdigest()[:32]

    @property
    def is_empty(self) -> bool:
        """Whether nothing names the institution."""
        return self == Hanging(self.version)
