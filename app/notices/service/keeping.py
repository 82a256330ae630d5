"""Keeping notices: one row for everybody whom an occasion concerns and who may read it today."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from app import clock
from app.access.queries import actor_of
from app.actor import Actor
from app.db import ident
from app.jobs.service import enqueue
from app.notices.models import Notice, NoticeState, NoticeWay
from app.notices.queries.rows import OF_THE_DAY, accounts_for, choices_of, known_keys, persons_with_address
from app.notices.queries.telling import tell_all
from app.notices.rules.kinds import SPECS, chosen_way
from app.notices.rules.timing import PAUSE
from app.notices.schemas import Occasion
from app.people.models import Account, Person

SEND_BUNDLE_JOB = "notices.send"


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
    recipients = _recipients(session, occasions)
    keys = {_key(one, who) for one, group in zip(occasions, recipients, strict=True) for who in group}
    there = known_keys(session, keys)
    accounts = {ident(who) for group in recipients for who in group if isinstance(who, Account)}
    choices = choices_of(session, accounts)
    readers, made = Readers(session), []
    with session.no_autoflush:
        for who, about in _by_recipient(occasions, recipients):
            fresh = {_key(one, who): one for one in about if _key(one, who) not in there}
            notices = [_notice(one, who, key, choices) for key, one in fresh.items()]
            if notices:
                told = tell_all(session, readers.actor(who), notices)
                made += [notice for notice, what in zip(notices, told, strict=True) if what is not None]
    session.add_all(made)
    session.flush()
    _order(session, made)
    return made


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


def recipients_of(session: Session, one: Occasion) -> list[Account | Person]:
    """Whom an occasion is to reach: open accounts but the doer's; for duties also persons without one by address."""
    return _recipients(session, [one])[0]


def _recipients(session: Session, occasions: Sequence[Occasion]) -> list[list[Account | Person]]:
    """Those of each occasion, in their order; two queries for all of them."""
    persons = frozenset[int]().union(*(one.persons for one in occasions))
    rows = accounts_for(session, persons, frozenset[int]().union(*(one.accounts for one in occasions)))
    with_account = {row.person_id for row in rows}
    duties = frozenset[int]().union(*(one.persons for one in occasions if SPECS[one.kind].duty)) - with_account
    others = persons_with_address(session, duties) if duties else ()
    return [
        [
            *(row for row in rows if _reaches(one, row)),
            *(row for row in others if row.id in one.persons and SPECS[one.kind].duty),
        ]
        for one in occasions
    ]


def _reaches(one: Occasion, account: Account) -> bool:
    meant = account.person_id in one.persons or account.id in one.accounts
    return meant and account.active and account.id != one.doer


def _by_recipient(
    occasions: Sequence[Occasion], recipients: Sequence[Sequence[Account | Person]]
) -> list[tuple[Account | Person, list[Occasion]]]:
    found: dict[str, tuple[Account | Person, list[Occasion]]] = {}
    for one, group in zip(occasions, recipients, strict=True):
        for who in group:
            found.setdefault(recipient_key(who), (who, []))[1].append(one)
    return list(found.values())


def _key(one: Occasion, who: Account | Person) -> str:
    return f"{one.kind}:{one.key}:{recipient_key(who)}"


def _order(session: Session, made: Iterable[Notice]) -> None:
    due: dt.datetime = clock.now() + PAUSE
    for bundle in dict.fromkeys(one.bundle for one in made if one.way is NoticeWay.AT_ONCE):
        if not bundle.startswith(OF_THE_DAY):
            key = f"{SEND_BUNDLE_JOB}:{bundle}:{due.isoformat()}"
            enqueue(session, SEND_BUNDLE_JOB, {"bundle": bundle}, dedupe_key=key, run_at=due)
