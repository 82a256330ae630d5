"""Answers by personal link: who the link is of, what it shows, and what an answer does.

The link is the key: nobody is signed in. It works until the meeting begins; one of an earlier dispatch shows the
present state too. What it opens is asked anew each time: who no longer has the seat no longer answers for it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from app import clock, text
from app.actor import Actor, system
from app.agenda.service.values import released_values
from app.attendance.models import Answer
from app.attendance.queries import deputies_of, expected_seats, find_announcement, names_of_people, seat_name
from app.attendance.rules.words import ANSWER_WORDS, announced_words
from app.attendance.schemas import AnnounceIn
from app.attendance.service.announcing import BEGUN, CANCELLED, announce_from_outside, may_be_named
from app.bodies.models import AddressKind, MembershipKind
from app.bodies.queries import load_body
from app.bodies.schemas import SeatView
from app.db import ident
from app.errors import Invalid, Refused
from app.history.models import Reach
from app.history.service import record
from app.invitations import queries
from app.invitations.models import (
    GuestAnswer,
    InvitationRecipient,
    InvitationReply,
    RecipientRole,
    ReplyOutcome,
    ReplyWay,
)
from app.invitations.rules.words import WAY_WORDS
from app.invitations.schemas import AnswerIn
from app.links.queries import find_link
from app.links.rules import Purpose
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import load_meeting, lock_meeting
from app.meetings.rules import life
from app.outbox.mime import Unsendable, ascii_address
from app.people.models import Person

GONE = "Dieser Link gilt nicht mehr. Den neuesten finden Sie in der letzten Mail zur Sitzung."


class LinkState(StrEnum):
    """What a link opens now."""

    OPEN = "open"
    BEGUN = "begun"
    CANCELLED = "cancelled"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A seat for which the link answers: its name, what is announced, and its deputies by person."""

    id: int
    name: str
    answer: Answer
    words: str
    note: str
    deputies: tuple[tuple[int, str], ...]
    deputy_id: int | None = None
    deputy_name: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the page of a link shows: nothing of the meeting but its body, number, date and place; the own seats.

    ``guest``: the answer is for the person; ``ad_hoc``: the body lets anybody be named to represent a seat.
    """

    state: LinkState
    name: str = ""
    title: str = ""
    when: str = ""
    place: str = ""
    office: bool = False
    seats: tuple[OwnSeat, ...] = ()
    guest: bool = False
    guest_answer: Answer = Answer.OPEN
    guest_words: str = ""
    guest_note: str = ""
    ad_hoc: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom an answer is of: the recipient of an invitation with what they may answer for today."""

    recipient: InvitationRecipient
    meeting: Meeting
    seats: tuple[SeatView, ...]
    guest: bool

    @property
    def name(self) -> str:
        """Who answers, in words."""
        office = self.recipient.role is RecipientRole.OFFICE
        return f"{self.recipient.name}, im Auftrag" if office else self.recipient.name


def view_link(session: Session, key: str) -> AnswerView:
    """What the link *key* opens now. Unknown and ended ones look alike; looking changes nothing."""
    sender = _sender_of_link(session, key)
    if sender is None:
        return AnswerView(LinkState.GONE)
    state = state_of(sender)
    if state in (LinkState.BEGUN, LinkState.GONE):
        return AnswerView(state)
    meeting = sender.meeting
    guest = (
        queries.guest_answers(session, ident(meeting)).get(sender.recipient.person_id or 0) if sender.guest else None
    )
    return AnswerView(
        state=state,
        name=sender.recipient.name,
        title=f"{load_body(session, meeting.body_id).short_name} {life.label(meeting)}",
        when=f"{text.weekday_date(life.day_of(meeting))}, {text.span(meeting.starts_at, meeting.ends_at)}",
        place=meeting.place,
        office=sender.recipient.role is RecipientRole.OFFICE,
        seats=tuple(_own(session, meeting, seat) for seat in sender.seats),
        guest=sender.guest,
        guest_answer=guest.answer if guest else Answer.OPEN,
        guest_words=ANSWER_WORDS[guest.answer] if guest else ANSWER_WORDS[Answer.OPEN],
        guest_note=guest.note if guest else "",
        ad_hoc=may_be_named(session, meeting),
    )


