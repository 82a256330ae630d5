"""Answers that come by mail: each mail is read once, each answer in it goes where it belongs or to the secretariat.

A mail is believed only if its sender and the ATTENDEE of its answer are the address that was invited, under a UID and
SEQUENCE that went out. (Whether a sender's address is genuine is for the mail server to check: SPF, DKIM, DMARC.)
"""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.attendance.models import Answer
from app.attendance.queries import deputies_of, find_announcement
from app.bodies.models import MembershipKind
from app.calendars.schemas import Answered, Reply
from app.db import Database, ident
from app.errors import SkipError
from app.history.models import Reach
from app.history.service import record
from app.invitations import queries
from app.invitations.models import (
    DispatchMethod,
    InvitationReply,
    RecipientRole,
    ReplyOutcome,
    ReplyWay,
)
from app.invitations.rules.mails import ReadMail, read_mail
from app.invitations.schemas import AnswerIn
from app.invitations.service.answering import GONE, LinkState, Sender, sender_of, state_of, take_answer
from app.meetings.queries import lock_meeting
from app.people.queries import load_persons

UNKNOWN = "Kein Termin und keine Einladung passen zu dieser Antwort."
FOREIGN = "Der Absender ist nicht die Adresse, die eingeladen wurde."
NEVER_SENT = "Unter dieser Nummer der Einladung (SEQUENCE) ging nichts hinaus."
FORMER = "Die Antwort gilt dem früheren Termin."
LATER = "Eine spätere Antwort liegt schon vor."
NOT_ASKED = "Um diese Antwort war nicht gebeten."
PERHAPS = "„Vielleicht“ ist weder Zusage noch Absage."
NO_DEPUTY = "Vertreten soll jemand, der keine Stellvertretung dieses Sitzes ist."
NO_ANSWER = "In der Mail steht keine Antwort eines Kalenders."
AUTOMATIC = "Eine automatische Antwort oder ein Bericht der Zustellung."


def receive_mail(database: Database, raw: bytes) -> list[ReplyOutcome]:
    """Read one mail as it travelled and do what it says; what became of each answer, nothing for one known already."""
    mail = read_mail(raw)
    with database.write() as session:
        if queries.knows_message(session, mail.message_id):
            return []
        if not mail.replies:
            why = AUTOMATIC if mail.automatic else NO_ANSWER
            return [_keep(session, mail, 0, None, ReplyOutcome.NO_REPLY, why)]
        return [_receive(session, mail, place, reply) for place, reply in enumerate(mail.replies)]


def settle_reply(session: Session, actor: Actor, reply_id: int) -> InvitationReply:
    """The secretariat looked after a mail that answers nothing that is known."""
    reply = queries.get_open_reply(session, actor, reply_id)
    reply.settled_at, reply.settled_by = clock.now(), actor.name
    session.add(reply)
    record(session, actor, "invitation.settle", reply, label=reply.subject, reach=Reach.ACCOUNT)
    return reply


def _receive(session: Session, mail: ReadMail, place: int, reply: Reply) -> ReplyOutcome:
    meeting = queries.find_meeting_of_uid(session, reply.uid)
    if meeting is None:
        return _keep(session, mail, place, reply, ReplyOutcome.UNMATCHED, UNKNOWN)
    meeting = lock_meeting(session, system(clock.today()), ident(meeting))
    told = queries.last_told(session, ident(meeting)).get(reply.attendee)
    if told is None:
        return _keep(session, mail, place, reply, ReplyOutcome.UNMATCHED, UNKNOWN)
    if mail.sender != reply.attendee:
        return _keep(session, mail, place, reply, ReplyOutcome.UNMATCHED, FOREIGN)
    sender = sender_of(session, told[0])
    if sender is None:
        return _keep(session, mail, place, reply, ReplyOutcome.UNMATCHED, UNKNOWN)
    outcome, why = _judge(session, sender, reply)
    return _keep(session, mail, place, reply, outcome, why, sender)


