"""Shapes of institutions, persons and accounts, with their field checks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.actor import Role
from app.people.models import OrganisationKind
from app.validation import Day, Line, Prose, RowId

Address = Annotated[Prose, Field(max_length=500)]
"""A postal address: several lines, without the name."""
Country = Annotated[Line, Field(max_length=60)]

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


class AccountIn(BaseModel):
    """A wish for a new account. ``role`` None is a plain user, whose rights follow from seats and projects."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(min_length=1, max_length=200)
    role: Role | None = None
    body_id: int | None = None
    person_id: int | None = None
    password_hash: str = ""


class NameIn(BaseModel):
    """A name of an institution and the days on which it holds (None = open)."""

    model_config = _STRICT

    long: Annotated[Line, Field(min_length=1, max_length=300)]
    short: Annotated[Line, Field(max_length=80)] = ""
    valid_from: Day | None = None
    valid_to: Day | None = None


class OrganisationIn(BaseModel):
    """An institution with its names over time; ``successor`` is the id of the one that took over."""

    model_config = _STRICT

    kind: OrganisationKind = OrganisationKind.OTHER
    successor: RowId | None = None
    address: Address = ""
    country: Country = ""
    names: Annotated[tuple[NameIn, ...], Field(min_length=1, max_length=50)]


class OrganisationChange(OrganisationIn):
    """Changes of an institution: only the given fields change; the names are replaced whole."""

    names: Annotated[tuple[NameIn, ...], Field(min_length=1, max_length=50)] = ()


class FunctionIn(BaseModel):
    """What a person is from–to; ``organisation`` is the id of the institution."""

    model_config = _STRICT

    title: Annotated[Line, Field(min_length=1, max_length=200)]
    organisation: RowId | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class PersonIn(BaseModel):
    """A person with title, form of address and functions over time."""

    model_config = _STRICT

    last_name: Annotated[Line, Field(min_length=1, max_length=120)]
    first_name: Annotated[Line, Field(max_length=120)] = ""
    title: Annotated[Line, Field(max_length=80)] = ""
    salutation: Annotated[Line, Field(max_length=40)] = ""
    email: Annotated[Line, Field(max_length=254)] = ""
    address: Address = ""
    country: Country = ""
    functions: Annotated[tuple[FunctionIn, ...], Field(max_length=50)] = ()


class PersonChange(PersonIn):
    """Changes of a person: only the given fields change; the functions are replaced whole."""

    last_name: Annotated[Line, Field(min_length=1, max_length=120)] = ""
