"""Writing mails into the outbox, in the caller's own transaction: what is rolled back was never written."""

from collections.abc import Sequence

from sqlmodel import Session

from app import clock, text
from app.db import ident
from app.jobs.service import enqueue
from app.outbox.models import Mail, MailAttachment
from app.outbox.queries import find_mail_of
from app.outbox.rules import message_id
from app.outbox.schemas import AttachedFile, CalendarPart, Letter, Mailbox

SEND_JOB = "mail.send"


def post_mail(
    session: Session,
    letter: Letter,
    *,
    kind: str,
    to: Mailbox,
    sender: Mailbox,
    reply_to: str = "",
    dedupe_key: str | None = None,
    calendar: CalendarPart | None = None,
    files: Sequence[AttachedFile] = (),
    account_id: int | None = None,
    person_id: int | None = None,
    body_id: int | None = None,
    meeting_id: int | None = None,
    link_id: int | None = None,
    unsubscribe_id: int | None = None,
    secret: bool = False,
) -> Mail:
    """Put one mail to one recipient into the outbox and order its sending.

    With a ``dedupe_key`` that is there already, that mail is returned and nothing is added: one occasion, one mail.
    """
    there = find_mail_of(session, dedupe_key) if dedupe_key is not None else None
    if there is not None:
        return there
    mail = Mail(
        kind=kind,
        dedupe_key=dedupe_key,
        account_id=account_id,
        person_id=person_id,
        body_id=body_id,
        meeting_id=meeting_id,
        link_id=link_id,
        unsubscribe_id=unsubscribe_id,
        address=to.address,
        name=text.one_line(to.name)[:200],
        sender=sender.address,
        sender_name=text.one_line(sender.name)[:200],
        reply_to=reply_to,
        subject=text.one_line(letter.subject)[:400],
        text=letter.text,
        html=letter.html,
        calendar=calendar.text if calendar else "",
        calendar_method=calendar.method if calendar else "",
        calendar_name=calendar.name if calendar else "",
        message_id=message_id(sender.address),
        secret=secret,
        created_at=clock.now(),
    )
    session.add(mail)
    session.flush()
    session.add_all(
        MailAttachment(mail_id=ident(mail), position=at, name=one.name, media_type=one.media_type, file_key=one.hash)
        for at, one in enumerate(files, start=1)
    )
    order_sending(session, mail)
    return mail


def order_sending(session: Session, mail: Mail) -> None:
    """Have the worker send a mail as soon as its time has come; once for each round of tries."""
    enqueue(session, SEND_JOB, {"id": ident(mail)}, dedupe_key=f"{SEND_JOB}:{mail.id}:{mail.attempts}")
