"""Signing in and out, as a person sees it."""

import pytest

from tests import factories


@pytest.fixture
def account(database):
    with database.write() as session:
        return factories.make_account(session, email="ada@example.org", name="Ada Beispiel")


def test_pages_lead_to_the_sign_in_and_back(browse, account):
    browser = browse()
    answer = browser.get("/sitzungen?seite=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/anmelden?weiter=%2Fsitzungen%3Fseite%3D2"


def test_the_right_password_signs_in_and_goes_on(browse, account):
    browser = browse()
    answer = browser.submit("/anmelden", email="Ada@example.org ", password=factories.PASSWORD, weiter="/profil")
    assert (answer.status_code, answer.headers["location"]) == (303, "/profil")
    assert browser.get("/anmelden").status_code == 303


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_away_after_signing_in(browse, account, address):
    answer = browse().submit("/anmelden", email="ada@example.org", password=factories.PASSWORD, weiter=address)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("email", ["ada@example.org", "unknown@example.org"])
def test_a_wrong_password_and_an_unknown_account_look_alike(browse, account, email):
    answer = browse().submit("/anmelden", email=email, password="falsch")
    assert answer.status_code == 422
    assert "E-Mail-Adresse oder Kennwort stimmen nicht." in answer.text
    assert f'value="{email}"' in answer.text
    assert "set-cookie" not in answer.headers or "skip_session" not in answer.headers["set-cookie"]


def test_after_too_many_tries_even_the_right_password_waits(browse, account):
    browser = browse()
    for _ in range(8):
        browser.submit("/anmelden", email="ada@example.org", password="falsch")
    answer = browser.submit("/anmelden", email="ada@example.org", password=factories.PASSWORD)
    assert answer.status_code == 429
    assert "Zu viele Versuche" in answer.text


def test_a_form_without_its_token_is_refused(browse, account):
    browser = browse(account)
    answer = browser.post("/abmelden", data={})
    assert answer.status_code == 403
    foreign = browser.post("/abmelden", data={"csrf_token": browser.token()}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_signing_out_ends_the_session_on_the_server(browse, account, database):
    browser = browse(account)
    key = browser.cookies.get("skip_session")
    assert browser.submit("/abmelden").status_code == 303
    browser.cookies.set("skip_session", key)
    assert browser.get("/profil").headers["location"].startswith("/anmelden")


def test_an_inactive_account_is_out_at_once(browse, account, database):
    browser = browse(account)
    with database.write() as session:
        account.active = False
        session.add(account)
    assert browser.get("/").headers["location"].startswith("/anmelden")


def test_what_was_typed_survives_a_lost_session(browse, account, database):
    browser = browse(account)
    token = browser.token()
    with database.write() as session:
        from app.people.service import end_sessions

        end_sessions(session, account.id)
    answer = browser.post("/profil/schluessel", data={"csrf_token": token, "label": "Mein <langer> Text"})
    assert "Mein &lt;langer&gt; Text" in answer.text
    assert 'action="/profil/schluessel"' in answer.text
