"""Sending notices: bundles after a pause, the mail of the day once on working days, each notice in one mail at most.

What a mail says is read and rendered outside of the transaction that posts it; that transaction looks whether the
notices still wait, so a worker that dies in between leaves nothing half done and nothing is sent twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock
from app.bodies.queries import mailbox_of
from app.config import Settings
from app.db import Database, ident
from app.installation.queries import is_demo
from app.links.models import PersonalLink
from app.links.rules import Purpose
from app.links.service import make_link
from app.notices.models import Notice, NoticeState, NoticeWay
from app.notices.queries.rows import (
    choices_of,
    find_stopping_link,
    lock_waiting,
    waiting_for_the_day,
    waiting_in,
    was_invited,
)
from app.notices.queries.telling import tell_all
from app.notices.rules.kinds import COVERED, SPECS, chosen_way
from app.notices.rules.timing import is_quiet, is_time, next_date
from app.notices.schemas import Told
from app.notices.service.keeping import Readers
from app.notices.service.reminding import remind
from app.outbox.composing import compose
from app.outbox.models import Mail
from app.outbox.rules import KEY_MARK, UNSUBSCRIBE_PATH
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people.models import Account, Person

DAILY_JOB = "notices.daily"
EVERY_VOLUNTARY = "*"
WHY_SEVERAL = "Sie bekommen diese Mail, weil diese Vorgänge Sie oder Ihren Sitz betreffen."


@dataclass(frozen=True, slots=True)
class _Plan:
    """A mail to one recipient: what it says, and the notices that are told, listed without a mail, or dropped."""

    letter: Letter | None
    to: Mailbox
    sender: Mailbox
    told: tuple[int, ...]
    listed: tuple[int, ...]
    dropped: tuple[int, ...]
    stops: str


def send_bundle(database: Database, settings: Settings, bundle: str) -> None:
    """Send what waits in a bundle, one mail for each recipient, once it is quiet; before that a later job does it."""
    with database.read() as session:
        waiting = waiting_in(session, bundle)
    if waiting and is_quiet([one.at for one in waiting], clock.now()):
        _deliver(database, settings, waiting)


def send_daily(database: Database, settings: Settings) -> None:
    """The work of the day: reminders are kept, and whatever waits for the daily mail goes out, one mail each.

    After a downtime it is done as soon as it is a working day and the hour has come, once.
    """
    if not is_time(clock.now(), settings.notices_hour):
        return
    with database.write() as session:
        remind(session)
    with database.read() as session:
        waiting = waiting_for_the_day(session)
    _deliver(database, settings, waiting)


def _deliver(database: Database, settings: Settings, waiting: Sequence[Notice]) -> None:
    by_recipient: dict[tuple[int | None, int | None], list[Notice]] = {}
    for one in waiting:
        by_recipient.setdefault((one.account_id, one.person_id), []).append(one)
    for notices in by_recipient.values():
        with database.read() as session:
            plan = _plan(session, settings, notices)
        with database.write() as session:
            _carry_out(session, settings, notices, plan)


def _plan(session: Session, settings: Settings, notices: Sequence[Notice]) -> _Plan:
    first = notices[0]
    who = session.get(Account, first.account_id) if first.account_id else session.get(Person, first.person_id)
    gone = who is None or (isinstance(who, Account) and not who.active) or not who.email
    if who is None or gone:
        nobody = Mailbox("")
        return _Plan(None, nobody, nobody, (), (), tuple(ident(one) for one in notices), "")
    actor = Readers(session).actor(who)
    choices = choices_of(session, [first.account_id or 0])
    told: list[tuple[Notice, Told]] = []
    listed: list[int] = []
    dropped: list[int] = []
    for one, found in zip(notices, tell_all(session, actor, notices), strict=True):
        way = chosen_way(SPECS[one.kind], choices.get((one.account_id or 0, one.kind)))
        if found is None:
            dropped.append(ident(one))
        elif way is NoticeWay.OFF or _is_covered(session, one, actor.person_id):
            listed.append(ident(one))
        else:
            told.append((one, found))
    bodies = {one.body_id for one, _ in told}
    sender = mailbox_of(session, next(iter(bodies)) if len(bodies) == 1 else None, settings)
    stops = _stops([one for one, _ in told]) if first.account_id else ""
    letter = _letter(session, settings, who.name, sender, told, stops) if told else None
    ids = tuple(ident(one) for one, _ in told)
    return _Plan(letter, Mailbox(who.email, who.name), sender, ids, tuple(listed), tuple(dropped), stops)


def _is_covered(session: Session, one: Notice, person_id: int | None) -> bool:
    """Whether an invitation mail says it already."""
    return one.kind in COVERED and one.meeting_id is not None and was_invited(session, one, person_id)


def _stops(notices: Sequence[Notice]) -> str:
    """The kinds in a mail that its recipient may do without, as its link names them; "" = all of them are duties."""
    kinds = sorted({one.kind for one in notices if not SPECS[one.kind].duty})
    named = ",".join(kinds)
    return named if len(named) <= 120 else EVERY_VOLUNTARY


def _letter(
    session: Session, settings: Settings, name: str, sender: Mailbox, told: Sequence[tuple[Notice, Told]], stops: str
) -> Letter:
    shared: dict[str, Any] = {
        "demo": is_demo(session),
        "sender_name": sender.name,
        "unsubscribe_url": f"{settings.base_url}{UNSUBSCRIBE_PATH}{KEY_MARK}" if stops else "",
        "base_url": settings.base_url,
        "to_name": name,
    }
    if len(told) == 1:
        notice, what = told[0]
        return compose("notice", why=f"Warum Sie diese Mail bekommen: {SPECS[notice.kind].why}", told=what, **shared)
    several = [what for _, what in told]
    return compose("notice_digest", why=WHY_SEVERAL, several=several, until=next_date(several, clock.today()), **shared)


def _carry_out(session: Session, settings: Settings, notices: Sequence[Notice], plan: _Plan) -> None:
    ids = [ident(one) for one in notices]
    locked = lock_waiting(session, ids)
    if len(locked) != len(ids):  # somebody else was quicker with some of them; the rest comes with the next mail
        return
    mail = _post(session, settings, locked, plan) if plan.letter is not None else None
    for row in locked:
        row_id = ident(row)
        if row_id in plan.told and mail is not None:
            row.state, row.mail_id = NoticeState.SENT, mail.id
        else:
            row.state = NoticeState.LISTED if row_id in plan.listed else NoticeState.DROPPED
        session.add(row)


def _post(session: Session, settings: Settings, locked: Sequence[Notice], plan: _Plan) -> Mail:
    told = [row for row in locked if row.id in plan.told]
    bodies, meetings = {row.body_id for row in told}, {row.meeting_id for row in told}
    account_id = told[0].account_id
    link = _stopping_link(session, settings, account_id, plan.stops) if plan.stops and account_id else None
    if plan.letter is None:
        raise RuntimeError("no letter to post")
    return post_mail(
        session,
        plan.letter,
        kind=f"notice.{told[0].kind}" if len(told) == 1 else "notice_digest",
        to=plan.to,
        sender=plan.sender,
        dedupe_key=f"notice:{told[0].id}",
        account_id=account_id,
        person_id=told[0].person_id,
        body_id=next(iter(bodies)) if len(bodies) == 1 else None,
        meeting_id=next(iter(meetings)) if len(meetings) == 1 else None,
        unsubscribe_id=ident(link) if link is not None else None,
    )


def _stopping_link(session: Session, settings: Settings, account_id: int, stops: str) -> PersonalLink:
    there = find_stopping_link(session, account_id, stops)
    return there or make_link(session, settings.signing_key, Purpose.UNSUBSCRIBE, account_id=account_id, detail=stops)
