"""What was answered so far: by seats and by guests, in words and as calendars name it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.attendance.models import Announcement, Answer
from app.attendance.queries import list_announcements
from app.attendance.rules.words import ANSWER_WORDS, announced_words
from app.bodies.schemas import SeatView
from app.calendars.schemas import Answered
from app.db import ident
from app.invitations import queries
from app.invitations.models import GuestAnswer, RecipientRole
from app.invitations.schemas import Addressee
from app.meetings.models import Meeting

_PARTSTAT: Mapping[Answer, Answered] = {
    Answer.ACCEPTED: Answered.ACCEPTED,
    Answer.DECLINED: Answered.DECLINED,
    Answer.REPRESENTED: Answered.DECLINED,
}
"""Who is represented does not come; iTIP's DELEGATED would want the address of the other."""

EARLIER = "vor der Verlegung"


@dataclass(frozen=True, slots=True)
class Standing:
    """Answers by seat and by guest; ``moved_at``: those before were about another date."""

    seats: Mapping[int, Announcement]
    guests: Mapping[int, GuestAnswer]
    moved_at: dt.datetime | None

    def of(self, one: Addressee, seats: Sequence[SeatView]) -> Addressee:
        """The recipient with what was answered for them."""
        if one.role is RecipientRole.GUEST:
            return self._guest(one)
        if one.seat_id is None or one.role in (RecipientRole.COPY, RecipientRole.SECRETARIAT):
            return one
        row = self.seats.get(one.seat_id)
        if row is None or row.answer is Answer.OPEN:
            return replace(one, standing=ANSWER_WORDS[Answer.OPEN])
        view = next(seat for seat in seats if ident(seat.seat) == one.seat_id)
        words = announced_words(row, {holder.membership.person_id: holder.name for holder in view.holders})
        return self._told(one, words, row.answer, row.answered_at)

    def _guest(self, one: Addressee) -> Addressee:
        row = self.guests.get(one.person_id or 0)
        if row is None:
            return replace(one, standing=ANSWER_WORDS[Answer.OPEN])
        return self._told(one, ANSWER_WORDS[row.answer], row.answer, row.answered_at)

    def _told(self, one: Addressee, words: str, answer: Answer, at: dt.datetime) -> Addressee:
        if self.moved_at is not None and at < self.moved_at:
            return replace(one, standing=f"{words} ({EARLIER})")
        known = _PARTSTAT.get(answer, Answered.OPEN) if one.answers else Answered.OPEN
        return replace(one, standing=words, answered=known)


def load_standing(session: Session, meeting: Meeting) -> Standing:
    """All answers of a meeting; three queries."""
    return Standing(
        seats=list_announcements(session, ident(meeting)),
        guests=queries.guest_answers(session, ident(meeting)),
        moved_at=queries.last_moved_at(session, ident(meeting)),
    )
