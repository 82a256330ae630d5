"""What a body's secretariat does with who sits where: fill a seat, correct, end, succeed, remove."""

import datetime as dt
from typing import Any

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import Membership, MembershipKind, Seat
from app.bodies.schemas import MembershipChange, MembershipIn
from app.bodies.service.seats import place_of
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record, snapshot
from app.people.queries import find_person
from app.people.rules import holds

SHOWN = ("kind", "valid_from", "valid_to")


def fill_seat(
    session: Session,
    actor: Actor,
    seat: Seat,
    *,
    person_id: int,
    kind: MembershipKind,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Membership:
    """Let a person hold the seat from–to, as member, deputy or office; Invalid where it would be a second member."""
    wish = MembershipIn(person=person_id, kind=kind, valid_from=valid_from, valid_to=valid_to)
    _require(actor, seat)
    made = Membership(seat_id=ident(seat), person_id=person_id, kind=kind, valid_from=valid_from, valid_to=valid_to)
    _check(session, seat, made)
    session.add(made)
    session.flush()
    record(
        session,
        actor,
        "membership.create",
        made,
        after=snapshot(wish, *SHOWN),
        label=_holder(session, seat, person_id),
        body_id=seat.body_id,
    )
    return made


def change_membership(
    session: Session,
    actor: Actor,
    seat: Seat,
    membership: Membership,
    wish: MembershipChange,
    *,
    expected: int | None = None,
) -> Membership:
    """Correct who sits there, as what and when; the caller has locked the body.

    Stale if the version is not the *expected* one. Invalid as for :func:`fill_seat`.
    """
    _require(actor, seat)
    before = describe_membership(session, membership)
    if expected is not None and expected != membership.version:
        raise Stale(before)
    given = wish.model_fields_set
    wanted = Membership(
        id=membership.id,
        seat_id=ident(seat),
        person_id=wish.person if "person" in given else membership.person_id,
        kind=wish.kind if "kind" in given else membership.kind,
        valid_from=wish.valid_from if "valid_from" in given else membership.valid_from,
        valid_to=wish.valid_to if "valid_to" in given else membership.valid_to,
    )
    _check(session, seat, wanted)
    for name in ("person_id", *SHOWN):
        setattr(membership, name, getattr(wanted, name))
    session.add(membership)
    session.flush()
    after = describe_membership(session, membership)
    if after != before:
        record(
            session,
            actor,
            "membership.change",
            membership,
            before=before,
            after=after,
            label=_holder(session, seat, membership.person_id),
            body_id=seat.body_id,
        )
    return membership


def end_membership(
    session: Session,
    actor: Actor,
    seat: Seat,
    membership: Membership,
    *,
    valid_to: dt.date,
    expected: int | None = None,
) -> Membership:
    """The last day on which the person sits there."""
    return change_membership(session, actor, seat, membership, MembershipChange(valid_to=valid_to), expected=expected)


def succeed_member(session: Session, actor: Actor, seat: Seat, *, person_id: int, valid_from: dt.date) -> Membership:
    """A new member from a day on: who is member on that day ends the day before, in one step."""
    _require(actor, seat)
    for membership, name in queries.list_memberships(session, ident(seat)):
        if membership.kind is not MembershipKind.MEMBER or not holds(membership, valid_from):
            continue
        if membership.person_id == person_id:
            raise Invalid({"person": f"{name} ist an diesem Tag schon Mitglied."})
        if membership.valid_from == valid_from:
            raise Invalid({"valid_from": f"{name} beginnt am selben Tag. Bitte berichtigen Sie diese Besetzung."})
        end_membership(session, actor, seat, membership, valid_to=valid_from - dt.timedelta(days=1))
    return fill_seat(session, actor, seat, person_id=person_id, kind=MembershipKind.MEMBER, valid_from=valid_from)


def remove_membership(session: Session, actor: Actor, seat: Seat, membership: Membership) -> None:
    """Take back what has not counted yet: a membership that begins today or later; Refused otherwise."""
    _require(actor, seat)
    if membership.valid_from is None or membership.valid_from < clock.today():
        raise Refused(
            "Diese Besetzung galt schon, und Sitzungen richten sich danach. Bitte beenden oder berichtigen Sie sie."
        )
    before, label = describe_membership(session, membership), _holder(session, seat, membership.person_id)
    session.delete(membership)
    session.flush()
    record(session, actor, "membership.delete", membership, before=before, label=label, body_id=seat.body_id)


def describe_membership(session: Session, thing: Membership | MembershipIn) -> dict[str, Any]:
    """Who sits there as what and when, stored or wished, for the history and for comparing."""
    person = find_person(session, thing.person if isinstance(thing, MembershipIn) else thing.person_id)
    return {"person": person.name if person else "", **snapshot(thing, *SHOWN)}


def _require(actor: Actor, seat: Seat) -> None:
    if not rules.may_change(actor, seat.body_id):
        raise Forbidden("Sitze besetzt die Geschäftsstelle des Gremiums.")


def _check(session: Session, seat: Seat, wanted: Membership) -> None:
    person = find_person(session, wanted.person_id)
    if person is None:
        raise Invalid({"person": "Diese Person gibt es nicht."})
    others = [one for one in queries.list_memberships(session, ident(seat)) if one[0].id != wanted.id]
    errors = rules.membership_errors(seat, wanted, person.name, others)
    if errors:
        raise Invalid(errors)


def _holder(session: Session, seat: Seat, person_id: int) -> str:
    """Who sits where, as the history names it."""
    person = find_person(session, person_id)
    return f"{person.name if person else ''} ({place_of(session, seat)})"[:200]
