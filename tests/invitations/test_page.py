"""The page of invitations: preview, confirmation, and who sees it."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from app import clock
from app.actor import Role
from app.config import Settings
from app.invitations.rules.words import noun_of
from app.meetings.models import Meeting, MeetingState
from app.outbox.rules import NO_MAILBOX
from app.people.models import Person
from app.web.meetings.invitations import _said
from tests import factories
from tests.web import heart


@pytest.fixture
def address(house):
    house.announce()
    return f"/sitzungen/{house.meeting}/einladung"


@pytest.fixture
def secretary(browse, house, database):
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
    return browse(account)


def test_the_preview_shows_recipients_and_the_mail_and_sends_nothing(secretary, house, address):
    page = secretary.get(address).text
    for words in ("member@skip.test", "Registratur", "nachrichtlich", "Terminvormerkung: ", "hat keine E-Mail-Adresse"):
        assert words in page
    assert "kein Mailserver oder kein Postfach" in page
    assert house.count() == 0


def test_confirming_sends_and_a_second_click_does_not(secretary, house, address):
    page = secretary.get(address).text
    seal, keys = re.search(r'name="preview" value="(\w+)"', page)[1], re.findall(r'value="(\w{20})"', page)
    for _ in range(2):
        answer = secretary.submit(address, preview=seal, recipients=keys)
        assert answer.status_code == 303
        assert (
            "Terminvormerkung an 5 Personen geschrieben. Die Mails bleiben im Postausgang"
            in secretary.get(address).text
        )
    assert house.count() == 5
    assert re.search(r"5 Personen:\s+wartet auf Versand", secretary.get(address).text)


def test_recipients_stand_in_groups_and_one_button_is_the_primary_one(secretary, house, address):
    answer = secretary.get(address)
    page = answer.text
    assert re.search(r"Mitglieder: \d+ Person(en)?, alle vorgeschlagen", heart.words(answer))
    assert page.count("button-primary") == 1
    assert "Terminvormerkung an Ausgewählte schreiben" in page
    house.send()
    page = secretary.get(address).text
    assert "niemand vorgeschlagen" in page
    assert "Für alle ist eine Mail mit dem neuesten Stand geschrieben." in page
    assert page.count("button-primary") <= 1
    house.release()
    assert "Einladung an Ausgewählte schreiben" in secretary.get(address).text
    assert "Fassung und Anlagen" in secretary.get(address).text


def test_a_cancellation_asks_for_no_answer_and_encloses_nothing(secretary, house, address, database):
    house.send()
    with database.write() as session:
        meeting = session.get_one(Meeting, house.meeting)
        meeting.state, meeting.cancelled_at, meeting.cancel_reason = MeetingState.CANCELLED, clock.now(), "Krank"
    page = secretary.get(address).text
    assert "<h2>Absage</h2>" in page
    assert "Absage an Ausgewählte schreiben" in page
    assert "Fassung und Anlagen" not in page


@pytest.mark.once
def test_what_is_sent_is_called_by_a_noun():
    assert [noun_of(kind) for kind in ("Abgesagt", "Geändert", "Nachtrag")] == ["Absage", "Änderung", "Nachtrag"]


def test_what_does_not_hold_is_shown_again_with_what_was_typed(secretary, house, address):
    seal = house.plan().seal
    answer = secretary.submit(address, preview=seal, note="Mein Hinweis")
    assert answer.status_code == 422
    assert "mindestens eine Person" in answer.text
    assert "Mein Hinweis" in answer.text
    key = house.plan().addressees[0].key
    answer = secretary.submit(address, preview="alt", recipients=key, note="Mein Hinweis")
    assert answer.status_code == 412
    assert "Es ging nichts hinaus" in answer.text
    assert "Mein Hinweis" in answer.text
    assert house.count() == 0


def test_members_do_not_find_the_page(browse, house, database, address):
    with database.write() as session:
        account = factories.make_account(session, person=session.get_one(Person, house.people["member"]))
    assert browse(account).get(address).status_code == 404


def test_the_secretariat_settles_mails_that_answer_nothing(secretary, house, address):
    from app.invitations.service.receiving import receive_mail

    receive_mail(house.database, b"From: fremd@skip.test\r\nSubject: Wer bin ich\r\n\r\nHallo\r\n")
    page = secretary.get(address).text
    assert "Wer bin ich" in page
    key = re.search(r'name="reply" value="(\d+)"', page)[1]
    assert secretary.submit(f"{address}/erledigt", reply=key).status_code == 303
    assert "Wer bin ich" not in secretary.get(address).text
    assert secretary.submit(f"{address}/erledigt", reply=key).status_code == 409


@pytest.mark.once
@pytest.mark.parametrize(
    ("server", "sender", "said"),
    [
        ("smtp://mail.test", "gremium@skip.test", "Die Mails gehen jetzt hinaus."),
        ("smtp://mail.test", NO_MAILBOX, "Die Mails bleiben im Postausgang"),
        ("", "gremium@skip.test", "Die Mails bleiben im Postausgang"),
    ],
)
def test_what_is_said_after_sending_is_true(server, sender, said):
    dispatch: Any = SimpleNamespace(subject="Geändert; Ort: Saal 2")
    sent: Any = [(None, SimpleNamespace(sender=sender))]
    words = _said(dispatch, sent, Settings(smtp_url=server))
    assert words.startswith(f"Änderung an 1 Person geschrieben. {said}")