def answer_by_link(session: Session, key: str, wish: AnswerIn) -> str:
    """Take the answer of the link *key*; what was said, in words. Refused once the link no longer answers."""
    sender = _sender_of_link(session, key)
    if sender is None:
        raise Refused(GONE)
    sender = _locked(session, sender)
    refusals = {LinkState.GONE: GONE, LinkState.BEGUN: BEGUN, LinkState.CANCELLED: CANCELLED}
    state = state_of(sender)
    if state is not LinkState.OPEN:
        raise Refused(refusals[state])
    if wish.answer is Answer.OPEN:
        raise Invalid({"answer": "Bitte sagen Sie, ob Sie kommen."})
    words = take_answer(session, sender, wish, ReplyWay.LINK)
    session.add(
        InvitationReply(
            meeting_id=sender.meeting.id,
            recipient_id=sender.recipient.id,
            way=ReplyWay.LINK,
            received_at=clock.now(),
            partstat=wish.answer.value.upper(),
            comment=wish.note,
            sender=sender.recipient.address,
            outcome=ReplyOutcome.TAKEN,
        )
    )
    return words


def take_answer(
    session: Session, sender: Sender, wish: AnswerIn, way: ReplyWay, *, at: dt.datetime | None = None
) -> str:
    """Enter an answer where it belongs: the seat's announcement, or the guest's own answer. The meeting is locked.

    *at* is when it was given (default: now); what was given later counts.
    """
    by = f"{sender.name}, {WAY_WORDS[way]}"
    actor = Actor(account_id=None, name=by, on=clock.today(), person_id=sender.recipient.person_id)
    if wish.seat is None:
        if not sender.guest:
            raise Invalid({"seat": "Bitte wählen Sie den Sitz."})
        return _take_guest(session, actor, sender, wish, at or clock.now())
    seat = next((one for one in sender.seats if ident(one.seat) == wish.seat), None)
    if seat is None:
        raise Invalid({"seat": "Für diesen Sitz antwortet der Link nicht."})
    represented = wish.answer is Answer.REPRESENTED
    announced = AnnounceIn(
        answer=wish.answer,
        deputy=wish.deputy if represented else None,
        deputy_name=wish.deputy_name if represented else "",
        note=wish.note,
    )
    row = announce_from_outside(session, actor, sender.meeting, wish.seat, announced, by=by, at=at)
    return announced_words(row, names_of_people(seat))


def sender_of(session: Session, recipient: InvitationRecipient) -> Sender | None:
    """For what a recipient may answer today; None where the meeting is gone, or the mail went to a former address.

    An address is corrected because somebody else reads what goes there: whoever that is answers for nobody.
    """
    meeting = load_meeting(session, queries.meeting_of_recipient(session, recipient))
    if meeting is None or _has_moved(session, recipient):
        return None
    seats = tuple(one for one in expected_seats(session, meeting) if _answers_for(recipient, one))
    return Sender(recipient, meeting, seats, _is_guest(session, recipient, meeting))


def _has_moved(session: Session, recipient: InvitationRecipient) -> bool:
    person = session.get(Person, recipient.person_id) if recipient.person_id is not None else None
    return person is not None and not _same(person.email, recipient.address)


def state_of(sender: Sender) -> LinkState:
    """Whether an answer is taken now."""
    meeting = sender.meeting
    if not sender.seats and not sender.guest:
        return LinkState.GONE
    if meeting.state is MeetingState.CANCELLED:
        return LinkState.CANCELLED
    begun = meeting.state in (MeetingState.IN_SESSION, MeetingState.HELD) or clock.now() >= meeting.starts_at
    return LinkState.BEGUN if begun else LinkState.OPEN


