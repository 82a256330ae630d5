"""The room in one line, as every screen of a meeting shows it: present seats, quorum, the chair."""

from dataclasses import dataclass

from app import text
from app.attendance.rules.quorum import Quorum, quorum
from app.attendance.rules.votes import Count, count_votes
from app.attendance.schemas import Room
from app.bodies.rules import RuleBook


@dataclass(frozen=True, slots=True)
class RoomLine:
    """What ``templates/attendance/_room.html`` draws. ``chair`` "" while nobody leads."""

    count: Count
    quorum: Quorum
    chair: str = ""
    chair_since: str = ""
    others: int = 0


def room_line(book: RuleBook, room: Room) -> RoomLine:
    """The line of *room* by the rules of the body."""
    return RoomLine(
        count=count_votes(room),
        quorum=quorum(book, room),
        chair=room.chair.name if room.chair else "",
        chair_since=text.time(room.chair.from_at) if room.chair else "",
        others=len(room.others),
    )
