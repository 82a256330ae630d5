"""How programs read bodies."""

import datetime as dt

from app.api.schemas.thing import PREFIX, Shape, Thing
from app.bodies.models import Body
from app.bodies.queries import name_on
from app.db import ident


class BodyNameOut(Shape):
    """A full name and the days on which it holds (null = open)."""

    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class BodyOut(Thing):
    """A body (Gremium). ``name`` is today's full name."""

    short_name: str
    name: str
    names: list[BodyNameOut]


def body_out(body: Body, on: dt.date) -> BodyOut:
    """A body whose names are loaded, with the name of a day."""
    return BodyOut(
        id=ident(body),
        version=body.version,
        url=f"{PREFIX}/bodies/{body.id}",
        page=f"/gremien/{body.id}",
        short_name=body.short_name,
        name=name_on(body, on),
        names=[BodyNameOut(name=one.name, valid_from=one.valid_from, valid_to=one.valid_to) for one in body.names],
    )
