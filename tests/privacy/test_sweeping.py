"""What was kept long enough goes in batches and is counted; files, chain and living things stay."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.db import ident
from app.history.models import HistoryEntry, Reach
from app.history.queries import verify_chain
from app.history.service import record
from app.installation.models import RetentionSweep
from app.installation.queries import retention_days
from app.installation.rules import RETENTION, Kept
from app.installation.schemas import RetentionIn
from app.installation.service import set_retention
from app.jobs.models import Job
from app.links.models import PersonalLink
from app.links.rules import Purpose
from app.links.service import make_link
from app.outbox.models import Mail, MailState
from app.people import service as people
from app.people.models import ApiToken, SignInEvent, SignInEventKind, SignInSession
from app.privacy.models import Feedback
from app.privacy.queries.sweeping import ENDED
from app.privacy.service.sweeping import RETENTION_JOB, sweep_old
from app.worker import REGULAR, WORK
from tests import factories
from tests.factories import operator
from tests.privacy.test_removing import admin_actor


def ago(days):
    return clock.now() - dt.timedelta(days=days, minutes=1)


@pytest.fixture
def account(database):
    with database.write() as session:
        return factories.make_account(session, email="ada@example.org")


def test_every_kind_is_swept_somewhere():
    assert ENDED.keys() | {Kept.MAILS} == set(Kept) == RETENTION.keys()
    assert RETENTION_JOB in WORK.keys() & REGULAR.keys()


def test_what_ended_before_its_days_goes_and_the_rest_stays(database, account):
    with database.write() as session:
        people.start_session(session, account, "living", lasts=dt.timedelta(hours=1))
        gone = people.start_session(session, account, "ended", lasts=dt.timedelta(hours=1))
        gone.expires_at = ago(RETENTION[Kept.SESSIONS].days)
        for days in (RETENTION[Kept.TOKENS].days, 3):
            people.create_api_token(session, operator(), account, label=f"{days} days")
        session.flush()
        for token in session.exec(select(ApiToken)):
            token.revoked_at = ago(int(token.label.split()[0]))
        session.add(Job(name="old", run_at=ago(90), done_at=ago(RETENTION[Kept.JOBS].days)))
        session.add(Job(name="waits", run_at=ago(90)))
        session.add(Feedback(made_at=ago(900), message="offen"))
        session.add(Feedback(made_at=ago(900), message="erledigt", answered_at=ago(RETENTION[Kept.FEEDBACK].days)))
    assert sweep_old(database) == 4
    with database.read() as session:
        assert session.exec(select(SignInSession)).one().expires_at > clock.now()
        assert session.exec(select(ApiToken)).one().label == "3 days"
        assert session.exec(select(Job)).one().name == "waits"
        assert session.exec(select(Feedback)).one().message == "offen"
        counted = {row.kind: row.number for row in session.exec(select(RetentionSweep))}
    assert counted == {"sessions": 1, "tokens": 1, "jobs": 1, "feedback": 1}
    assert sweep_old(database) == 0


def test_given_up_work_and_links_that_ended_by_themselves_are_over_too(database, account):
    expired, recent = ago(RETENTION[Kept.LINKS].days), ago(RETENTION[Kept.LINKS].days - 1)
    with database.write() as session:
        session.add(Job(name="given up", run_at=ago(90), failed_at=ago(RETENTION[Kept.JOBS].days)))
        for expires_at in (expired, recent, None):
            make_link(session, b"key", Purpose.RESET, account_id=ident(account), expires_at=expires_at)
    assert sweep_old(database) == 2
    with database.read() as session:
        left = session.exec(select(PersonalLink.expires_at).order_by(PersonalLink.id)).all()
        assert left == [recent, None]


def test_links_for_answers_go_some_time_after_the_meeting_and_those_for_stopping_mails_stay(database, account):
    days = RETENTION[Kept.LINKS].days
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        for on in (days + 1, days - 1, -30):
            meeting = factories.make_meeting(session, body, clock.today() - dt.timedelta(days=on))
            make_link(session, b"key", Purpose.ANSWER, meeting_id=ident(meeting), detail=f"{on}")
        make_link(session, b"key", Purpose.UNSUBSCRIBE, account_id=ident(account), detail="circular_result")
    assert sweep_old(database, at_once=1) == 1
    with database.read() as session:
        left = session.exec(select(PersonalLink.detail).order_by(PersonalLink.id)).all()
        assert left == [f"{days - 1}", "-30", "circular_result"]


def test_more_than_a_batch_goes_and_is_counted_once(database, account):
    with database.write() as session:
        for _ in range(7):
            people.note_at_door(session, SignInEventKind.FAILED, ident(account))
        for event in session.new:
            event.at = ago(RETENTION[Kept.SECURITY].days)
        people.note_at_door(session, SignInEventKind.SIGNED_IN, ident(account))
    assert sweep_old(database, at_once=3) == 7
    with database.read() as session:
        assert session.exec(select(SignInEvent.kind)).one() is SignInEventKind.SIGNED_IN
        assert session.exec(select(RetentionSweep.number)).one() == 7


def test_old_details_about_accounts_go_and_the_chain_holds(database, account):
    old = clock.now() - dt.timedelta(days=RETENTION[Kept.SECURITY].days + 1)
    with clock.standing_at(old), database.write() as session:
        record(session, operator(), "account.create", account, label="ada@example.org", reach=Reach.ACCOUNT)
        record(session, operator(), "body.change", factories.make_body(session, "SKIP"))
    with database.write() as session:
        record(session, operator(), "account.password", account, label="ada@example.org", reach=Reach.ACCOUNT)
    with database.read() as session:
        entries = len(session.exec(select(HistoryEntry)).all())
    assert sweep_old(database, at_once=1) == 1
    with database.read() as session:
        verdict = verify_chain(session)
        assert (verdict.broken_at, verdict.erased) == (None, 1)
        assert len(session.exec(select(HistoryEntry)).all()) == entries


def test_the_operators_days_count(database, account):
    with database.write() as session:
        set_retention(session, admin_actor(), Kept.JOBS, RetentionIn(days=2, source="Dienstanweisung 4"))
        session.add(Job(name="old", run_at=ago(3), done_at=ago(2)))
    with database.read() as session:
        assert retention_days(session, Kept.JOBS) == 2
    assert sweep_old(database) == 1


def test_texts_of_mails_go_in_the_same_sweep(database):
    old = clock.now() - dt.timedelta(days=RETENTION[Kept.MAILS].days + 1)
    with database.write() as session:
        for number in range(3):
            made = {"address": "ada@example.org", "sender": "box@example.org", "subject": "Einladung"}
            mail = Mail(kind="invitation", text="Guten Tag", message_id=f"<{number}@x>", created_at=old, **made)
            mail.state = MailState.SENT
            session.add(mail)
    assert sweep_old(database, at_once=2) == 3
    with database.read() as session:
        assert set(session.exec(select(Mail.text))) == {""}
        assert session.exec(select(RetentionSweep.number)).one() == 3
    assert sweep_old(database) == 0
