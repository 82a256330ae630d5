"""Second factors: an app whose codes work once, recovery codes, and that half a sign-in is none."""

import datetime as dt
import html
import re

import pyotp
import pytest
from sqlmodel import col, select

from app import clock
from app.actor import Role
from app.credentials.models import OneTimeSecret, RecoveryCode
from app.outbox.models import Mail
from tests import factories
from tests.conftest import NOW

PASSWORD = factories.PASSWORD


@pytest.fixture
def house(database):
    with database.write() as session:
        return {
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org", name="Alma Verwalter"),
            "ada": factories.make_account(session, email="ada@example.org", name="Ada Beispiel"),
        }


def code_at(secret, moment):
    return pyotp.TOTP(secret).at(moment)


def set_up(browser):
    """Set an app up in the profile; its secret and the recovery codes."""
    begun = browser.submit("/profil/sicherheit/app", password=PASSWORD)
    assert begun.headers["location"] == "/profil/sicherheit/app"
    secret = re.findall(r'id="app-schluessel"[^>]* value="(\w+)"', browser.get("/profil/sicherheit/app").text)[0]
    confirmed = browser.submit("/profil/sicherheit/app/bestaetigen", code=code_at(secret, clock.now()))
    assert confirmed.status_code == 200
    return secret, re.findall(r"<code>([\w-]+)</code>", confirmed.text)


def half(browser, onward="/profil"):
    """The right password; the code is still missing."""
    answer = browser.submit("/anmelden", email="ada@example.org", password=PASSWORD, weiter=onward)
    assert answer.headers["location"] == "/anmelden/zweiter-faktor"
    assert "skip_session" not in browser.cookies
    return browser


def give(browser, code):
    return browser.submit("/anmelden/zweiter-faktor", code=code)


def test_an_app_is_set_up_with_the_password_and_asked_for_afterwards(browse, database, house):
    browser = browse(house["ada"])
    assert "Ihre Rolle empfohlen" not in browser.get("/profil/sicherheit").text
    wrong = browser.submit("/profil/sicherheit/app", password="falsch")
    assert wrong.status_code == 422
    assert "Das Kennwort stimmt nicht." in wrong.text
    secret, codes = set_up(browser)
    assert len(set(codes)) == 10
    assert "Eingerichtet am 02.03.2026" in browser.get("/profil/sicherheit").text
    with database.read() as session:
        stored = session.get_one(OneTimeSecret, house["ada"].id)
        assert secret not in stored.sealed
        assert not set(codes) & set(session.exec(select(RecoveryCode.code_hash)))
        assert session.exec(select(Mail.kind)).all() == ["account.changed"]
    with clock.standing_at(NOW + dt.timedelta(minutes=1)):
        here = half(browse())
        assert here.get("/profil").status_code == 303
        answer = give(here, code_at(secret, clock.now()))
        assert (answer.status_code, answer.headers["location"]) == (303, "/profil")
        assert here.get("/profil").status_code == 200
        assert here.get("/anmelden/zweiter-faktor").headers["location"] == "/anmelden"


def test_the_picture_holds_the_same_secret_and_nothing_is_fetched(browse, house):
    browser = browse(house["ada"])
    browser.submit("/profil/sicherheit/app", password=PASSWORD)
    page = browser.get("/profil/sicherheit/app").text
    assert "<svg" in page
    assert "<img" not in page
    assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0]
    assert browser.get("/profil/sicherheit/app").text.count("otpauth") == 0


@pytest.mark.parametrize("shift", [-30, 0, 30])
def test_clocks_may_differ_by_one_step(browse, house, shift):
    secret, _ = set_up(browse(house["ada"]))
    with clock.standing_at(NOW + dt.timedelta(minutes=10)):
        code = code_at(secret, clock.now() + dt.timedelta(seconds=shift))
        assert give(half(browse()), code).status_code == 303


@pytest.mark.parametrize("shift", [-60, 60])
def test_older_and_later_codes_are_wrong(browse, house, shift):
    secret, _ = set_up(browse(house["ada"]))
    with clock.standing_at(NOW + dt.timedelta(minutes=10)):
        code = code_at(secret, clock.now() + dt.timedelta(seconds=shift))
        assert give(half(browse()), code).status_code == 422


def test_a_code_works_once(browse, house):
    secret, _ = set_up(browse(house["ada"]))
    assert give(half(browse()), code_at(secret, NOW)).status_code == 422, "it set the app up"
    with clock.standing_at(NOW + dt.timedelta(minutes=2)):
        code = code_at(secret, clock.now())
        assert give(half(browse()), code).status_code == 303
        answer = give(half(browse()), code)
        assert answer.status_code == 422
        assert "schon benutzt" in answer.text


@pytest.mark.parametrize("typed", ["", "000000", "abcdef", "١٢٣٤٥٦", "1" * 500, "x" * 5000])
def test_nonsense_is_no_code(browse, house, typed):
    set_up(browse(house["ada"]))
    assert give(half(browse()), typed).status_code == 422


def test_each_recovery_code_works_once_however_it_is_typed(browse, database, house):
    _, codes = set_up(browse(house["ada"]))
    assert give(half(browse()), codes[0].upper().replace("-", " ")).status_code == 303
    assert give(half(browse()), codes[0]).status_code == 422
    signed_in = browse(house["ada"])
    assert "9 Codes sind noch unbenutzt" in signed_in.get("/profil/sicherheit").text
    fresh = signed_in.submit("/profil/sicherheit/codes", password=PASSWORD)
    assert fresh.status_code == 200
    assert give(half(browse()), codes[1]).status_code == 422
    assert give(half(browse()), re.findall(r"<code>([\w-]+)</code>", fresh.text)[0]).status_code == 303
    history = browse(house["admin"]).get("/verlauf").text
    for words in ("App für Einmalcodes eingerichtet", "Mit einem Wiederherstellungscode angemeldet"):
        assert words in history


