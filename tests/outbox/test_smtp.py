"""The address of the mail server, what is said to it, and that no secret comes back in its words."""

import smtplib

import pytest

from app.db import ident
from app.links.rules import Purpose, link_key
from app.links.service import revoke_links
from app.outbox.models import Mail, MailState
from app.outbox.rules import KEY_MARK
from app.outbox.schemas import Letter
from app.outbox.smtp import Line, Rejected, Server, Unreachable, parse_server
from tests import factories
from tests.outbox.servers import fake_server


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.beispiel.test", Server("mail.beispiel.test", 587, "starttls")),
        ("smtp://u%40x:p%3Aw@mail.beispiel.test:2525", Server("mail.beispiel.test", 2525, "starttls", "u@x", "p:w")),
        ("smtps://u:p@mail.beispiel.test", Server("mail.beispiel.test", 465, "tls", "u", "p")),
        ("smtp://relay.beispiel.test?starttls=no", Server("relay.beispiel.test", 25, "none")),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, "none")),
    ],
)
def test_the_address_of_a_server(url, server):
    assert parse_server(url) == server


@pytest.mark.once
@pytest.mark.parametrize(
    "url",
    [
        "mail.beispiel.test",
        "https://mail.beispiel.test",
        "smtp://",
        "smtp://mail.beispiel.test:viele",
        "smtp://mail.beispiel.test?starttls=vielleicht",
        "smtp://mail.beispiel.test?tls=no",
        "smtp://user:kennwort@mail.beispiel.test?starttls=no",
    ],
)
def test_what_is_no_address_of_a_server_is_told(url):
    with pytest.raises(ValueError, match="SKIP_SMTP_URL") as refused:
        parse_server(url)
    assert "kennwort" not in str(refused.value)


@pytest.mark.once
def test_without_starttls_nothing_is_said_to_a_server_that_needs_it():
    with fake_server() as server:
        line = Line(Server("127.0.0.1", server.port, "starttls", "u", "geheim"), patience=2)
        with pytest.raises(Unreachable, match="STARTTLS"):
            line.open()


@pytest.mark.once
def test_a_refused_sign_in_says_so_without_the_password():
    import base64

    both = base64.b64encode(b"\0chef\0sehr-geheim").decode()
    with fake_server(EHLO="250 AUTH PLAIN", AUTH=f"535 5.7.8 no: sehr-geheim {both}") as server:
        line = Line(Server("127.0.0.1", server.port, "none", "chef", "sehr-geheim"), patience=2)
        with pytest.raises(Unreachable, match="Anmeldung") as refused:
            line.open()
    assert "geheim" not in str(refused.value)
    assert both not in str(refused.value)


@pytest.mark.once
def test_lines_that_begin_with_a_dot_arrive_as_they_are():
    content = b"Subject: x\r\n\r\n.\r\n..zwei\r\nEnde"
    with fake_server() as server:
        line = Line(Server("127.0.0.1", server.port, "none"), patience=2)
        line.open()
        with line:
            line.deliver("a@beispiel.test", "b@beispiel.test", content, hand_over=lambda: None)
    assert server.taken == [("b@beispiel.test", content + b"\r\n")]


@pytest.mark.once
def test_a_goodbye_that_is_not_answered_harms_nothing():
    with fake_server(QUIT="drop", RSET="drop", RCPT="550 no") as server:
        line = Line(Server("127.0.0.1", server.port, "none"), patience=2)
        line.open()
        with line, pytest.raises(Rejected, match="550 no"):
            line.deliver("a@beispiel.test", "b@beispiel.test", b"x", hand_over=lambda: None)


def test_the_key_travels_and_is_in_no_answer(house):
    link_id, nonce = house.link()
    key = link_key(house.settings.signing_key, nonce)
    mail_id = house.post(letter=house.letter_with_key(), link_id=link_id)
    with fake_server(END=f"554 5.7.1 spam: {house.settings.base_url}/antwort/{key}") as server:
        house.send(mail_id, server)
    assert f"/antwort/{key}".encode() in server.seen[0].replace(b"=\r\n", b"")
    mail = house.mail(mail_id)
    assert mail.state is MailState.REFUSED
    assert mail.answer.endswith("/antwort/…")
    assert key not in mail.text + mail.html
    assert key not in str(house.tries(mail_id))


def test_a_mail_whose_link_was_revoked_is_not_sent(house):
    with house.database.write() as session:
        person_id = ident(factories.make_person(session))
    link_id, _ = house.link(person_id=person_id)
    mail_id = house.post(letter=house.letter_with_key(), link_id=link_id)
    with house.database.write() as session:
        revoke_links(session, Purpose.ANSWER, person_id=person_id)
    with fake_server() as server:
        house.send(mail_id, server)
    assert (server.seen, house.mail(mail_id).state) == ([], MailState.CANCELLED)


def test_a_mail_whose_link_is_gone_is_not_sent(house):
    mail_id = house.post(letter=house.letter_with_key())
    with fake_server() as server:
        house.send(mail_id, server)
    assert (server.seen, house.mail(mail_id).state) == ([], MailState.CANCELLED)
    assert "gilt nicht mehr" in house.mail(mail_id).answer


def test_unsubscribing_has_a_key_and_headers_of_its_own(house):
    link_id, nonce = house.link(Purpose.UNSUBSCRIBE)
    address = f"{house.settings.base_url}/abbestellen/{KEY_MARK}"
    mail_id = house.post(letter=Letter("Hinweis", f"Abbestellen: {address}"), unsubscribe_id=link_id)
    with fake_server() as server:
        house.send(mail_id, server)
    stop = f"{house.settings.base_url}/abbestellen/{link_key(house.settings.signing_key, nonce)}"
    content = server.taken[0][1].replace(b"=\r\n", b"").decode()
    assert f"Abbestellen: {stop}" in content
    assert f"List-Unsubscribe: <{stop}>\r\n" in content
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


def test_the_texts_of_a_secret_mail_go_when_it_is_sent(house):
    mail_id = house.post(secret=True)
    with fake_server() as server:
        house.send(mail_id, server)
    mail = house.mail(mail_id)
    assert (mail.state, mail.text, mail.html) == (MailState.SENT, "", "")
    assert len(server.taken) == 1


def test_a_missing_file_refuses_the_mail_and_stops_nobody(house):
    from app.outbox.schemas import AttachedFile

    broken = house.post(files=[AttachedFile("weg.pdf", "application/pdf", "0" * 64)])
    unwritable, good = house.post("größe@beispiel.test"), house.post()
    with fake_server() as server:
        house.send(broken, server)
    assert [house.mail(one).state for one in (broken, unwritable, good)] == [
        MailState.REFUSED,
        MailState.REFUSED,
        MailState.SENT,
    ]
    assert "Anlage" in house.mail(broken).answer
    assert "vor dem @" in house.mail(unwritable).answer


def test_smtplib_still_raises_what_we_catch():
    """Sending catches OSError and means all of smtplib's errors, too."""
    assert issubclass(smtplib.SMTPException, OSError)
    assert Mail.__tablename__ == "mail"
