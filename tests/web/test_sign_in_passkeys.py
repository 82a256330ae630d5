"""Passkeys: added after the password, used without one or after it, and bound to challenge, site and account."""

import html
import json
import re

import pytest
from sqlmodel import select

from app.actor import Role
from app.credentials.ceremonies import passkeys_work
from app.credentials.models import Passkey, RecoveryCode
from tests import factories
from tests.device import PRESENT, Device, other_challenge

NEW = "/profil/sicherheit/passkeys/neu"
DOOR = "/anmelden/passkey"
SECOND = "/anmelden/zweiter-faktor"


@pytest.fixture
def house(database, settings):
    settings.base_url = "http://localhost:8000"
    with database.write() as session:
        return {
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org"),
            "ada": factories.make_account(session, email="ada@example.org", name='Ada "B" <i>'),
        }


def options_of(answer):
    return json.loads(html.unescape(re.findall(r'data-options="([^"]+)"', answer.text)[0]))


def begin(browser):
    assert browser.submit("/profil/sicherheit/passkeys", password=factories.PASSWORD).headers["location"] == NEW
    return options_of(browser.get(NEW))


def add(browser, device=None, name="Diensttelefon"):
    device = device or Device()
    answer = browser.submit(NEW, name=name, credential=device.create(begin(browser)))
    return device, answer


def open_door(browser, device, **how):
    shown = browser.get(f"{DOOR}?weiter=/profil")
    return browser.submit(DOOR, credential=device.get(options_of(shown), **how))


def half(browser):
    answer = browser.submit("/anmelden", email="ada@example.org", password=factories.PASSWORD, weiter="/profil")
    assert answer.headers["location"] == SECOND
    return options_of(browser.get(SECOND))


def test_a_passkey_is_added_and_opens_the_door_without_a_password(browse, database, house):
    browser = browse(house["ada"])
    device, answer = add(browser)
    assert answer.status_code == 200
    assert len(re.findall(r"<code>([\w-]+)</code>", answer.text)) == 10
    assert "Diensttelefon" in browser.get("/profil/sicherheit").text
    with database.read() as session:
        assert session.exec(select(Passkey.transports)).one() == "internal"
    stranger = browse()
    assert f'href="{DOOR}?weiter=/"' in stranger.get("/anmelden").text
    assert options_of(stranger.get(DOOR))["userVerification"] == "required"
    entered = open_door(stranger, device)
    assert (entered.status_code, entered.headers["location"]) == (303, "/profil")
    assert stranger.get("/profil").status_code == 200
    assert "noch nie" not in stranger.get("/profil/sicherheit").text
    assert "Passkey angelegt" in browse(house["admin"]).get("/verlauf").text


def test_after_the_password_a_passkey_is_the_second_factor(browse, house):
    device, _ = add(browse(house["ada"]))
    browser = browse()
    options = half(browser)
    assert [one["id"] for one in options["allowCredentials"]]
    assert browser.get("/profil").status_code == 303
    answer = browser.submit(f"{SECOND}/passkey", credential=device.get(options, flags=PRESENT))
    assert (answer.status_code, answer.headers["location"]) == (303, "/profil")
    again = browser.submit(f"{SECOND}/passkey", credential=device.get(options))
    assert again.headers["location"] == "/anmelden", "the step is over"


def test_several_passkeys_are_named_and_removed_one_by_one(browse, database, house):
    browser = browse(house["ada"])
    first, _ = add(browser, name="Telefon")
    second, answer = add(browser, name="Stick <b>")
    assert answer.status_code == 303
    page = browser.get("/profil/sicherheit").text
    assert "Stick &lt;b&gt;" in page
    with database.read() as session:
        ids = list(session.exec(select(Passkey.id).order_by(Passkey.id)))
        assert len(session.exec(select(RecoveryCode)).all()) == 10
    address = f"/profil/sicherheit/passkeys/{ids[0]}/entfernen"
    assert browse(house["admin"]).submit(address, password=factories.PASSWORD).status_code == 404
    assert browser.submit(address, password="falsch").status_code == 422
    assert browser.submit(address, password=factories.PASSWORD).status_code == 303
    assert open_door(browse(), first).status_code == 422
    assert open_door(browse(), second).status_code == 303
    assert add(browser, second)[1].status_code == 409, "a key belongs to one account once"
    assert browser.submit(address.replace(str(ids[0]), str(ids[1])), password=factories.PASSWORD).status_code == 303
    with database.read() as session:
        assert session.exec(select(RecoveryCode)).all() == [], "without a factor the codes end"


