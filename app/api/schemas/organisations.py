"""How programs read institutions."""

import datetime as dt

from app.api.schemas.thing import PREFIX, Shape, Thing
from app.db import ident
from app.people.models import Organisation, OrganisationKind
from app.people.rules import valid_one


class OrganisationNameOut(Shape):
    """A name and the days on which it holds (null = open)."""

    name: str
    short_name: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class OrganisationOut(Thing):
    """An institution. ``name`` and ``short_name`` are today's; ``successor`` is the id of the one that took over."""

    kind: OrganisationKind
    name: str
    short_name: str
    successor: int | None
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
        names=[
            OrganisationNameOut(name=one.long, short_name=one.short, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in organisation.names
        ],
    )
