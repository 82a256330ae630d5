"""Who votes for which seat: member before deputy, one vote per seat, nobody who is excluded (domain §5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.attendance.models import PresenceRole
from app.attendance.schemas import Attendee, Room, RoomSeat

PRECEDENCE: Mapping[PresenceRole, int] = {PresenceRole.MEMBER: 0, PresenceRole.DEPUTY: 1, PresenceRole.AD_HOC: 2}


@dataclass(frozen=True, slots=True)
class Voter:
    """The person whose voice counts for a seat at the moment."""

    seat_id: int
    person_id: int | None
    name: str
    role: PresenceRole


@dataclass(frozen=True, slots=True)
class Count:
    """Voting seats: ``present`` ones of ``entitled``. ``excluded``: seats barred because all who are there are.

    ``chair_votes``: the person in the chair votes for a seat, and so may decide a tie.
    """

    present: int
    entitled: int
    voters: tuple[Voter, ...] = ()
    excluded: int = 0
    chair_votes: bool = False


def count_votes(room: Room) -> Count:
    """The voting seats that are there and may vote on the item of *room*, each once."""
    voting = [seat for seat in room.seats if seat.voting]
    voters = [voter for seat in voting if (voter := voter_of(seat, video_counts=room.video_counts)) is not None]
    voted = {voter.seat_id for voter in voters}
    barred = [seat for seat in voting if seat.seat_id not in voted and any(one.excluded for one in seat.present)]
    chair = room.chair.person_id if room.chair else None
    return Count(
        present=len(voters),
        entitled=len(voting),
        voters=tuple(voters),
        excluded=len(barred),
        chair_votes=any(voter.person_id == chair for voter in voters if voter.person_id is not None),
    )


def voter_of(seat: RoomSeat, *, video_counts: bool) -> Voter | None:
    """Who votes for *seat*: the member, else a deputy, else an ad-hoc representative; None if nobody may."""
    for one in sorted(seat.present, key=_place):
        if not one.excluded and (video_counts or not one.remote):
            return Voter(seat.seat_id, one.person_id, one.name, one.role)
    return None


def _place(one: Attendee) -> tuple[int, object, int]:
    return PRECEDENCE[one.role], one.from_at, one.presence_id