def _judge(session: Session, sender: Sender, reply: Reply) -> tuple[ReplyOutcome, str]:
    """What becomes of an answer whose sender is known, and why."""
    sequence = reply.sequence or 0
    if sequence not in queries.sequences_sent(session, ident(sender.meeting)):
        return ReplyOutcome.REFUSED, NEVER_SENT
    if sequence < sender.meeting.sequence:
        return ReplyOutcome.OUTDATED, FORMER
    if sender.recipient.method is DispatchMethod.CANCEL or not sender.recipient.answers:
        return ReplyOutcome.NOTED, NOT_ASKED
    state = state_of(sender)
    if state is not LinkState.OPEN:
        return ReplyOutcome.REFUSED, GONE if state is LinkState.GONE else "Die Sitzung hat begonnen oder ist abgesagt."
    if reply.partstat not in (Answered.ACCEPTED, Answered.DECLINED, Answered.DELEGATED):
        return ReplyOutcome.NOTED, PERHAPS if reply.partstat == Answered.TENTATIVE else NOT_ASKED
    if _is_older(session, sender, _given_at(reply)):
        return ReplyOutcome.OUTDATED, LATER
    try:
        for wish in _wishes(session, sender, reply):
            take_answer(session, sender, wish, ReplyWay.MAIL, at=_given_at(reply))
    except SkipError as refused:
        return ReplyOutcome.REFUSED, next(iter(refused.by_field.values()), refused.sentence)
    return ReplyOutcome.TAKEN, ""


def _given_at(reply: Reply) -> dt.datetime:
    """When the answer was given by its own word; a clock that is fast gains nothing."""
    return min(reply.stamped_at or clock.now(), clock.now())


def _is_older(session: Session, sender: Sender, at: dt.datetime) -> bool:
    """Whether something that was said later counts already, whichever way it came."""
    meeting_id = ident(sender.meeting)
    if sender.guest and not sender.seats:
        guest = queries.guest_answers(session, meeting_id).get(sender.recipient.person_id or 0)
        return guest is not None and at < guest.answered_at.replace(microsecond=0)
    rows = [find_announcement(session, meeting_id, ident(seat.seat)) for seat in sender.seats]
    return any(row is not None and at < row.answered_at.replace(microsecond=0) for row in rows)


def _wishes(session: Session, sender: Sender, reply: Reply) -> list[AnswerIn]:
    """The answer as for the page: for each seat of the sender, or for the guest."""
    answer = Answer.DECLINED if reply.partstat == Answered.DECLINED else Answer.ACCEPTED
    wish = AnswerIn(answer=answer, note=reply.comment)
    if sender.recipient.role is RecipientRole.GUEST:
        return [wish]
    found = []
    for seat in sender.seats:
        person_id = sender.recipient.person_id
        kinds = {one.membership.kind for one in seat.holders if one.membership.person_id == person_id}
        own = wish.model_copy(update={"seat": ident(seat.seat)})
        if reply.partstat == Answered.DELEGATED:
            deputy = _deputy_named(session, [person for person, _ in deputies_of(seat)], reply)
            own = own.model_copy(update={"answer": Answer.REPRESENTED, "deputy": deputy})
        elif kinds == {MembershipKind.DEPUTY} and answer is Answer.ACCEPTED:
            own = own.model_copy(update={"answer": Answer.REPRESENTED, "deputy": person_id})
        found.append(own)
    return found


def _deputy_named(session: Session, deputies: list[int], reply: Reply) -> int:
    """The deputy whose address a delegation names; SkipError where it is none of the seat's."""
    for person_id, person in load_persons(session, deputies).items():
        if person.email and person.email.lower() in reply.delegated_to:
            return person_id
    raise SkipError(NO_DEPUTY)


def _keep(
    session: Session,
    mail: ReadMail,
    place: int,
    reply: Reply | None,
    outcome: ReplyOutcome,
    why: str,
    sender: Sender | None = None,
) -> ReplyOutcome:
    said = reply or _NOTHING
    session.add(
        InvitationReply(
            message_id=mail.message_id,
            place=place,
            meeting_id=sender.meeting.id if sender else None,
            recipient_id=sender.recipient.id if sender else None,
            way=ReplyWay.MAIL,
            received_at=clock.now(),
            stamped_at=said.stamped_at,
            sequence=said.sequence,
            partstat=said.partstat,
            comment=said.comment,
            sender=mail.sender,
            subject=mail.subject,
            outcome=outcome,
            why=why[:500],
        )
    )
    session.flush()
    return outcome


_NOTHING = Reply(uid="", attendee="", partstat="")