def test_a_challenge_works_once_and_in_its_browser(browse, house):
    device, _ = add(browse(house["ada"]))
    browser = browse()
    answer = device.get(options_of(browser.get(DOOR)))
    assert browse().submit(DOOR, credential=answer).headers["location"] == "/anmelden"
    step = browser.cookies.get("skip_schritt")
    assert browser.submit(DOOR, credential=answer).status_code == 303
    other = browse()
    other.cookies.set("skip_schritt", step)
    assert other.submit(DOOR, credential=answer).headers["location"] == "/anmelden"


def test_answers_for_others_are_refused(browse, database, house):
    device, _ = add(browse(house["ada"]))
    foreign = Device("https://evil.example")
    foreign.key, foreign.id, foreign.host = device.key, device.id, device.host
    browser = browse()
    for answer in (
        device.get(other_challenge(options_of(browser.get(DOOR)))),
        foreign.get(options_of(browser.get(DOOR))),
        device.get(options_of(browser.get(DOOR)), flags=PRESENT),
        Device().get(options_of(browser.get(DOOR))),
        "",
        "[]",
        "{}",
        '{"id": 7}',
        '{"id": "\\ud800\\u0000"}',
        "x" * 100_000,
    ):
        browser.get(DOOR)
        refused = browser.submit(DOOR, credential=answer)
        assert refused.status_code == 422
        assert "öffnet hier kein Konto" in refused.text
    assert browser.get("/profil").status_code == 303


def test_a_copied_key_whose_counter_stands_still_is_refused(browse, house):
    device, _ = add(browse(house["ada"]))
    assert open_door(browse(), device).status_code == 303
    assert open_door(browse(), device, step=0).status_code == 422


def test_the_key_of_a_stilled_account_or_of_somebody_else_opens_nothing(browse, house):
    theirs, _ = add(browse(house["admin"]))
    device, _ = add(browse(house["ada"]))
    browser = browse()
    assert browser.submit(f"{SECOND}/passkey", credential="{}").headers["location"] == "/anmelden"
    options = half(browser)
    assert browser.submit(f"{SECOND}/passkey", credential=theirs.get(options)).status_code == 422
    browse(house["admin"]).submit(f"/konten/{house['ada'].id}/stilllegen")
    assert open_door(browse(), device).status_code == 422


def test_adding_needs_the_password_a_name_and_the_own_challenge(browse, house):
    browser = browse(house["ada"])
    assert browser.submit("/profil/sicherheit/passkeys", password="falsch").status_code == 422
    assert browser.get(NEW).headers["location"] == "/profil/sicherheit"
    options = begin(browser)
    assert browser.submit(NEW, name="", credential=Device().create(options)).status_code == 422
    assert browser.submit(NEW, name="x", credential=Device().create(other_challenge(options))).status_code == 422
    assert browser.submit(NEW, name="x", credential="nichts").status_code == 422
    other = browse(house["admin"])
    other.cookies.set("skip_schritt", browser.cookies.get("skip_schritt"))
    assert other.submit(NEW, name="x", credential=Device().create(options)).headers["location"] == "/profil/sicherheit"
    assert browser.submit(NEW, name="x", credential=Device().create(options)).status_code == 200


@pytest.mark.parametrize(
    ("address", "works"),
    [
        ("https://skip.example.org", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.1", False),
        ("http://skip.example.org", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(browse, settings, address, works):
    settings.base_url = address
    assert passkeys_work(settings) is works
    if not settings.uses_https:
        assert (DOOR in browse().get("/anmelden").text) is works
        assert browse().get(DOOR).status_code == (200 if works else 404)
