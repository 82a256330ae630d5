"""Rules of feeds: whose meetings stand in a feed, and which deadlines concern whom."""

from collections.abc import Mapping

from app.actor import Actor, Role
from app.meetings.rules.deadlines import DeadlineKind as Kind

# Domain §5 and §6. Members register items and hand in papers; the chair besides releases invitation and minutes.
# Guests and project leads learn of a meeting with its release, when these days have passed. Revision and
# administration do nothing by them.
DEADLINES_OF: Mapping[Role, frozenset[Kind]] = {
    Role.SECRETARIAT: frozenset({Kind.ROUND_CLOSES, Kind.REGISTRATION, Kind.PAPERS, Kind.INVITATION, Kind.MINUTES}),
    Role.CHAIR: frozenset({Kind.REGISTRATION, Kind.PAPERS, Kind.INVITATION, Kind.MINUTES}),
    Role.MEMBER: frozenset({Kind.REGISTRATION, Kind.PAPERS}),
    Role.GUEST: frozenset(),
    Role.LEAD: frozenset(),
    Role.AUDITOR: frozenset(),
    Role.ADMIN: frozenset(),
}


def feed_bodies(actor: Actor) -> frozenset[int] | None:
    """The bodies in which the actor sits or whose secretariat it is; None means all (interface §3)."""
    run = actor.bodies_of(Role.SECRETARIAT)
    return None if run is None else run | {seat.body_id for seat in actor.seats}


def deadline_kinds(actor: Actor, body_id: int) -> frozenset[Kind]:
    """The deadlines of the body's meetings that concern the actor."""
    roles = {Role.CHAIR if seat.chair else Role.MEMBER for seat in actor.seats if seat.body_id == body_id}
    if actor.has(Role.SECRETARIAT, body_id):
        roles.add(Role.SECRETARIAT)
    return frozenset().union(*(DEADLINES_OF[role] for role in roles))


def rights_of(actor: Actor) -> str:
    """What the actor may see, as text for an ETag; the day stands in it only through the rights that hold on it."""
    bodies = feed_bodies(actor)
    seats = sorted((seat.body_id, seat.voting, seat.chair, seat.seat_id) for seat in actor.seats)
    own = (actor.person_id, sorted(actor.own_meeting_ids))
    return repr((actor.account_id, bodies and sorted(bodies), seats, own, actor.demo))
