"""Keeping notices: one row for everybody whom an occasion concerns and who may read it today."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.access.queries import actor_of
from app.actor import Actor
from app.db import ident
from app.jobs.service import enqueue
from app.notices.models import Notice, NoticeChoice, NoticeState, NoticeWay
from app.notices.queries.telling import tell
from app.notices.rules.kinds import SPECS, chosen_way
from app.notices.rules.timing import PAUSE
from app.notices.schemas import Occasion
from app.people.models import Account, Person

SEND_BUNDLE_JOB = "notices.send"
OF_THE_DAY = "day:"
"""Bundles that begin so wait for the mail of the day, whatever way was chosen: they are reminders."""
_AT_A_TIME = 400


@dataclass(slots=True)
class Readers:
    """Who is told, by account or (without one) by person, each with the rights of today; asked once per run."""

    session: Session
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, someone: Account | Person) -> Actor:
        """The rights of an account, or those that an account of this person would have."""
        key = recipient_key(someone)
        if key not in self._actors:
            account = someone if isinstance(someone, Account) else _stand_in(someone)
            self._actors[key] = actor_of(self.session, account)
        return self._actors[key]


def recipient_key(someone: Account | Person) -> str:
    """a12, p7"""
    return f"{'a' if isinstance(someone, Account) else 'p'}{someone.id}"


def _stand_in(person: Person) -> Account:
    """An account that is never stored and has no roles: what follows from the person's seats and projects alone."""
    return Account(id=0, email=person.email, name=person.name, person_id=person.id, created_at=clock.now())


def keep_notices(session: Session, occasions: Sequence[Occasion]) -> list[Notice]:
    """Store what is new of these occasions, for everybody who may read it today, and order the mails.

    People whose account is closed are not told; people without an account get the duties, by their own address.
    """
    recipients = {id(one): _recipients(session, one) for one in occasions}
    keys = {f"{one.kind}:{one.key}:{recipient_key(who)}" for one in occasions for who in recipients[id(one)]}
    there = _known(session, keys)
    accounts = {ident(who) for group in recipients.values() for who in group if isinstance(who, Account)}
    choices = choices_of(session, accounts)
    readers, made = Readers(session), []
    for one in occasions:
        for who in recipients[id(one)]:
            key = f"{one.kind}:{one.key}:{recipient_key(who)}"
            if key in there:
                continue
            notice = _notice(one, who, key, choices)
            with session.no_autoflush:
                told = tell(session, readers.actor(who), notice)
            if told is not None:
                there.add(key)
                made.append(notice)
    session.add_all(made)
    session.flush()
    _order(session, made)
    return made


def choices_of(session: Session, account_ids: Collection[int]) -> dict[tuple[int, str], NoticeWay]:
    """What these accounts chose, by account and kind; one query."""
    rows = session.exec(select(NoticeChoice).where(col(NoticeChoice.account_id).in_(account_ids)))
    return {(row.account_id, row.kind): row.way for row in rows}


def _notice(one: Occasion, who: Account | Person, key: str, choices: dict[tuple[int, str], NoticeWay]) -> Notice:
    account_id = who.id if isinstance(who, Account) else None
    way = chosen_way(SPECS[one.kind], choices.get((account_id or 0, one.kind)))
    return Notice(
        kind=one.kind,
        account_id=account_id,
        person_id=None if isinstance(who, Account) else who.id,
        body_id=one.body_id,
        meeting_id=one.meeting_id,
        subject_id=one.subject_id,
        detail=one.detail,
        bundle=one.bundle,
        way=way,
        state=NoticeState.LISTED if way is NoticeWay.OFF else NoticeState.WAITING,
        at=clock.now(),
        dedupe_key=key,
    )


def _recipients(session: Session, one: Occasion) -> list[Account | Person]:
    wanted = sa.or_(col(Account.person_id).in_(one.persons), col(Account.id).in_(one.accounts))
    accounts = session.exec(select(Account).where(wanted).order_by(col(Account.id))).all()
    found: list[Account | Person] = [row for row in accounts if row.active and row.id != one.doer]
    if SPECS[one.kind].duty:
        alone = one.persons - {row.person_id for row in accounts}
        people = select(Person).where(col(Person.id).in_(alone), Person.email != "").order_by(col(Person.id))
        found += session.exec(people).all()
    return found


def _known(session: Session, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    for part in _parts(sorted(keys)):
        found |= set(session.exec(select(Notice.dedupe_key).where(col(Notice.dedupe_key).in_(part))))
    return found


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[at : at + _AT_A_TIME] for at in range(0, len(keys), _AT_A_TIME))


def _order(session: Session, made: Iterable[Notice]) -> None:
    due: dt.datetime = clock.now() + PAUSE
    for bundle in dict.fromkeys(one.bundle for one in made if one.way is NoticeWay.AT_ONCE):
        if not bundle.startswith(OF_THE_DAY):
            key = f"{SEND_BUNDLE_JOB}:{bundle}:{due.isoformat()}"
            enqueue(session, SEND_BUNDLE_JOB, {"bundle": bundle}, dedupe_key=key, run_at=due)
