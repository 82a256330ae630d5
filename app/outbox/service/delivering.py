"""The steps of sending a mail, each a transaction of its own, so that whoever dies between two leaves the truth behind.

Taken (SENDING), handed over (``data_at``), ended. A step of a worker that was overtaken meanwhile is refused: the
number of its try is no longer the mail's.
"""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.db import ident
from app.jobs.service import Later
from app.outbox import queries
from app.outbox.models import Mail, MailState, MailTry
from app.outbox.rules import HOLD, NO_MAILBOX, needs_link, next_try
from app.outbox.schemas import Taken

DEAD_LINK = "Der persönliche Link in dieser Mail gilt nicht mehr."
NO_SENDER = "Es ist kein Postfach eingestellt, von dem diese Mail kommen könnte."
DIED = "Der Versand wurde unterbrochen, bevor die Mail übergeben war."
DIED_LATE = "Der Versand wurde unterbrochen, während die Mail übergeben wurde."


class Overtaken(Exception):
    """Another worker took the mail over meanwhile; this one must not go on with it."""


def take_mail(session: Session, mail_id: int) -> Taken | None:
    """Take a mail for sending; None where there is nothing to do (any more), Later where its time has not come.

    What a worker that died left behind is judged first: handed over already means UNCERTAIN, else it is tried again.
    """
    mail = queries.lock_mail(session, mail_id)
    if mail is None or mail.state not in (MailState.WAITING, MailState.SENDING):
        return None
    now = clock.now()
    if mail.state is MailState.SENDING:
        left_at = (mail.sending_at or now) + HOLD
        if left_at > now:
            raise Later(left_at)
        if mail.data_at is not None:
            _end(session, mail, MailState.UNCERTAIN, DIED_LATE)
            return None
        _come_again(session, mail, DIED)
        mail.next_try_at = None
    if mail.state is not MailState.WAITING:
        return None
    if mail.next_try_at is not None and mail.next_try_at > now:
        raise Later(mail.next_try_at)
    return _taken(session, mail)


def take_next(session: Session) -> Taken | None:
    """Take any mail whose time has come, so that one line to the server serves several in a row."""
    mail = queries.lock_next_due(session, clock.now())
    return _taken(session, mail) if mail is not None else None


def hand_over(session: Session, taken: Taken) -> None:
    """From here on the server may take the mail. Overtaken: the line is to be cut instead."""
    mail = _held(session, taken)
    mail.data_at = clock.now()
    session.add(mail)


def note_sent(session: Session, taken: Taken, answer: str) -> None:
    """The server said yes. It is noted even where the mail was held for lost meanwhile: now it is known."""
    mail = queries.lock_mail(session, taken.mail_id)
    if mail is None or mail.attempts != taken.number:
        return
    mail.sent_at = clock.now()
    if mail.secret:
        erase_texts(mail)
    _end(session, mail, MailState.SENT, answer)


def note_ended(session: Session, taken: Taken, state: MailState, answer: str) -> None:
    """The mail ended as REFUSED, UNCERTAIN or CANCELLED in this try."""
    _end(session, _held(session, taken), state, answer)


def note_failed(session: Session, taken: Taken, answer: str) -> None:
    """This try failed before the mail was taken: it waits for the next one, or is given up."""
    _come_again(session, _held(session, taken), answer)


def put_off_others(session: Session, answer: str) -> None:
    """The server is down: that holds for all mails whose time has come, which need not each find it out."""
    for mail in queries.lock_all_due(session, clock.now()):
        _come_again(session, mail, answer)


def withhold_mail(session: Session, mail_id: int) -> None:
    """No mail server is set up: the mail stays here, and says so."""
    mail = queries.lock_mail(session, mail_id)
    if mail is not None and mail.state is MailState.WAITING:
        _end(session, mail, MailState.WITHHELD, "")


def when_again(session: Session, mail_id: int) -> dt.datetime | None:
    """When somebody has to look at the mail again: None once it is over."""
    mail = session.get(Mail, mail_id)
    if mail is None or mail.state not in (MailState.WAITING, MailState.SENDING):
        return None
    if mail.state is MailState.SENDING and mail.sending_at is not None:
        return mail.sending_at + HOLD
    return mail.next_try_at or clock.now()


def erase_texts(mail: Mail) -> None:
    """Take the texts away; the line of the log stays."""
    mail.text = mail.html = mail.calendar = ""
    mail.texts_erased_at = clock.now()


def _taken(session: Session, mail: Mail) -> Taken | None:
    links = queries.links_of(session, mail)
    if mail.sender == NO_MAILBOX:
        _end(session, mail, MailState.WITHHELD, NO_SENDER)
        return None
    if needs_link(mail.text) and not links.get(mail.link_id or 0):
        _end(session, mail, MailState.CANCELLED, DEAD_LINK)
        return None
    now = clock.now()
    mail.state, mail.sending_at, mail.data_at, mail.next_try_at = MailState.SENDING, now, None, None
    mail.attempts += 1
    session.add(mail)
    session.add(MailTry(mail_id=ident(mail), number=mail.attempts, began_at=now))
    session.flush()
    return Taken(
        mail=mail,
        mail_id=ident(mail),
        number=mail.attempts,
        files=tuple(queries.files_of(session, mail)),
        link_nonce=links.get(mail.link_id or 0, ""),
        unsubscribe_nonce=links.get(mail.unsubscribe_id or 0, ""),
    )


def _held(session: Session, taken: Taken) -> Mail:
    mail = queries.lock_mail(session, taken.mail_id)
    if mail is None or mail.state is not MailState.SENDING or mail.attempts != taken.number:
        raise Overtaken(f"mail {taken.mail_id}")
    return mail


def _come_again(session: Session, mail: Mail, answer: str) -> None:
    mail.retries += 1
    mail.next_try_at = next_try(mail.retries, clock.now())
    _end(session, mail, MailState.WAITING if mail.next_try_at else MailState.GIVEN_UP, answer)


def _end(session: Session, mail: Mail, state: MailState, answer: str) -> None:
    open_try = queries.open_try(session, mail)
    if open_try is not None:
        open_try.outcome, open_try.answer, open_try.ended_at = state, answer[:500], clock.now()
        session.add(open_try)
    mail.state, mail.answer, mail.sending_at, mail.data_at = state, answer[:500], None, None
    session.add(mail)
