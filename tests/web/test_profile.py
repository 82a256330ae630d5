"""One's own account: roles and seats in words, another password, keys shown once."""

import re

import pytest

from app.actor import Role
from app.bodies.models import MembershipKind
from app.people import rules
from app.people.models import Account, ApiToken
from tests import factories

CHANGE = "/profil/sicherheit/kennwort"
NEW = "ein ganz anderes Kennwort"


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        return {
            "body": body,
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body, email="ada@example.org"),
            "everywhere": factories.make_account(session, Role.SECRETARIAT),
            "deputy": factories.make_seated(session, body, MembershipKind.DEPUTY),
            "office": factories.make_seated(session, body, MembershipKind.OFFICE),
            "chair": factories.make_seated(session, body, chair=True),
            "nobody": factories.make_account(session),
        }


def key_of(answer):
    return re.findall(r'id="schluessel-neu" value="([\w-]+)"', answer.text)[0]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("secretariat", ("ada@example.org", "Geschäftsstelle (SKIP)", "keinen Sitz")),
        ("everywhere", ("Geschäftsstelle<", "keinen Sitz")),
        ("deputy", ("keine eigene; Rechte folgen", "Stellvertretung", "SKIP", "Institution ")),
        ("office", ("Büro",)),
        ("chair", ("Vorsitz",)),
        ("nobody", ("keine eigene; Rechte folgen", "keinen Sitz")),
    ],
)
def test_roles_and_seats_are_told_in_words(browse, house, who, words):
    text = browse(house[who]).get("/profil").text
    for word in words:
        assert word in text


def test_the_password_changes_and_other_browsers_are_signed_out(browse, house):
    here, elsewhere = browse(house["secretariat"]), browse(house["secretariat"])
    answer = here.submit(CHANGE, password_old=factories.PASSWORD, password=NEW, password_again=NEW)
    assert answer.headers["location"] == "/profil/sicherheit"
    assert "Das Kennwort ist geändert." in here.get("/profil/sicherheit").text
    assert elsewhere.get("/profil").headers["location"].startswith("/anmelden")
    assert browse().submit("/anmelden", email="ada@example.org", password=factories.PASSWORD).status_code == 422
    assert browse().submit("/anmelden", email="ada@example.org", password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("falsch", NEW, NEW, "Das bisherige Kennwort stimmt nicht."),
        (factories.PASSWORD, "kurz", "kurz", "Das Kennwort braucht mindestens 12 Zeichen"),
        (factories.PASSWORD, NEW, NEW + "!", "Die beiden neuen Kennwörter sind nicht gleich."),
        ("", "", "", "Das Kennwort braucht mindestens 12 Zeichen"),
    ],
)
def test_a_wrong_password_changes_nothing_and_is_not_shown(browse, database, house, old, new, again, sentence):
    answer = browse(house["secretariat"]).submit(CHANGE, password_old=old, password=new, password_again=again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NEW not in answer.text
    with database.read() as session:
        stored = session.get_one(Account, house["secretariat"].id).password_hash
    assert rules.password_matches(stored, factories.PASSWORD)


def test_guessing_the_old_password_is_throttled(browse, house):
    browser = browse(house["secretariat"])
    for _ in range(rules.TRIES_PER_ACCOUNT):
        browser.submit(CHANGE, password_old="falsch", password=NEW, password_again=NEW)
    answer = browser.submit(CHANGE, password_old=factories.PASSWORD, password=NEW, password_again=NEW)
    assert answer.status_code == 429
    assert "Zu viele Versuche" in answer.text


def test_a_key_is_shown_once_works_and_can_be_revoked(browse, database, house):
    browser = browse(house["secretariat"])
    made = browser.submit("/profil/schluessel", label="Nachtlauf")
    key = key_of(made)
    bearer = {"authorization": f"Bearer {key}"}
    assert "Nachtlauf" in made.text
    shown = browser.get("/profil").text
    assert key not in shown
    assert "noch nie" in shown
    assert browse().get("/profil", headers=bearer).status_code == 200
    assert "02.03.2026" in browser.get("/profil").text
    with database.read() as session:
        stored = session.get_one(ApiToken, int(re.findall(r"/profil/schluessel/(\d+)/widerrufen", shown)[0]))
    assert stored.token_hash == rules.key_hash(key)
    assert browse(house["nobody"]).submit(f"/profil/schluessel/{stored.id}/widerrufen").status_code == 404
    assert browser.submit(f"/profil/schluessel/{stored.id}/widerrufen").status_code == 303
    assert browse().get("/profil", headers=bearer).status_code == 303
    assert "Nachtlauf" not in browser.get("/profil").text


def test_a_program_cannot_make_itself_at_home(browse, house):
    key = key_of(browse(house["secretariat"]).submit("/profil/schluessel", label="Skript"))
    bearer = {"authorization": f"Bearer {key}"}
    for address, fields in (
        ("/profil/schluessel", {"label": "zweiter"}),
        (CHANGE, {"password_old": factories.PASSWORD, "password": NEW, "password_again": NEW}),
    ):
        answer = browse().post(address, data=fields, headers=bearer)
        assert answer.status_code == 403
        assert NEW not in answer.text
    assert "zweiter" not in browse(house["secretariat"]).get("/profil").text


@pytest.mark.parametrize(("label", "sentence"), [("", "wofür der Schlüssel ist"), ("x" * 121, "höchstens 120 Zeichen")])
def test_a_key_needs_a_label(browse, house, label, sentence):
    answer = browse(house["nobody"]).submit("/profil/schluessel", label=label)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_page_needs_a_sign_in(browse):
    assert browse().get("/profil").headers["location"] == "/anmelden?weiter=%2Fprofil"