def _locked(session: Session, sender: Sender) -> Sender:
    """The same with the meeting's row locked, as it is now."""
    meeting = lock_meeting(session, system(clock.today()), ident(sender.meeting))
    return sender_of(session, sender.recipient) or Sender(sender.recipient, meeting, (), guest=False)


def _sender_of_link(session: Session, key: str) -> Sender | None:
    link = find_link(session, Purpose.ANSWER, key)
    if link is None:
        return None
    recipient = queries.find_recipient_of_link(session, ident(link))
    return sender_of(session, recipient) if recipient is not None and recipient.answers else None


def _answers_for(recipient: InvitationRecipient, seat: SeatView) -> bool:
    """Whether the recipient still is of the seat: as a person on it, or as the mailbox of its office."""
    if recipient.role not in (RecipientRole.MEMBER, RecipientRole.OFFICE):
        return False
    if recipient.person_id is not None:
        holders = [one.membership for one in seat.holders if one.membership.person_id == recipient.person_id]
        wanted = MembershipKind.OFFICE if recipient.role is RecipientRole.OFFICE else None
        own = [one for one in holders if wanted is None or one.kind is wanted]
        return bool(own) and (recipient.role is RecipientRole.OFFICE or ident(seat.seat) == recipient.seat_id)
    if recipient.seat_id != ident(seat.seat):
        return False
    return any(kind is AddressKind.OFFICE and _same(email, recipient.address) for kind, _, email in seat.addresses)


def _same(email: str, address: str) -> bool:
    try:
        return ascii_address(email).lower() == address
    except Unsendable:
        return False


def _is_guest(session: Session, recipient: InvitationRecipient, meeting: Meeting) -> bool:
    """Whether the recipient is a guest of a released item, as the last release has it."""
    if recipient.role is not RecipientRole.GUEST or recipient.person_id is None:
        return False
    values = released_values(session, ident(meeting))
    items = [item for section in values.sections for item in section.items] if values else []
    return any(guest.person == recipient.person_id for item in items if not item.withdrawn for guest in item.guests)


def _own(session: Session, meeting: Meeting, seat: SeatView) -> OwnSeat:
    row = find_announcement(session, ident(meeting), ident(seat.seat))
    return OwnSeat(
        id=ident(seat.seat),
        name=seat_name(seat),
        answer=row.answer if row else Answer.OPEN,
        words=announced_words(row, names_of_people(seat)),
        note=row.note if row else "",
        deputies=tuple(deputies_of(seat)),
        deputy_id=row.deputy_id if row else None,
        deputy_name=row.deputy_name if row else "",
    )


def _take_guest(session: Session, actor: Actor, sender: Sender, wish: AnswerIn, now: dt.datetime) -> str:
    """A guest comes or does not; nobody stands in for a guest."""
    if wish.answer not in (Answer.ACCEPTED, Answer.DECLINED):
        raise Invalid({"answer": "Gäste sagen zu oder ab; vertreten lassen können sie sich nicht."})
    meeting, person_id = sender.meeting, sender.recipient.person_id or 0
    row = session.get(GuestAnswer, (ident(meeting), person_id))
    before = {"announced": ANSWER_WORDS[row.answer], "remark": row.note} if row else {}
    row = row or GuestAnswer(meeting_id=ident(meeting), person_id=person_id, answer=wish.answer, answered_at=now)
    row.answer, row.note, row.answered_at, row.answered_by = wish.answer, wish.note, now, actor.name[:200]
    session.add(row)
    record(
        session,
        actor,
        "invitation.answer",
        meeting,
        before=before,
        after={"announced": ANSWER_WORDS[row.answer], "remark": row.note},
        label=f"{life.label_with_date(meeting)}: {sender.recipient.name}",
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )
    return ANSWER_WORDS[row.answer]