def test_codes_of_others_open_nothing(browse, database, house):
    _, codes = set_up(browse(house["admin"]))
    set_up(browse(house["ada"]))
    assert give(half(browse()), codes[0]).status_code == 422


def test_half_a_sign_in_ends_with_time_password_and_account(browse, database, house):
    secret, _ = set_up(browse(house["ada"]))
    late, changed, stilled = half(browse()), half(browse()), half(browse())
    with clock.standing_at(NOW + dt.timedelta(minutes=10)):
        assert late.get("/anmelden/zweiter-faktor").status_code == 303
    browse(house["admin"]).submit(f"/konten/{house['ada'].id}/kennwort", password="ein anderes Kennwort")
    assert give(changed, code_at(secret, clock.now())).headers["location"] == "/anmelden"
    browse(house["admin"]).submit(f"/konten/{house['ada'].id}/stilllegen")
    assert stilled.get("/anmelden/zweiter-faktor").headers["location"] == "/anmelden"
    assert browse().submit("/anmelden/zweiter-faktor", code="1").headers["location"] == "/anmelden"


def test_guessing_codes_waits_ever_longer(browse, house):
    secret, _ = set_up(browse(house["ada"]))
    browser = half(browse())
    for _ in range(5):
        assert give(browser, "000000").status_code == 422
    with clock.standing_at(NOW + dt.timedelta(seconds=29)):
        answer = give(browser, code_at(secret, clock.now()))
        assert answer.status_code == 429
        assert "warten Sie 1 Sekunden" in answer.text
    with clock.standing_at(NOW + dt.timedelta(seconds=30)):
        assert give(browser, code_at(secret, clock.now())).status_code == 303


def test_the_administration_takes_lost_factors_away_and_the_owner_is_told(browse, database, house):
    theirs = browse(house["ada"])
    set_up(theirs)
    admin, address = browse(house["admin"]), f"/konten/{house['ada'].id}"
    assert "App für Einmalcodes" in admin.get(address).text
    assert theirs.submit(f"{address}/faktoren").status_code == 404
    assert admin.submit(f"{address}/faktoren").status_code == 303
    assert theirs.get("/profil").status_code == 303
    assert browse().submit("/anmelden", email="ada@example.org", password=PASSWORD).headers["location"] == "/"
    with database.read() as session:
        mail = session.exec(select(Mail).order_by(col(Mail.id).desc())).first()
        assert mail.address == "ada@example.org"
        assert "zurückgesetzt" in mail.text
    assert "Zweite Faktoren eines Kontos zurückgesetzt" in admin.get("/verlauf").text


def test_an_app_is_removed_with_the_password(browse, house):
    browser = browse(house["ada"])
    set_up(browser)
    assert browser.submit("/profil/sicherheit/app", password=PASSWORD).status_code == 409
    assert browser.submit("/profil/sicherheit/app/entfernen", password="falsch").status_code == 422
    assert browser.submit("/profil/sicherheit/app/entfernen", password=PASSWORD).status_code == 303
    assert browse().submit("/anmelden", email="ada@example.org", password=PASSWORD).headers["location"] == "/"
    assert browser.submit("/profil/sicherheit/app/entfernen", password=PASSWORD).status_code == 404
    assert browser.submit("/profil/sicherheit/app/bestaetigen", code="1").status_code == 409


def test_a_required_factor_is_set_up_before_the_first_session(browse, settings, house):
    settings.second_factor_for = "admin,secretariat"
    assert browse().submit("/anmelden", email="ada@example.org", password=PASSWORD).headers["location"] == "/"
    browser = browse()
    answer = browser.submit("/anmelden", email="admin@example.org", password=PASSWORD)
    assert answer.headers["location"] == "/anmelden/einrichten"
    assert browser.get("/konten").status_code == 303
    page = browser.get("/anmelden/einrichten").text
    secret = re.findall(r'id="app-schluessel"[^>]* value="(\w+)"', html.unescape(page))[0]
    assert browser.submit("/anmelden/einrichten", code="000000").status_code == 422
    assert browser.get("/konten").status_code == 303
    entered = browser.submit("/anmelden/einrichten", code=code_at(secret, clock.now()))
    assert entered.headers["location"] == "/profil/sicherheit"
    assert browser.get("/konten").status_code == 200
    again = browse().submit("/anmelden", email="admin@example.org", password=PASSWORD)
    assert again.headers["location"] == "/anmelden/zweiter-faktor"


def test_the_office_is_advised(browse, database, house):
    assert "Für Ihre Rolle empfohlen" in browse(house["admin"]).get("/profil/sicherheit").text


def test_a_program_sets_up_nothing(browse, house):
    made = browse(house["ada"]).submit("/profil/schluessel", label="Skript")
    key = re.findall(r'id="schluessel-neu" value="([\w-]+)"', made.text)[0]
    bearer = {"authorization": f"Bearer {key}"}
    for address in ("app", "app/bestaetigen", "app/entfernen", "codes", "anmeldungen/beenden"):
        answer = browse().post(f"/profil/sicherheit/{address}", data={"password": PASSWORD}, headers=bearer)
        assert answer.status_code == 403
    assert browse().get("/profil/sicherheit", headers=bearer).status_code == 403
