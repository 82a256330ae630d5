"""Sending again and withdrawing, who may, what the log keeps, and how long the texts stay."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.actor import Actor, Grant, Role
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.models import HistoryEntry
from app.jobs.models import Job
from app.outbox import queries
from app.outbox.models import Mail, MailState
from app.outbox.rules import NO_MAILBOX, SENT_ANEW
from app.outbox.schemas import CalendarPart, Letter, Mailbox, MailFilter
from app.outbox.service import SEND_JOB, cancel_mail, post_mail, resend_mail
from app.outbox.service.keeping import erase_old_texts, order_stranded
from app.papers.service.storing import sweep_files
from app.storage import Folder
from tests import factories
from tests.outbox.conftest import later

BOX = Mailbox("gremium@beispiel.test", "Geschäftsstelle")


def actor(*grants):
    return Actor(account_id=None, name="Kim", on=dt.date(2026, 3, 2), grants=grants)


@pytest.fixture
def body(session):
    return factories.make_body(session)


def posted(session, body_id, state=MailState.WAITING, **fields):
    mail = post_mail(
        session,
        fields.pop("letter", Letter("Einladung", "Guten Tag", "<p>Guten Tag</p>")),
        kind=fields.pop("kind", "invitation"),
        to=Mailbox("ada@beispiel.test", "Ada"),
        sender=fields.pop("sender", BOX),
        body_id=body_id,
        **fields,
    )
    mail.state = state
    session.flush()
    return mail


def jobs_of(session):
    return len(session.exec(select(Job).where(Job.name == SEND_JOB)).all())


@pytest.mark.parametrize("state", sorted(SENT_ANEW))
def test_a_mail_that_did_not_go_is_ordered_again(session, body, state):
    mail = posted(session, body.id, state)
    mail.retries, mail.attempts = 5, 5
    clerk = actor(Grant(Role.SECRETARIAT, body.id))
    if state is MailState.UNCERTAIN:
        with pytest.raises(Invalid) as refused:
            resend_mail(session, clerk, mail.id, sender=BOX)
        assert list(refused.value.fields) == ["confirmed"]
    resend_mail(session, clerk, mail.id, sender=BOX, confirmed=state is MailState.UNCERTAIN)
    assert (mail.state, mail.retries, mail.attempts) == (MailState.WAITING, 0, 5)
    assert jobs_of(session) == 2


@pytest.mark.parametrize("state", sorted(set(MailState) - SENT_ANEW))
def test_others_are_not(session, body, state):
    mail = posted(session, body.id, state)
    with pytest.raises(Refused):
        resend_mail(session, actor(Grant(Role.SECRETARIAT)), mail.id, sender=BOX, confirmed=True)
    assert mail.state is state


def test_a_mail_without_a_mailbox_takes_the_one_of_today(session, body):
    calendar = CalendarPart(f"ORGANIZER:mailto:{NO_MAILBOX}", "REQUEST")
    mail = posted(session, body.id, MailState.WITHHELD, sender=Mailbox(NO_MAILBOX), calendar=calendar)
    resend_mail(session, actor(Grant(Role.SECRETARIAT)), mail.id, sender=BOX)
    assert (mail.sender, mail.calendar) == (BOX.address, "ORGANIZER:mailto:gremium@beispiel.test")


def test_only_a_waiting_mail_is_withdrawn(session, body):
    mail = posted(session, body.id)
    cancel_mail(session, actor(Grant(Role.SECRETARIAT, body.id)), mail.id)
    assert mail.state is MailState.CANCELLED
    with pytest.raises(Refused):
        cancel_mail(session, actor(Grant(Role.SECRETARIAT, body.id)), mail.id)


def test_a_withdrawn_mail_is_not_sent(house):
    from tests.outbox.servers import fake_server

    mail_id = house.post()
    with house.database.write() as session:
        cancel_mail(session, actor(Grant(Role.SECRETARIAT)), mail_id)
    with fake_server() as server:
        house.send(mail_id, server)
    assert (server.lines, house.mail(mail_id).state) == (0, MailState.CANCELLED)
    with house.database.read() as session:
        assert [one.verb for one in session.exec(select(HistoryEntry).where(HistoryEntry.object_kind == "mail"))] == [
            "mail.cancel"
        ]


def test_everybody_sees_their_own_part_of_the_log(session, body):
    other = factories.make_body(session)
    ours, theirs = posted(session, body.id), posted(session, other.id)
    account = posted(session, None, kind="account.reset", secret=True)
    sees = {
        actor(Grant(Role.SECRETARIAT)): {ours.id, theirs.id},
        actor(Grant(Role.SECRETARIAT, body.id)): {ours.id},
        actor(Grant(Role.ADMIN)): {account.id},
        actor(Grant(Role.AUDITOR)): set(),
        actor(): set(),
    }
    for who, wanted in sees.items():
        lines = queries.list_mails(session, who, MailFilter()).lines
        assert {line.id for line in lines} & {ours.id, theirs.id, account.id} == wanted
        for mail in (ours, theirs, account):
            if mail.id not in wanted:
                with pytest.raises(NotFound):
                    cancel_mail(session, who, mail.id)
    (line,) = queries.list_mails(session, actor(Grant(Role.ADMIN)), MailFilter(kind="account.reset")).lines
    assert line.subject == "", "what a mail about an account says is its owner's matter"


def test_the_log_walks_page_by_page_and_filters(session, body):
    clerk = actor(Grant(Role.SECRETARIAT, body.id))
    ids = [posted(session, body.id, MailState.SENT if at % 2 else MailState.REFUSED).id for at in range(5)]
    first = queries.list_mails(session, clerk, MailFilter(), limit=2)
    second = queries.list_mails(session, clerk, MailFilter(), limit=2, after=first.next)
    assert [line.id for line in (*first.lines, *second.lines)] == ids[:0:-1]
    back = queries.list_mails(session, clerk, MailFilter(), limit=2, before=second.previous)
    assert back.lines == first.lines
    sent = queries.list_mails(session, clerk, MailFilter(state=MailState.SENT))
    assert [line.id for line in sent.lines] == [ids[3], ids[1]]
    assert sent.counts == {MailState.SENT: 2, MailState.REFUSED: 3}


def test_texts_go_after_their_days_and_the_line_stays(session, body):
    with later(days=-40):
        old, waiting = posted(session, body.id, MailState.SENT), posted(session, body.id)
    young = posted(session, body.id, MailState.SENT)
    session.flush()
    assert erase_old_texts(session, clock.now() - dt.timedelta(days=30), at_once=10) == 1
    assert (old.text, old.html, old.subject) == ("", "", "Einladung")
    assert "" not in (waiting.text, young.text)
    old.state = MailState.REFUSED
    with pytest.raises(Refused):
        resend_mail(session, actor(Grant(Role.SECRETARIAT)), old.id, sender=BOX)


def test_what_waits_without_an_order_is_ordered(session, body):
    posted(session, body.id)
    for job in session.exec(select(Job).where(Job.name == SEND_JOB)):
        session.delete(job)
    session.flush()
    order_stranded(session)
    session.flush()
    order_stranded(session)
    assert jobs_of(session) == 1


def test_the_sweep_keeps_the_files_of_mails_until_their_texts_go(database, settings):
    from app.outbox.schemas import AttachedFile

    storage = Folder(settings.storage)
    key, orphan = storage.put(b"Anlage"), storage.put(b"niemandes")
    with database.write() as session:
        body_id = factories.make_body(session).id
        posted(session, body_id, MailState.SENT, files=[AttachedFile("a.pdf", "application/pdf", key)])
    with later(days=20_000):
        sweep_files(database, storage)
        assert (storage.has(key), storage.has(orphan)) == (True, False)
        with database.write() as session:
            erase_old_texts(session, clock.now(), at_once=10)
        sweep_files(database, storage)
    assert not storage.has(key)
    with database.read() as session:
        mail = session.exec(select(Mail).where(Mail.body_id == body_id)).one()
        assert [file.name for file in queries.files_of(session, mail)] == ["a.pdf"]


def test_who_sees_a_mail_but_does_not_run_its_body_is_told_so(session, body, monkeypatch):
    """Nobody is in this case today; the act asks for the right all the same."""
    mail = posted(session, body.id)
    monkeypatch.setattr("app.outbox.service.acts.queries.get_mail", lambda *_: mail)
    with pytest.raises(Forbidden):
        cancel_mail(session, actor(Grant(Role.AUDITOR, body.id)), mail.id)
