"""How programs read the account they act for."""

from app.actor import Actor, Role
from app.api.schemas.thing import PREFIX, Shape, Thing
from app.documents.personal_data import PersonalDataValues


class StoredDataOut(PersonalDataValues):
    """Everything stored about the account's person: the same as the file that people take home."""


class GrantOut(Shape):
    """A role given to the account, in one body (its id) or in all (null)."""

    role: Role
    body: int | None


class SeatRightOut(Shape):
    """What a seat gives today. ``chair``: the seat leads the body; ``office``: held by its office, without vote."""

    seat: int
    body: int
    voting: bool
    chair: bool
    office: bool


class MeOut(Thing):
    """The account behind the token or session. ``demo``: this installation shows invented data."""

    name: str
    email: str
    person: int | None
    roles: list[GrantOut]
    seats: list[SeatRightOut]
    projects: list[int]
    demo: bool


def me_out(actor: Actor) -> MeOut:
    """Who acts, with the rights of the day; ``projects`` are the ids of those the person leads."""
    return MeOut(
        id=actor.account_id or 0,
        url=f"{PREFIX}/me",
        page="/profil",
        name=actor.name,
        email=actor.email,
        person=actor.person_id,
        roles=[GrantOut(role=one.role, body=one.body_id) for one in actor.grants],
        seats=[
            SeatRightOut(seat=one.seat_id, body=one.body_id, voting=one.voting, chair=one.chair, office=one.office)
            for one in actor.seats
        ],
        projects=sorted(actor.lead_project_ids),
        demo=actor.demo,
    )
