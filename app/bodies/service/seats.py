"""What a body's secretariat does with seats: add, change, end, order, remove; and where a seat's mail goes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import AddressKind, Body, Seat, SeatAddress
from app.bodies.schemas import AddressIn, SeatChange, SeatIn
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record, snapshot
from app.people import rules as people_rules
from app.people.queries import live_organisations, names_on, uses_of
from app.people.rules import holds, overlap

SHOWN = ("title", "voting", "chair", "protocol_order", "valid_from", "valid_to", "source")


def add_seat(
    session: Session,
    actor: Actor,
    body: Body,
    *,
    organisation_id: int,
    title: str = "",
    voting: bool = True,
    chair: bool = False,
    protocol_order: int = 0,
    valid_from: dt.date | None = None,
    source: str = "",
) -> Seat:
    """A new seat of an institution in the body."""
    wish = SeatIn(
        organisation=organisation_id,
        title=title,
        voting=voting,
        chair=chair,
        protocol_order=protocol_order,
        valid_from=valid_from,
        source=source,
    )
    return create_seat(session, actor, body, wish)


def create_seat(session: Session, actor: Actor, body: Body, wish: SeatIn) -> Seat:
    """A new seat, at the end of the order of protocol unless its place is named. Invalid as for a change."""
    _require(actor, ident(body))
    seat = Seat(body_id=ident(body), organisation_id=wish.organisation)
    _fill(seat, wish, set(SeatIn.model_fields))
    if not seat.protocol_order:
        seat.protocol_order = queries.last_place(session, ident(body)) + 1
    _check(session, seat)
    session.add(seat)
    session.flush()
    record(
        session,
        actor,
        "seat.create",
        seat,
        after=describe_seat(session, seat),
        label=place_of(session, seat),
        body_id=ident(body),
    )
    return seat


def change_seat(session: Session, actor: Actor, seat: Seat, wish: SeatChange, *, expected: int | None = None) -> Seat:
    """Change the given fields; the caller has locked the body.

    Stale if the version is not the *expected* one. Invalid where somebody would sit outside the seat's days, or
    another seat has the chair.
    """
    _require(actor, seat.body_id)
    before = describe_seat(session, seat)
    if expected is not None and expected != seat.version:
        raise Stale(before)
    wanted = Seat(id=seat.id, body_id=seat.body_id, organisation_id=seat.organisation_id, **snapshot_of(seat))
    _fill(wanted, wish, wish.model_fields_set)
    _check(session, wanted)
    _fill(seat, wish, wish.model_fields_set)
    session.add(seat)
    session.flush()
    _record(session, actor, "seat.change", seat, before)
    return seat


def end_seat(session: Session, actor: Actor, seat: Seat, *, valid_to: dt.date, expected: int | None = None) -> Seat:
    """The seat's last day is *valid_to*; who still sits there ends with it.

    Invalid where the seat begins later, or somebody takes it only after that day.
    """
    _require(actor, seat.body_id)
    before = describe_seat(session, seat)
    if expected is not None and expected != seat.version:
        raise Stale(before)
    if seat.valid_from and valid_to < seat.valid_from:
        raise Invalid({"valid_to": "Das Ende liegt vor dem Beginn des Sitzes."})
    for membership, name in queries.list_memberships(session, ident(seat)):
        if membership.valid_from and membership.valid_from > valid_to:
            begin = text.date(membership.valid_from)
            raise Invalid({"valid_to": f"{name} ist erst ab {begin} eingetragen; bitte entfernen Sie das zuerst."})
        if membership.valid_to is None or membership.valid_to > valid_to:
            membership.valid_to = valid_to
            session.add(membership)
            record(
                session,
                actor,
                "membership.end",
                membership,
                after={"valid_to": valid_to.isoformat()},
                label=f"{name} ({place_of(session, seat)})"[:200],
                body_id=seat.body_id,
            )
    seat.valid_to = valid_to
    session.add(seat)
    session.flush()
    _record(session, actor, "seat.change", seat, before)
    return seat


def move_seat(session: Session, actor: Actor, seat: Seat, *, up: bool) -> None:
    """One place up or down in the order of protocol, past the next seat of today; at the end nothing happens."""
    _require(actor, seat.body_id)
    seats, today = queries.seats_in_order(session, seat.body_id), clock.today()
    place = next(at for at, one in enumerate(seats) if one.id == seat.id)
    onward = range(place - 1, -1, -1) if up else range(place + 1, len(seats))
    target = next((at for at in onward if holds(seats[at], today)), None)
    if target is None:
        return
    before = {"protocol_order": seat.protocol_order}
    seats.insert(target, seats.pop(place))
    for number, one in enumerate(seats, 1):
        if one.protocol_order != number:
            one.protocol_order = number
            session.add(one)
    session.flush()
    record(
        session,
        actor,
        "seat.move",
        seat,
        before=before,
        after={"protocol_order": seat.protocol_order},
        label=place_of(session, seat),
        body_id=seat.body_id,
    )


def remove_seat(session: Session, actor: Actor, seat: Seat) -> None:
    """Remove a seat that nobody ever held; Refused otherwise."""
    _require(actor, seat.body_id)
    used = uses_of(session, "seat", ident(seat), but=("seat_address",))
    if used:
        raise Refused(
            f"Dieser Sitz wurde schon gebraucht: {text.joined(used)}. Er bleibt deshalb erhalten; "
            "beenden Sie ihn mit einem Datum."
        )
    before, label = describe_seat(session, seat), place_of(session, seat)
    for address in queries.list_addresses(session, ident(seat)):
        session.delete(address)
    session.delete(seat)
    session.flush()
    record(session, actor, "seat.delete", seat, before=before, label=label, body_id=seat.body_id)


def add_seat_address(
    session: Session, actor: Actor, seat: Seat, *, kind: AddressKind, name: str, email: str
) -> SeatAddress:
    """A mailing address of the seat."""
    _require(actor, seat.body_id)
    made = SeatAddress(seat_id=ident(seat), kind=kind, name=text.one_line(name), email=email.strip())
    session.add(made)
    session.flush()
    record(session, actor, "seat.address", made, after={"name": name, "email": email}, body_id=seat.body_id)
    return made


def set_seat_addresses(session: Session, actor: Actor, seat: Seat, wishes: Sequence[AddressIn]) -> None:
    """Replace the mailing addresses of the seat; Invalid names those that are none."""
    _require(actor, seat.body_id)
    errors: dict[str, str] = {}
    for place, wish in enumerate(wishes):
        try:
            people_rules.checked_email(wish.email)
        except Invalid as error:
            errors[f"addresses.{place}.email"] = error.fields["email"]
    if errors:
        raise Invalid(errors)
    old = queries.list_addresses(session, ident(seat))
    before = [address_words(one) for one in old]
    after = [address_words(one) for one in wishes]
    if before == after:
        return
    for address in old:
        session.delete(address)
    session.flush()
    session.add_all(SeatAddress(seat_id=ident(seat), **wish.model_dump()) for wish in wishes)
    session.flush()
    record(
        session,
        actor,
        "seat.addresses",
        seat,
        before={"addresses": before},
        after={"addresses": after},
        label=place_of(session, seat),
        body_id=seat.body_id,
    )


def address_words(address: SeatAddress | AddressIn) -> str:
    """An address as the history tells it: "Büro: Präsidialbüro, buero@example.org"."""
    words = ", ".join(part for part in (address.name, address.email) if part)
    return f"{rules.ADDRESS_WORDS[address.kind]}: {words}"


def describe_seat(session: Session, thing: Seat | SeatIn) -> dict[str, Any]:
    """A seat, stored or wished, in words for the history and for comparing."""
    organisation = thing.organisation if isinstance(thing, SeatIn) else thing.organisation_id
    names = names_on(session, [organisation], clock.today())
    place = names[organisation].long if organisation in names else ""
    return {"organisation": place, **snapshot(thing, *SHOWN)}


def place_of(session: Session, seat: Seat) -> str:
    """The institution of a seat, as the history names it."""
    names = names_on(session, [seat.organisation_id], clock.today())
    return (names[seat.organisation_id].long if seat.organisation_id in names else seat.title)[:200]


def snapshot_of(seat: Seat) -> dict[str, Any]:
    """The plain fields of a seat."""
    return {name: getattr(seat, name) for name in SHOWN}


def _require(actor: Actor, body_id: int) -> None:
    if not rules.may_change(actor, body_id):
        raise Forbidden("Sitze ändert die Geschäftsstelle des Gremiums.")


def _fill(seat: Seat, wish: SeatIn, given: set[str]) -> None:
    for name in SHOWN:
        if name in given:
            setattr(seat, name, getattr(wish, name))
    if "organisation" in given:
        seat.organisation_id = wish.organisation


def _check(session: Session, seat: Seat) -> None:
    errors: dict[str, str] = {}
    if not live_organisations(session, [seat.organisation_id]):
        errors["organisation"] = "Diese Institution gibt es nicht."
    if people_rules.is_reversed(seat):
        errors["valid_to"] = "Das Ende liegt vor dem Beginn."
    elif seat.id is not None:
        outside = [
            name
            for membership, name in queries.list_memberships(session, seat.id)
            if not rules.lies_within(membership, seat)
        ]
        if outside:
            errors["valid_to"] = (
                f"Außerhalb dieser Zeit ist noch eingetragen: {text.joined(outside)}. "
                "Beenden Sie diese Besetzung zuerst, oder nehmen Sie „Sitz beenden“."
            )
    if seat.chair:
        for other in queries.seats_in_order(session, seat.body_id):
            if other.chair and other.id != seat.id and overlap(other, seat):
                errors["chair"] = (
                    f"Den Vorsitz hat schon der Sitz {place_of(session, other)}. "
                    "An einem Tag gibt es nur einen; nehmen Sie ihn dort zuerst weg."
                )
    if errors:
        raise Invalid(errors)


def _record(session: Session, actor: Actor, verb: str, seat: Seat, before: dict[str, Any]) -> None:
    after = describe_seat(session, seat)
    if after != before:
        record(
            session, actor, verb, seat, before=before, after=after, label=place_of(session, seat), body_id=seat.body_id
        )
