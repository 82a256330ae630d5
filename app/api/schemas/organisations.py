"""How programs read institutions."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.thing import PREFIX, Shape, Thing
from app.db import ident
from app.people.models import Organisation, OrganisationKind
from app.people.rules import valid_one
from app.people.schemas import Address, Country
from app.validation import Day, Line, RowId


class OrganisationNameOut(Shape):
    """A name and the days on which it holds (null = open)."""

    name: str
    short_name: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class OrganisationNameIn(BaseModel):
    """A name of an institution and the days on which it holds (null = open)."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=300)]
    short_name: Annotated[Line, Field(max_length=80)] = ""
    valid_from: Day | None = None
    valid_to: Day | None = None


class OrganisationWish(BaseModel):
    """An institution with its names over time; ``successor`` is the id of the one that took over.

    ``address``: where post goes, without the name, on lines; ``country`` only abroad.
    """

    model_config = ConfigDict(extra="forbid")

    kind: OrganisationKind = OrganisationKind.OTHER
    successor: RowId | None = None
    address: Address = ""
    country: Country = ""
    names: Annotated[list[OrganisationNameIn], Field(min_length=1, max_length=50)]


class OrganisationPatch(OrganisationWish):
    """Changes of an institution: only the given fields change; the names are replaced whole."""

    names: Annotated[list[OrganisationNameIn], Field(min_length=1, max_length=50)] = []


class MergeWish(BaseModel):
    """Into which institution (id) this one is merged."""

    model_config = ConfigDict(extra="forbid")

    into: RowId


def wish_values(wish: OrganisationWish) -> dict[str, Any]:
    """The given fields as the service's shapes take them."""
    values = wish.model_dump(exclude_unset=True)
    if "names" in values:
        renamed = {"name": "long", "short_name": "short"}
        values["names"] = [{renamed.get(key, key): value for key, value in one.items()} for one in values["names"]]
    return values


class OrganisationOut(Thing):
    """An institution. ``name`` and ``short_name`` are today's; ``successor`` is the id of the one that took over.

    ``merged_into``: it was entered twice and is now the institution with this id.
    """

    kind: OrganisationKind
    name: str
    short_name: str
    successor: int | None
    address: str
    country: str
    merged_into: int | None
    names: list[OrganisationNameOut]


def organisation_out(organisation: Organisation, on: dt.date) -> OrganisationOut:
    """An institution whose names are loaded, with the names of a day."""
    name = valid_one(organisation.names, on)
    return OrganisationOut(
        id=ident(organisation),
        version=organisation.version,
        url=f"{PREFIX}/organisations/{organisation.id}",
        page=f"/institutionen/{organisation.id}",
        kind=organisation.kind,
        name=name.long if name else "",
        short_name=name.short if name else "",
        successor=organisation.successor_id,
        address=organisation.address,
        country=organisation.country,
        merged_into=organisation.merged_into_id,
        names=[
            OrganisationNameOut(name=one.long, short_name=one.short, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in organisation.names
        ],
    )
