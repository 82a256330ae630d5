"""How programs read the seats of a body and who sits there."""

import datetime as dt

from app.api.schemas.thing import PREFIX, Shape, Thing
from app.bodies.models import Membership, MembershipKind, Seat
from app.db import ident


class MembershipOut(Shape):
    """A person (id) on the seat from–to; ``version`` is for If-Match."""

    id: int
    version: int
    person: int
    name: str
    kind: MembershipKind
    valid_from: dt.date | None
    valid_to: dt.date | None


class SeatOut(Thing):
    """A seat of an institution (id) with everybody who holds, held or will hold it."""

    organisation: int
    title: str
    voting: bool
    chair: bool
    protocol_order: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    memberships: list[MembershipOut]


def seat_out(seat: Seat, holders: list[tuple[Membership, str]]) -> SeatOut:
    """A seat with its people as programs read it."""
    return SeatOut(
        id=ident(seat),
        version=seat.version,
        url=f"{PREFIX}/bodies/{seat.body_id}/seats/{seat.id}",
        page=f"/gremien/{seat.body_id}",
        organisation=seat.organisation_id,
        title=seat.title,
        voting=seat.voting,
        chair=seat.chair,
        protocol_order=seat.protocol_order,
        valid_from=seat.valid_from,
        valid_to=seat.valid_to,
        memberships=[
            MembershipOut(
                id=ident(one),
                version=one.version,
                person=one.person_id,
                name=name,
                kind=one.kind,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
            for one, name in holders
        ],
    )
