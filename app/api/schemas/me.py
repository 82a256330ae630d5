"""How programs read the account they act for."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.actor import Actor, Role
from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.documents.personal_data import PersonalDataValues
from app.notices.models import NoticeWay
from app.notices.schemas import RecentNotice
from app.notices.service.choosing import Choice


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


class NoticeOut(Thing):
    """Something the account was told of, in one line; ``until`` is the day until whose end something is to be done."""

    kind: str
    words: str
    at: Moment
    until: dt.date | None


class NoticeKindOut(Shape):
    """How the account is told of one kind. ``duty``: nobody can do without it, so it takes no ``off``."""

    kind: str
    title: str
    told: str
    duty: bool
    way: NoticeWay
    default: NoticeWay


class NoticeChoicesOut(Thing):
    """How the account is told of each kind of notice."""

    kinds: list[NoticeKindOut]


class NoticeChoicesIn(BaseModel):
    """New ways by kind; kinds that are not named stay as they are."""

    model_config = ConfigDict(extra="forbid")

    ways: dict[Annotated[str, Field(max_length=40)], NoticeWay] = Field(max_length=100)


def notice_out(notice: RecentNotice) -> NoticeOut:
    """A notice as programs read it; it has no address of its own in the API."""
    return NoticeOut(
        id=notice.id,
        url=f"{PREFIX}/me/notices",
        page=notice.address,
        kind=notice.kind,
        words=notice.words,
        at=notice.at,
        until=notice.until,
    )


def notice_choices_out(actor: Actor, choices: Sequence[Choice]) -> NoticeChoicesOut:
    """The choices of the account, in the order of its page."""
    return NoticeChoicesOut(
        id=actor.account_id or 0,
        url=f"{PREFIX}/me/notice-choices",
        page="/profil/benachrichtigungen",
        kinds=[
            NoticeKindOut(
                kind=one.spec.kind,
                title=one.spec.title,
                told=one.spec.told,
                duty=one.spec.duty,
                way=one.way,
                default=one.spec.default,
            )
            for one in choices
        ],
    )
