"""Reading invitations: what was sent, to whom, what came back."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actor import Actor, Role
from app.agenda.models import AgendaRelease, LetterDispatch, LetterRevocation
from app.errors import NotFound, Refused
from app.history.models import HistoryEntry
from app.invitations.models import (
    GuestAnswer,
    InvitationDispatch,
    InvitationRecipient,
    InvitationReply,
    ReplyOutcome,
)
from app.invitations.rules.changes import Told
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.outbox.models import Mail
from app.people.models import Person

UNREAD = (ReplyOutcome.UNMATCHED, ReplyOutcome.NO_REPLY)


def get_inviting_meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting for those who read who is invited and what was sent (secretariat, chair); NotFound for others."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    return meeting


def list_dispatches(session: Session, meeting_id: int) -> Sequence[InvitationDispatch]:
    """What was sent for a meeting, newest first. Rights are the caller's matter."""
    return session.exec(
        select(InvitationDispatch)
        .where(InvitationDispatch.meeting_id == meeting_id)
        .order_by(col(InvitationDispatch.serial).desc())
    ).all()


def told_of(session: Session, meeting_ids: Collection[int]) -> dict[int, Told]:
    """What is known of inviting to each of these meetings; three queries. Rights are the caller's matter."""
    of, serial = col(InvitationDispatch.meeting_id), col(InvitationDispatch.serial)
    newest = sa.select(of, sa.func.max(serial)).where(of.in_(meeting_ids)).group_by(of)
    rows = session.exec(select(InvitationDispatch).where(sa.tuple_(of, serial).in_(newest))).all()
    last = {row.meeting_id: row for row in rows}
    agenda = col(AgendaRelease.meeting_id)
    released = sa.select(agenda, sa.func.max(col(AgendaRelease.version))).where(agenda.in_(meeting_ids))
    versions = {row[0]: row[1] for row in session.execute(released.group_by(agenda))}
    letter = col(LetterDispatch.meeting_id)
    sent = (
        sa.select(letter)
        .outerjoin(LetterRevocation, col(LetterRevocation.dispatch_id) == LetterDispatch.id)
        .where(letter.in_(meeting_ids), col(LetterRevocation.dispatch_id).is_(None))
    )
    by_post = set(session.execute(sent.distinct()).scalars())
    return {key: Told(last.get(key), versions.get(key), key in by_post) for key in meeting_ids}


def list_recipients(session: Session, dispatch_ids: Collection[int]) -> list[tuple[InvitationRecipient, Mail | None]]:
    """The recipients of these dispatches in the order in which they were written, with their mails; one query."""
    rows = session.execute(
        sa.select(InvitationRecipient, Mail)
        .outerjoin(Mail, col(Mail.id) == InvitationRecipient.mail_id)
        .where(col(InvitationRecipient.dispatch_id).in_(dispatch_ids))
        .order_by(col(InvitationRecipient.id))
    ).all()
    return [(recipient, mail) for recipient, mail in rows]


def last_told(session: Session, meeting_id: int) -> dict[str, tuple[InvitationRecipient, InvitationDispatch]]:
    """The latest that every address was told of a meeting; one query."""
    rows = session.execute(
        sa.select(InvitationRecipient, InvitationDispatch)
        .join(InvitationDispatch, col(InvitationDispatch.id) == InvitationRecipient.dispatch_id)
        .where(col(InvitationDispatch.meeting_id) == meeting_id)
        .order_by(col(InvitationDispatch.serial), col(InvitationRecipient.id))
    ).all()
    return {recipient.address: (recipient, dispatch) for recipient, dispatch in rows}


def find_recipient_of_link(session: Session, link_id: int) -> InvitationRecipient | None:
    """Who got this personal link, None where that was erased."""
    return session.exec(
        select(InvitationRecipient)
        .where(InvitationRecipient.link_id == link_id)
        .order_by(col(InvitationRecipient.id).desc())
        .limit(1)
    ).first()


