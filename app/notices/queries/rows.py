"""The rows behind notices: what waits, what was chosen, who gets it. For the system's own work; rights come after."""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.history.models import HistoryDetail
from app.links.models import PersonalLink
from app.links.rules import Purpose
from app.notices.models import Notice, NoticeChoice, NoticeState, NoticeWay
from app.notices.rules.timing import LOST
from app.outbox.models import Mail
from app.people.models import Account, Person

OF_THE_DAY = "day:"
"""Bundles that begin so wait for the mail of the day, whatever way was chosen: they are reminders."""
_AT_A_TIME = 400
INVITING = ("invitation", "cancellation")
"""Kinds of mails that say what a notice about a meeting would say."""


def details_of(session: Session, entry_ids: Collection[int]) -> dict[int, HistoryDetail]:
    """Who did what, by entry of the history."""
    rows = session.exec(select(HistoryDetail).where(col(HistoryDetail.entry_id).in_(entry_ids)))
    return {row.entry_id: row for row in rows}


def choices_of(session: Session, account_ids: Collection[int]) -> dict[tuple[int, str], NoticeWay]:
    """What these accounts chose, by account and kind; one query."""
    rows = session.exec(select(NoticeChoice).where(col(NoticeChoice.account_id).in_(account_ids)))
    return {(row.account_id, row.kind): row.way for row in rows}


def accounts_for(session: Session, persons: Collection[int], accounts: Collection[int]) -> Sequence[Account]:
    """The accounts of these persons, and these accounts, closed ones too."""
    wanted = sa.or_(col(Account.person_id).in_(persons), col(Account.id).in_(accounts))
    return session.exec(select(Account).where(wanted).order_by(col(Account.id))).all()


def persons_with_address(session: Session, persons: Collection[int]) -> Sequence[Person]:
    """Those of the persons whom a mail reaches."""
    statement = select(Person).where(col(Person.id).in_(persons), Person.email != "")
    return session.exec(statement.order_by(col(Person.id))).all()


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these occasions were told already."""
    found: set[str] = set()
    for part in _parts(sorted(keys)):
        found |= set(session.exec(select(Notice.dedupe_key).where(col(Notice.dedupe_key).in_(part))))
    return found


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[at : at + _AT_A_TIME] for at in range(0, len(keys), _AT_A_TIME))


def waiting_in(session: Session, bundle: str) -> list[Notice]:
    """What waits in a bundle to be told at once."""
    return _waiting(session, col(Notice.bundle) == bundle, col(Notice.way) == NoticeWay.AT_ONCE)


def waiting_for_the_day(session: Session) -> list[Notice]:
    """What goes with the mail of the day: collected notices, reminders, and what was left behind for a day."""
    of_the_day = col(Notice.bundle).startswith(OF_THE_DAY)
    late = col(Notice.at) <= clock.now() - LOST
    return _waiting(session, sa.or_(col(Notice.way) == NoticeWay.DIGEST, of_the_day, late))


def _waiting(session: Session, *which: sa.ColumnElement[bool]) -> list[Notice]:
    statement = select(Notice).where(Notice.state == NoticeState.WAITING, *which)
    return list(session.exec(statement.order_by(col(Notice.id))))


def lock_waiting(session: Session, ids: Collection[int]) -> Sequence[Notice]:
    """Those of the notices that still wait, locked until the commit."""
    statement = select(Notice).where(col(Notice.id).in_(ids), Notice.state == NoticeState.WAITING)
    statement = statement.order_by(col(Notice.id)).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).all()


def was_invited(session: Session, one: Notice, person_id: int | None) -> bool:
    """Whether an invitation, update or cancellation of the meeting was written to the same person since."""
    whose = [col(Mail.account_id) == one.account_id] if one.account_id else []
    whose += [col(Mail.person_id) == (one.person_id or person_id)] if one.person_id or person_id else []
    statement = select(Mail.id).where(
        Mail.meeting_id == one.meeting_id,
        col(Mail.kind).in_(INVITING),
        Mail.created_at >= one.at,
        sa.or_(*whose),
    )
    return session.exec(statement.limit(1)).first() is not None


def find_stopping_link(session: Session, account_id: int, stops: str) -> PersonalLink | None:
    """The link that an account has already for stopping these kinds."""
    return session.exec(
        select(PersonalLink)
        .where(
            PersonalLink.purpose == Purpose.UNSUBSCRIBE,
            PersonalLink.account_id == account_id,
            PersonalLink.detail == stops,
            col(PersonalLink.revoked_at).is_(None),
        )
        .order_by(col(PersonalLink.id))
        .limit(1)
    ).first()
