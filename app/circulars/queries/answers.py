"""Reading the seats that procedures ask, their answers, and who may answer for which of them."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor, Role
from app.bodies.models import Membership, MembershipKind, Seat
from app.circulars.models import Ballot, BallotRole, Circular, CircularSeat, CircularState
from app.circulars.queries.circulars import readable_circulars
from app.decisions.models import Decision
from app.people.rules import holds


def seats_asked(session: Session, circular_ids: Collection[int]) -> dict[int, list[CircularSeat]]:
    """The seats that procedures ask in order of protocol, by procedure; one query."""
    found: dict[int, list[CircularSeat]] = {}
    rows = session.exec(
        select(CircularSeat)
        .where(col(CircularSeat.circular_id).in_(circular_ids))
        .order_by(col(CircularSeat.protocol_order), col(CircularSeat.seat_id))
    )
    for row in rows:
        found.setdefault(row.circular_id, []).append(row)
    return found


def ballots_of(session: Session, circular_ids: Collection[int]) -> dict[int, list[Ballot]]:
    """All answers ever given, in their order, by procedure; one query. Who may see them is the caller's matter."""
    found: dict[int, list[Ballot]] = {}
    rows = session.exec(select(Ballot).where(col(Ballot.circular_id).in_(circular_ids)).order_by(col(Ballot.id)))
    for row in rows:
        found.setdefault(row.circular_id, []).append(row)
    return found


def voting_seats(session: Session, body_id: int, on: dt.date) -> list[Seat]:
    """The voting seats of a body on a day, in order of protocol."""
    seats = session.exec(
        select(Seat)
        .where(Seat.body_id == body_id, col(Seat.voting).is_(True))
        .order_by(col(Seat.protocol_order), col(Seat.id))
    )
    return [seat for seat in seats if holds(seat, on)]


def roles_of(session: Session, actor: Actor) -> dict[int, BallotRole]:
    """For which seats the actor answers today, and as what; an office (Büro) answers for none (domain §6)."""
    if actor.person_id is None or not actor.seats:
        return {}
    rows = session.exec(
        select(Membership).where(
            Membership.person_id == actor.person_id,
            col(Membership.kind).in_([MembershipKind.MEMBER, MembershipKind.DEPUTY]),
            col(Membership.seat_id).in_(sorted({seat.seat_id for seat in actor.seats})),
        )
    )
    held = [row for row in rows if holds(row, actor.on)]
    deputy = {row.seat_id: BallotRole.DEPUTY for row in held if row.kind is MembershipKind.DEPUTY}
    return deputy | {row.seat_id: BallotRole.MEMBER for row in held if row.kind is MembershipKind.MEMBER}


def member_of(session: Session, seat_id: int, on: dt.date) -> int | None:
    """The person who is the member of a seat on a day; None where it is vacant."""
    rows = session.exec(
        select(Membership).where(Membership.seat_id == seat_id, Membership.kind == MembershipKind.MEMBER)
    )
    return next((row.person_id for row in rows if holds(row, on)), None)


def open_procedures(session: Session, actor: Actor, now: dt.datetime) -> Sequence[tuple[Circular, Decision]]:
    """The running procedures that ask one of the actor's seats and still take answers, by their end; one query."""
    own = sorted({seat.seat_id for seat in actor.seats if not seat.office})
    if not own:
        return []
    asked = sa.select(col(CircularSeat.circular_id)).where(col(CircularSeat.seat_id).in_(own))
    rows = session.execute(
        readable_circulars(actor)
        .add_columns(Decision)
        .where(col(Circular.state) == CircularState.RUNNING, col(Circular.ends_at) > now, col(Circular.id).in_(asked))
        .order_by(col(Circular.ends_at), col(Circular.id))
    ).all()
    return [(circular, decision) for circular, decision in rows]


def procedures_run(session: Session, actor: Actor, now: dt.datetime) -> Sequence[tuple[Circular, Decision]]:
    """The running procedures that still take answers, in bodies whose secretariat the actor is; one query."""
    bodies = actor.bodies_of(Role.SECRETARIAT)
    rows = session.execute(
        readable_circulars(actor)
        .add_columns(Decision)
        .where(
            col(Circular.state) == CircularState.RUNNING,
            col(Circular.ends_at) > now,
            sa.true() if bodies is None else col(Circular.body_id).in_(sorted(bodies)),
        )
        .order_by(col(Circular.ends_at), col(Circular.id))
    ).all()
    return [(circular, decision) for circular, decision in rows]


def ended_unestablished(session: Session, actor: Actor, now: dt.datetime) -> Sequence[tuple[Circular, Decision]]:
    """Readable procedures whose end has passed while their result is not established, by their end; one query."""
    rows = session.execute(
        readable_circulars(actor)
        .add_columns(Decision)
        .where(col(Circular.state) == CircularState.RUNNING, col(Circular.ends_at) <= now)
        .order_by(col(Circular.ends_at), col(Circular.id))
    ).all()
    return [(circular, decision) for circular, decision in rows]
