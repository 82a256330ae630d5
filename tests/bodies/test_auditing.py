"""The Revision's recorded reason: who may give it, how long it lasts, who sees it, and what it opens."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of, find_actor_of_feed, find_actor_of_token
from app.actor import Role
from app.bodies import rules as body_rules
from app.bodies import service
from app.bodies.audit_queries import get_audit, list_audits
from app.bodies.schemas import AuditIn
from app.db import commit, ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.queries import list_entries
from app.people import service as people
from app.people.models import AccountRole
from app.validation import read
from app.visibility import Matter, body_ids
from tests import factories
from tests.conftest import NOW
from tests.factories import operator

REASON = "Prüfauftrag 7 der Innenrevision"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def body(session):
    return factories.make_body(session)


@pytest.fixture
def auditor(session, body):
    return factories.make_account(session, Role.AUDITOR, body)


def wish(body, reason=REASON):
    return AuditIn(body=ident(body), reason=reason)


def asking(session, account):
    """The actor as pages build it."""
    return actor_of(session, account, with_reasons=True)


def opens(session, account, body):
    found = service.open_audit(session, asking(session, account), wish(body))
    session.flush()
    return found


def reads_confidential(session, account, body):
    return ident(body) in (body_ids(asking(session, account), Matter.CONFIDENTIAL) or ())


def test_without_a_reason_nothing_confidential_with_one_for_a_day(session, body, auditor):
    assert not reads_confidential(session, auditor, body)

    found = opens(session, auditor, body)

    assert reads_confidential(session, auditor, body)
    assert found.ends_at == NOW + 24 * HOUR
    with clock.standing_at(NOW + 24 * HOUR - dt.timedelta(seconds=1)):
        assert reads_confidential(session, auditor, body)
    with clock.standing_at(NOW + 24 * HOUR):
        assert not reads_confidential(session, auditor, body)


def test_the_reason_opens_confidential_matters_alone_and_of_that_body_alone(session, body):
    other = factories.make_body(session)
    account = factories.make_account(session, Role.AUDITOR)  # of all bodies
    opens(session, account, body)
    actor = asking(session, account)

    assert body_ids(actor, Matter.CONFIDENTIAL) == {ident(body)}
    assert body_ids(actor, Matter.INTERNAL) is None
    assert not reads_confidential(session, account, other)
    for closed in (Matter.DRAFT, Matter.SPEAKING, Matter.UNACCEPTED):
        assert body_ids(actor, closed) == frozenset()


def test_how_long_it_lasts_is_a_rule_of_the_body(session, body, auditor):
    service.change_rules(session, operator(), body, {"audit_hours": ("2", "Beschluss 4/2026")}, body_rules.RULES)

    assert opens(session, auditor, body).ends_at == NOW + 2 * HOUR


def test_it_cannot_be_extended_only_given_anew(session, body, auditor):
    opens(session, auditor, body)

    with pytest.raises(Refused, match="verlängern"):
        opens(session, auditor, body)

    with clock.standing_at(NOW + 25 * HOUR):
        second = service.open_audit(session, asking(session, auditor), wish(body, "Nachfrage zum Prüfauftrag 7"))
    assert second.reason == "Nachfrage zum Prüfauftrag 7"
    assert len(list_audits(session, asking(session, auditor))) == 2


def test_closing_it_early_ends_it_at_once_and_only_the_own_one(session, body, auditor):
    found = opens(session, auditor, body)
    secretariat = factories.make_account(session, Role.SECRETARIAT, body)

    with pytest.raises(Forbidden):
        service.close_audit(session, asking(session, secretariat), found)
    service.close_audit(session, asking(session, auditor), found)
    session.flush()

    assert not reads_confidential(session, auditor, body)
    with pytest.raises(Refused):
        service.close_audit(session, asking(session, auditor), found)
    assert opens(session, auditor, body).closed_at is None


@pytest.mark.parametrize("reason", ["", "zu kurz", " " * 40, "x" * 1001])
def test_a_reason_says_something(reason):
    with pytest.raises(Invalid) as told:
        read(AuditIn, {"body": 1, "reason": reason})
    assert "reason" in told.value.fields


def test_only_the_revision_of_the_body_gives_one(session, body, auditor):
    other = factories.make_body(session)
    seated = factories.make_account(session, person=factories.make_person(session))
    seat = factories.make_seat(session, body, voting=False)
    service.fill_seat(session, operator(), seat, person_id=seated.person_id, kind="member")
    secretariat = factories.make_account(session, Role.SECRETARIAT, body)

    for account in (seated, secretariat):
        with pytest.raises(Forbidden):
            opens(session, account, body)
    with pytest.raises(Invalid):
        opens(session, auditor, other)
    with pytest.raises(Forbidden):
        service.open_audit(session, operator(), wish(body))


def test_it_means_nothing_once_the_account_is_no_revision_any_more(session, body, auditor):
    opens(session, auditor, body)
    for row in list(session.exec(select(AccountRole).where(AccountRole.account_id == auditor.id))):
        session.delete(row)
    session.flush()

    assert not reads_confidential(session, auditor, body)


def test_neither_feeds_nor_mails_carry_it_programs_do(session, body, auditor):
    opens(session, auditor, body)
    actor = asking(session, auditor)
    feed = people.create_feed_token(session, actor, body_id=None, label="")
    token = people.create_api_token(session, actor, auditor, label="")
    session.flush()

    assert find_actor_of_token(session, token)[0].audited_body_ids == {ident(body)}
    assert find_actor_of_feed(session, feed)[0].audited_body_ids == frozenset()
    assert actor_of(session, auditor).audited_body_ids == frozenset()


def test_who_sees_that_and_why_the_revision_looked(session, body, auditor):
    found = opens(session, auditor, body)
    commit(session)
    other = factories.make_body(session)
    chair = factories.make_account(session, person=factories.make_person(session))
    seat = factories.make_seat(session, body, chair=True)
    service.fill_seat(session, operator(), seat, person_id=chair.person_id, kind="member")
    member = factories.make_account(session, person=factories.make_person(session))
    seat = factories.make_seat(session, body)
    service.fill_seat(session, operator(), seat, person_id=member.person_id, kind="member")

    for account in (auditor, chair, factories.make_account(session, Role.SECRETARIAT, body)):
        assert [one.reason for one in list_audits(session, asking(session, account))] == [REASON]
    admin = asking(session, factories.make_account(session, Role.ADMIN))
    assert [one.id for one in list_audits(session, admin)] == [found.id]
    for account in (
        factories.make_account(session, Role.SECRETARIAT, other),
        factories.make_account(session, Role.AUDITOR, body),
    ):
        assert list_audits(session, asking(session, account)) == []
        with pytest.raises(NotFound):
            get_audit(session, asking(session, account), ident(found))
    with pytest.raises(NotFound):
        list_audits(session, asking(session, member))


def test_the_history_keeps_the_reason_for_secretariat_and_administration(session, body, auditor):
    found = opens(session, auditor, body)
    service.close_audit(session, asking(session, auditor), found)
    commit(session)
    told = {}
    for role in (Role.SECRETARIAT, Role.ADMIN, Role.AUDITOR):
        actor = asking(session, factories.make_account(session, role, None if role is Role.ADMIN else body))
        entries = list_entries(session, actor, object_kind="audit_access", object_id=found.id)
        told[role] = [(one.verb, one.reason) for one in entries]

    assert told[Role.SECRETARIAT] == told[Role.ADMIN] == [("audit.close", ""), ("audit.open", REASON)]
    assert told[Role.AUDITOR] == []
