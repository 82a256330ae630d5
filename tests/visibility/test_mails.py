"""What mails tell: nobody learns from a notice what they may not read, and nothing confidential leaves by mail."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.actions.models import Action
from app.decisions.models import Decision
from app.notices.models import Notice, NoticeWay
from app.notices.queries.telling import tell
from app.notices.rules.kinds import Kind
from app.notices.service.keeping import Readers
from app.people.models import Account
from tests.visibility.betrayal import words_in_bytes
from tests.visibility.expectations import ADMIN, AUDITORS, PLAIN, SIGNED_IN, readers

ABOUT = {
    "objection": "objection",
    "circular": "circular",
    "action": "action",
    "status": "project",
    "decision": "decision",
}
"""What kinds of notices are about, by their first word; all others are about meetings."""

NEVER = {"draft", "answer", "speaking", "unaccepted", "audit", "registration", "account"}
"""Facts that no mail tells, not even to whom they are for."""


def occasions(session, world):
    """Every kind of notice about every thing of the world, whether it happened or not."""
    for kind in Kind:
        about = ABOUT.get(kind.value.partition("_")[0], "meeting")
        for thing in world.things[about]:
            meeting = dict(thing.above).get("meeting", thing.id if about == "meeting" else None)
            for detail in details(session, kind, about, thing):
                yield Notice(
                    kind=kind,
                    meeting_id=meeting,
                    subject_id=thing.id,
                    detail=detail,
                    bundle="",
                    way=NoticeWay.OFF,
                    at=clock.now(),
                    dedupe_key="",
                )


def details(session, kind, about, thing):
    """What the notice names besides: versions of the change sheet, dates, the answer to a status."""
    day = clock.today()
    if kind is Kind.STATUS_DUE:
        return [f"{day + dt.timedelta(days=3)} {day - dt.timedelta(days=30)}"]
    if about in ("action", "decision"):
        found = session.get(Action if about == "action" else Decision, thing.id)
        return [str(found.due_on)]
    return {Kind.AGENDA_CHANGED: ["1", "2"], Kind.STATUS_ANSWERED: ["accept", "reject"]}.get(kind, [""])


@pytest.mark.parametrize("role", SIGNED_IN)
def test_notices_tell_everybody_what_mails_may_carry_and_nothing_else(role, world, world_database):
    complaints, told = [], set()
    with world_database.read() as session:
        account = session.exec(select(Account).where(Account.id == world.accounts[role])).one()
        actor = Readers(session).actor(account)
        for notice in occasions(session, world):
            found = tell(session, actor, notice)
            if found is None:
                continue
            told.add(Kind(notice.kind))
            for word in words_in_bytes(repr(found).encode()):
                fact, name = world.words[word]
                if role not in readers(fact) or not in_mails(fact):
                    complaints.append(f"{notice.kind} shows {name} ({fact.kind} {fact.body}: {fact.label})")
    assert not complaints, "\n".join(sorted(set(complaints)))
    if role in AUDITORS:  # as internal as the minutes they read; and nobody sends it to them
        assert told <= {Kind.MINUTES_APPROVED}
    else:
        assert bool(told) is (role not in (ADMIN, PLAIN))


def in_mails(fact):
    """Domain §6: never what is confidential, and titles of agendas only where the body says so."""
    if fact.level == "confidential" or fact.kind in NEVER:
        return False
    return fact.kind != "item" or " in released" not in fact.label or "titles in feeds" in fact.label
