"""Every mail once, or clearly marked: servers that are good, slow, refuse, postpone, drop the line, or are down."""

import pytest

from app.jobs.service import Later
from app.outbox import sending
from app.outbox.models import MailState
from app.outbox.rules import DELAYS, NO_MAILBOX
from app.outbox.schemas import Mailbox
from app.outbox.service import delivering
from tests.outbox.conftest import later
from tests.outbox.servers import closed_port, fake_server

SHORT = 0.2


class Killed(BaseException):
    """The worker's process ends here."""


def test_a_good_server_takes_the_mail_once(house):
    mail_id = house.post()
    with fake_server() as server:
        house.send(mail_id, server)
        house.send(mail_id)
    assert [to for to, _ in server.taken] == ["ada@beispiel.test"]
    mail = house.mail(mail_id)
    assert (mail.state, mail.answer) == (MailState.SENT, "250 2.0.0 queued as 4711")
    assert mail.sent_at is not None
    assert house.tries(mail_id) == [(MailState.SENT, "250 2.0.0 queued as 4711")]


def test_one_line_serves_all_that_is_due(house):
    mails = [house.post(f"{name}@beispiel.test") for name in "abc"]
    with fake_server() as server:
        for mail_id in mails:
            house.send(mail_id, server)
    assert server.lines == 1
    assert [to for to, _ in server.taken] == ["a@beispiel.test", "b@beispiel.test", "c@beispiel.test"]


def test_a_refused_mail_ends_with_the_servers_words_and_the_next_one_goes(house):
    refused, good = house.post("weg@beispiel.test"), house.post()
    with fake_server() as server:
        server.once["RCPT"] = "550 5.1.1 mailbox unknown"
        house.send(refused, server)
    assert (house.mail(refused).state, house.mail(refused).answer) == (MailState.REFUSED, "550 5.1.1 mailbox unknown")
    assert house.mail(good).state is MailState.SENT
    assert server.lines == 1


def test_a_mail_that_cannot_be_written_ends_and_the_next_one_goes(house, monkeypatch):
    def written(mail, *_, **__):
        if mail.address.startswith("b@"):
            raise ValueError("Größe")
        return b"Subject: x\r\n\r\nx\r\n"

    monkeypatch.setattr(sending, "to_bytes", written)
    bad, worse, good = house.post("a..b@beispiel.test"), house.post("b@beispiel.test"), house.post("c@beispiel.test")
    with fake_server() as server:
        house.send(bad, server)
    assert [house.mail(one).state for one in (bad, worse, good)] == [MailState.REFUSED] * 2 + [MailState.SENT]
    assert house.mail(worse).answer == sending.NOT_WRITTEN


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_says_later_is_asked_later(house, verb):
    mail_id = house.post()
    with fake_server() as server:
        server.once[verb] = "451 4.7.1 greylisted, come again"
        house.send(mail_id, server)
        mail = house.mail(mail_id)
        assert (mail.state, mail.retries, mail.answer) == (MailState.WAITING, 1, "451 4.7.1 greylisted, come again")
        with pytest.raises(Later) as told:
            house.send(mail_id)
        assert told.value.at == mail.next_try_at
        with later(minutes=1):
            house.send(mail_id)
    assert house.mail(mail_id).state is MailState.SENT
    assert len(server.taken) == 1
    assert [outcome for outcome, _ in house.tries(mail_id)] == [MailState.WAITING, MailState.SENT]


@pytest.mark.parametrize("way", ["drop", "hang"])
@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_line_that_breaks_before_the_mail_is_over_means_another_try(house, verb, way):
    mail_id = house.post()
    with fake_server() as server:
        server.answers[verb] = way
        if verb == "EHLO":
            server.answers["HELO"] = way
        house.send(mail_id, server, patience=SHORT)
        mail = house.mail(mail_id)
        assert mail.state is MailState.WAITING
        assert "Mailserver" in mail.answer
        server.answers.clear()
        with later(minutes=1):
            house.send(mail_id)
    assert house.mail(mail_id).state is MailState.SENT
    assert len(server.seen) == 1


@pytest.mark.parametrize("way", ["drop", "hang"])
def test_a_line_that_breaks_after_the_whole_mail_leaves_it_uncertain_for_good(house, monkeypatch, way):
    monkeypatch.setattr("app.outbox.smtp.DATA_PATIENCE_SECONDS", 30.0)
    mail_id, waiting = house.post(), house.post("b@beispiel.test")
    with fake_server(END=way) as server:
        house.send(mail_id, server, patience=SHORT)
        assert house.mail(mail_id).state is MailState.UNCERTAIN
        server.answers.clear()
        with later(days=2):
            house.send(mail_id)
            house.send(waiting)
    assert len(server.seen) == 2, "the uncertain one came once, the other one once"
    assert [to for to, _ in server.taken] == ["b@beispiel.test"]


def test_a_server_that_answers_nonsense_to_the_whole_mail_leaves_it_uncertain(house):
    mail_id = house.post()
    with fake_server(END="banane") as server:
        house.send(mail_id, server)
    assert house.mail(mail_id).state is MailState.UNCERTAIN


