"""How long the texts of mails are kept: the lines of the log stay, what the mails said goes."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.jobs.service import enqueue
from app.outbox import queries
from app.outbox.service.delivering import erase_texts
from app.outbox.service.posting import order_sending

ERASE_JOB = "mail.erase_texts"
AT_ONCE = 500


def order_erasing(session: Session, *, again_at_once: bool = False) -> None:
    """Have old texts erased in a day (or at once, where there were more), unless that is ordered already."""
    due = clock.now() if again_at_once else clock.now() + dt.timedelta(days=1)
    enqueue(session, ERASE_JOB, {}, dedupe_key=f"{ERASE_JOB}:{due:%Y-%m-%d}", run_at=due)


def erase_old_texts(session: Session, days: int) -> int:
    """Erase texts and files of at most 500 mails that ended more than *days* days ago; how many there were."""
    mails = queries.lock_texts_before(session, clock.now() - dt.timedelta(days=days), AT_ONCE)
    for mail in mails:
        erase_texts(mail)
        session.add(mail)
    queries.forget_files(session, [mail.id for mail in mails if mail.id is not None])
    return len(mails)


def order_stranded(session: Session) -> None:
    """Order what waits or was left behind without a job, as after a restore from a backup."""
    for mail in queries.unfinished(session):
        order_sending(session, mail)