def meeting_of_recipient(session: Session, recipient: InvitationRecipient) -> int:
    """The meeting to which somebody was invited."""
    return session.exec(
        select(InvitationDispatch.meeting_id).where(InvitationDispatch.id == recipient.dispatch_id)
    ).one()


def find_meeting_of_uid(session: Session, uid: str) -> Meeting | None:
    """The meeting whose calendar entry an answer names."""
    return session.exec(select(Meeting).where(Meeting.uid == uid)).first()


def sequences_sent(session: Session, meeting_id: int) -> set[int]:
    """The SEQUENCE numbers under which invitations of a meeting went out."""
    return set(session.exec(select(InvitationDispatch.sequence).where(InvitationDispatch.meeting_id == meeting_id)))


def last_moved_at(session: Session, meeting_id: int) -> dt.datetime | None:
    """When the meeting was moved last, None if never: what was answered before was about another date."""
    return session.exec(
        select(sa.func.max(HistoryEntry.at)).where(
            HistoryEntry.object_kind == "meeting",
            HistoryEntry.object_id == meeting_id,
            HistoryEntry.verb == "meeting.move",
        )
    ).one()


def guest_answers(session: Session, meeting_id: int) -> dict[int, GuestAnswer]:
    """What guests answered, by person."""
    rows = session.exec(select(GuestAnswer).where(GuestAnswer.meeting_id == meeting_id))
    return {row.person_id: row for row in rows}


def guest_lines(session: Session, meeting_id: int) -> list[tuple[str, GuestAnswer]]:
    """The guests who answered with their names, in order of these; for people who read who comes."""
    rows = session.execute(
        sa.select(GuestAnswer, Person)
        .join(Person, col(Person.id) == GuestAnswer.person_id)
        .where(col(GuestAnswer.meeting_id) == meeting_id)
        .order_by(col(Person.sort_key), col(Person.id))
    ).all()
    return [(person.name, answer) for answer, person in rows]


def list_replies(session: Session, meeting_id: int, *, limit: int = 200) -> list[tuple[InvitationReply, str]]:
    """The answers that came by link and mail, newest first, each with the name of whose it is."""
    rows = session.execute(
        sa.select(InvitationReply, col(InvitationRecipient.name))
        .outerjoin(InvitationRecipient, col(InvitationRecipient.id) == InvitationReply.recipient_id)
        .where(col(InvitationReply.meeting_id) == meeting_id)
        .order_by(col(InvitationReply.id).desc())
        .limit(limit)
    ).all()
    return [(reply, name or "") for reply, name in rows]


def knows_message(session: Session, message_id: str) -> bool:
    """Whether this mail was read already."""
    statement = sa.select(sa.exists().where(col(InvitationReply.message_id) == message_id))
    return bool(session.execute(statement).scalar())


def open_replies(session: Session, actor: Actor, *, limit: int = 200) -> Sequence[InvitationReply]:
    """Mails that answer nothing that is known, which nobody has looked after; for secretariats of all bodies.

    Such a mail names no body, so the secretariat of one body alone does not read it.
    """
    return session.exec(_readable_open_replies(actor).order_by(col(InvitationReply.id).desc()).limit(limit)).all()


def get_open_reply(session: Session, actor: Actor, reply_id: int) -> InvitationReply:
    """One of these; Refused for all others, whoever asks."""
    found = session.exec(_readable_open_replies(actor).where(InvitationReply.id == reply_id)).first()
    if found is None:
        raise Refused("Diese Mail ist schon als erledigt vermerkt, oder es gibt sie nicht.")
    return found


def _readable_open_replies(actor: Actor) -> SelectOfScalar[InvitationReply]:
    return select(InvitationReply).where(
        sa.true() if actor.has(Role.SECRETARIAT) else sa.false(),
        col(InvitationReply.outcome).in_(UNREAD),
        col(InvitationReply.settled_at).is_(None),
    )