def test_a_server_that_is_down_for_an_hour_gets_everything_afterwards(house):
    mails = [house.post(f"{name}@beispiel.test") for name in "abc"]
    house.settings.smtp_url = f"smtp://127.0.0.1:{closed_port()}"
    minutes = 0
    while minutes < 60:
        with later(minutes=minutes):
            for mail_id in mails:
                try:
                    house.send(mail_id)
                except Later as told:
                    due = told.at
            assert {house.mail(one).state for one in mails} == {MailState.WAITING}
        minutes = int((due - house.mail(mails[0]).created_at).total_seconds() // 60)
    assert "nicht erreichbar" in house.mail(mails[0]).answer
    with fake_server() as server, later(minutes=minutes):
        for mail_id in mails:
            house.send(mail_id, server)
    assert len(server.taken) == 3
    assert {house.mail(one).state for one in mails} == {MailState.SENT}


def test_an_outage_is_found_out_by_one_mail_for_all(house):
    mails = [house.post(f"{name}@beispiel.test") for name in "abc"]
    with fake_server(HELLO="421 closed for today") as server:
        house.send(mails[0], server)
        for one in mails[1:]:
            with pytest.raises(Later):
                house.send(one)
    assert server.lines == 1
    assert [house.mail(one).retries for one in mails] == [1, 1, 1]


def test_after_a_day_a_mail_is_given_up(house):
    mail_id = house.post()
    house.settings.smtp_url = f"smtp://127.0.0.1:{closed_port()}"
    assert sum(DELAYS, start=DELAYS[0] - DELAYS[0]).total_seconds() > 24 * 3600
    for count in range(len(DELAYS) + 1):
        assert house.mail(mail_id).state is MailState.WAITING
        with later(hours=24 * count):
            house.send(mail_id)
    assert house.mail(mail_id).state is MailState.GIVEN_UP
    assert len(house.tries(mail_id)) == len(DELAYS) + 1


def test_without_a_mail_server_nothing_claims_to_be_sent(house):
    mail_id = house.post()
    house.send(mail_id)
    assert (house.mail(mail_id).state, house.tries(mail_id)) == (MailState.WITHHELD, [])


def test_without_a_mailbox_nothing_is_sent(house):
    mail_id = house.post(sender=Mailbox(NO_MAILBOX, "Geschäftsstelle"))
    with fake_server() as server:
        house.send(mail_id, server)
    assert house.mail(mail_id).state is MailState.WITHHELD
    assert "Postfach" in house.mail(mail_id).answer
    assert server.seen == []


def test_wrong_settings_put_off_and_say_so(house):
    mail_id = house.post()
    house.settings.smtp_url = "https://mail.beispiel.test"
    house.send(mail_id)
    assert (house.mail(mail_id).state, house.mail(mail_id).retries) == (MailState.WAITING, 1)
    assert "SKIP_SMTP_URL" in house.mail(mail_id).answer


STEPS = ["take", "connect", "hand_over before", "hand_over after", "note_sent before", "note_sent after"]


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_anywhere_sends_once_or_says_uncertain(house, monkeypatch, step):
    """What its follower finds, a quarter of an hour later: the mail is sent once, or marked."""
    mail_id = house.post()
    with fake_server() as server, monkeypatch.context() as patched:
        _kill_at(patched, step)
        with pytest.raises(Killed):
            house.send(mail_id, server)
        patched.undo()
        if step == "note_sent after":
            assert house.mail(mail_id).state is MailState.SENT
        else:
            with pytest.raises(Later):
                house.send(mail_id)
        with later(minutes=20):
            house.send(mail_id)
        with later(minutes=40):
            house.send(mail_id)
    certain = step in ("take", "connect", "hand_over before", "note_sent after")
    # Killed after the hand-over was noted, before the last full stop: nothing arrived, and nobody can know that.
    assert len(server.taken) == (0 if step == "hand_over after" else 1)
    assert house.mail(mail_id).state is (MailState.SENT if certain else MailState.UNCERTAIN)


def _kill_at(patched, step):
    def killed(*_args, **_kwargs):
        raise Killed

    if step == "take":
        patched.setattr(sending._Round, "send", killed)
        return
    if step == "connect":
        patched.setattr(sending.Line, "open", killed)
        return
    name, _, when = step.partition(" ")
    real = sending._Round._hand_over if name == "hand_over" else None
    if real is not None:

        def around(self, taken):
            if when == "after":
                real(self, taken)
            raise Killed

        patched.setattr(sending._Round, "_hand_over", around)
    elif when == "before":
        patched.setattr(delivering, "note_sent", killed)
    else:
        patched.setattr(delivering, "take_next", killed)


def test_a_worker_that_was_overtaken_cuts_the_line(house, monkeypatch):
    """It hung before the hand-over for so long that another one took the mail: only the other one's arrives."""
    mail_id = house.post()
    real = sending._Round._hand_over
    with fake_server() as slow, fake_server() as other, monkeypatch.context() as patched:

        def hang(self, taken):
            patched.undo()
            with later(minutes=20):
                house.send(mail_id, other)
            real(self, taken)

        patched.setattr(sending._Round, "_hand_over", hang)
        house.send(mail_id, slow)
    assert (len(slow.seen), len(other.taken)) == (0, 1)
    assert house.mail(mail_id).state is MailState.SENT


def test_a_late_yes_clears_what_was_uncertain(house, monkeypatch):
    """Another worker held it for lost; the one that was slow knows better."""
    mail_id = house.post()
    real = delivering.note_sent
    with fake_server() as server, monkeypatch.context() as patched:

        def late(session, taken, answer):
            session.rollback()
            with later(minutes=20):
                house.send(mail_id)
            assert house.mail(mail_id).state is MailState.UNCERTAIN
            real(session, taken, answer)

        patched.setattr(delivering, "note_sent", late)
        house.send(mail_id, server)
    assert (len(server.taken), house.mail(mail_id).state) == (1, MailState.SENT)
