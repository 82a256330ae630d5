"""The seats of a body and who sits there: list, one, create, change, fill, correct."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.seats import SeatOut, seat_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MustHaveSeen
from app.bodies import queries, rules
from app.bodies.models import Seat
from app.bodies.schemas import MembershipChange, MembershipIn, SeatChange, SeatIn
from app.bodies.service import change_membership, change_seat, create_seat, fill_seat
from app.db import ident
from app.errors import Forbidden
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/bodies/{body_id}/seats", tags=["Gremien"])


@router.get("", response_model=Listing[SeatOut], summary="Sitze eines Gremiums")
def list_them(
    request: Request, body_id: Id, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """All seats, former ones included, in order of protocol, with everybody who holds or held them."""
    queries.get_body(session, actor, body_id)
    walk = Walk(request, query)
    page, following = walk.cut(queries.seats_in_order(session, body_id), lambda one: (one.protocol_order, ident(one)))
    held = queries.memberships_of(session, [ident(one) for one in page])
    return listed([seat_out(one, held.get(ident(one), [])) for one in page], following)


@router.get("/{seat_id}", response_model=SeatOut, summary="Ein Sitz")
def show_seat(body_id: Id, seat_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One seat with everybody who holds, held or will hold it."""
    queries.get_body(session, actor, body_id)
    return shown(_show(session, queries.get_seat(session, body_id, seat_id)))


@router.post("", response_model=SeatOut, status_code=201, summary="Sitz anlegen")
def create(body_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: SeatIn) -> Response:
    """A new seat, at the end of the order of protocol unless its place is named. The body's secretariat may."""

    def act() -> Seat:
        return create_seat(session, actor, queries.lock_body(session, actor, body_id), wish)

    return once.created(session, act, partial(_show, session))


@router.patch("/{seat_id}", response_model=SeatOut, summary="Sitz ändern")
def update(
    body_id: Id, seat_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: SeatChange
) -> Response:
    """Change the given fields of the seat itself."""

    def act() -> Seat:
        seat = _locked(session, actor, body_id, seat_id)
        seen.check(seat.version, lambda: _show(session, seat))
        return change_seat(session, actor, seat, wish)

    return changed(session, act, partial(_show, session))


@router.post("/{seat_id}/memberships", response_model=SeatOut, status_code=201, summary="Sitz besetzen")
def fill(
    body_id: Id, seat_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: MembershipIn
) -> Response:
    """Let a person hold the seat; one member on a day, deputies several. Answers with the seat."""

    def act() -> Seat:
        seat = _locked(session, actor, body_id, seat_id)
        dates = {"valid_from": wish.valid_from, "valid_to": wish.valid_to}
        fill_seat(session, actor, seat, person_id=wish.person, kind=wish.kind, **dates)
        return seat

    return once.created(session, act, partial(_show, session))


@router.patch("/{seat_id}/memberships/{membership_id}", response_model=SeatOut, summary="Besetzung ändern")
def correct(
    body_id: Id,
    seat_id: Id,
    membership_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    seen: MustHaveSeen,
    wish: MembershipChange,
) -> Response:
    """Correct or end who sits there; If-Match names the version of the membership. Answers with the seat."""

    def act() -> Seat:
        seat = _locked(session, actor, body_id, seat_id)
        membership = queries.get_membership(session, seat_id, membership_id)
        seen.check(membership.version, lambda: _show(session, seat))
        change_membership(session, actor, seat, membership, wish)
        return seat

    return changed(session, act, partial(_show, session))


def _locked(session: Session, actor: Actor, body_id: int, seat_id: int) -> Seat:
    """The seat of the locked body, for its secretariat."""
    queries.lock_body(session, actor, body_id)
    seat = queries.get_seat(session, body_id, seat_id)
    if not rules.may_change(actor, body_id):
        raise Forbidden("Sitze ändert die Geschäftsstelle des Gremiums.")
    return seat


def _show(session: Session, seat: Seat) -> SeatOut:
    return seat_out(seat, queries.list_memberships(session, ident(seat)))
