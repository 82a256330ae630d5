"""``skip check`` tries the mail server and says what is wrong; nothing is sent, and no password is told."""

import datetime as dt

import pytest

from app import checking, clock, worker
from app.checking import CHECKS, _check_jobs, _check_mail, _check_outbox, _check_search, _check_texts
from app.config import Settings
from app.jobs.models import Job
from tests.outbox.conftest import House
from tests.outbox.servers import closed_port, fake_server


def findings(check, **values):
    return [(one.name, one.ok, one.words) for one in check(Settings(**values))]


@pytest.mark.once
def test_a_good_server_is_greeted_and_gets_nothing():
    with fake_server() as server:
        (found,) = findings(_check_mail, smtp_url=server.url, mail_from="SKIP <skip@beispiel.test>")
    assert found[:2] == ("Mail", True)
    assert "unverschlüsselt" in found[2]
    assert server.seen == []


@pytest.mark.once
def test_without_a_sender_the_check_says_what_stays_behind():
    with fake_server() as server:
        _, sender = findings(_check_mail, smtp_url=server.url)
    assert sender[:2] == ("Absender", None)


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "kein Mailserver"),
        ("http://x", "SKIP_SMTP_URL"),
        ("smtp://127.0.0.1:{closed}", "nicht erreichbar"),
    ],
)
def test_what_is_wrong_is_said(url, words):
    url = url.format(closed=closed_port())
    found = findings(_check_mail, smtp_url=url, mail_from="skip@beispiel.test")
    assert len(found) == 1
    assert words in found[0][2]
    assert found[0][1] is (None if not url else False)


@pytest.mark.once
def test_a_refused_sign_in_is_wrong_and_the_password_is_not_told():
    with fake_server(EHLO="250 AUTH PLAIN", AUTH="535 5.7.8 wrong: geheim") as server:
        found = findings(
            _check_mail, smtp_url=f"smtp://chef:geheim@127.0.0.1:{server.port}", mail_from="skip@beispiel.test"
        )
    assert found[0][1] is False
    assert "Anmeldung" in found[0][2]
    assert "geheim" not in str(found)


@pytest.mark.once
def test_every_check_is_made():
    assert set(CHECKS) == {one for name, one in vars(checking).items() if name.startswith("_check_")}


@pytest.mark.once
def test_without_a_database_that_is_up_to_date_only_the_database_is_told(tmp_path):
    for check in (_check_jobs, _check_outbox, _check_search, _check_texts):
        assert findings(check, database_url=f"sqlite:///{tmp_path / 'empty.db'}") == []
        assert findings(check, database_url="postgresql://127.0.0.1:1/nowhere") == []


def test_what_waits_is_counted(own_database, settings):
    url = own_database.engine.url.render_as_string(hide_password=False)
    assert findings(_check_outbox, database_url=url)[0][1:] == (True, "nichts wartet")
    House(own_database, settings).post()
    assert findings(_check_outbox, database_url=url)[0][1:] == (None, "1 wartet auf Versand")


def fail_job(session, name, at):
    session.add(Job(name=name, run_at=at, failed_at=at, attempts=5, last_error="Ärger mit geheim@skip.test"))


def test_what_the_worker_gave_up_is_named_by_kind_with_its_remedy(own_database):
    url, at = own_database.engine.url.render_as_string(hide_password=False), clock.now()
    assert findings(_check_jobs, database_url=url) == [("Hintergrundarbeiten", True, "nichts wurde aufgegeben")]
    with own_database.write() as session:
        for name in ("mail.send", "mail.send", "circular.establish", "privacy.sweep", "notices.daily"):
            fail_job(session, name, at)
        for name in ("mail.send", "privacy.sweep"):
            session.add(Job(name=name, run_at=at, done_at=at + dt.timedelta(days=1)))
    found = {one.words: one for one in _check_jobs(Settings(database_url=url))}
    assert [words.partition(":")[0] for words in found] == [
        "Ergebnis eines Umlaufverfahrens feststellen",
        "Mail versenden",
        "Mail des Tages versenden",
    ], "regular work that succeeded since is left out"
    assert "Mail versenden: 2-mal aufgegeben, zuletzt am 02.03.2026, 09:00 Uhr" in found
    assert all(one.ok is None and one.remedy for one in found.values())
    assert "geheim@skip.test" not in str(found)


@pytest.mark.once
def test_every_kind_of_work_has_words_for_the_check():
    assert worker.GIVEN_UP.keys() == worker.WORK.keys()
