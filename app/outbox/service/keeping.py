"""How long the texts of mails are kept: the lines of the log stay, what the mails said goes."""

import datetime as dt

from sqlmodel import Session

from app.outbox import queries
from app.outbox.service.delivering import erase_texts
from app.outbox.service.posting import order_sending


def erase_old_texts(session: Session, before: dt.datetime, *, at_once: int) -> int:
    """Erase texts and files of at most *at_once* mails that are over and older than *before*; how many there were."""
    mails = queries.lock_texts_before(session, before, at_once)
    for mail in mails:
        erase_texts(mail)
        session.add(mail)
    queries.forget_files(session, [mail.id for mail in mails if mail.id is not None])
    return len(mails)


def order_stranded(session: Session) -> None:
    """Order what waits or was left behind without a job, as after a restore from a backup."""
    for mail in queries.unfinished(session):
        order_sending(session, mail)
