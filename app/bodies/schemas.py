"""Shapes of bodies and seats, with their field checks."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from app.bodies.models import AddressKind, Membership, Seat
from app.validation import Line


class BodyIn(BaseModel):
    """A wish for a new body."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Line = Field(min_length=1, max_length=300)
    short_name: Line = Field(min_length=1, max_length=40)


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
