"""Guessing passwords: the attacker waits, the owner comes in, and neither counts for the other."""

import datetime as dt
import re

import pytest
from sqlmodel import select

from app import clock
from app.actor import Role
from app.credentials.models import KnownBrowser
from app.people.models import SignInFailure
from app.people.rules import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, wait_after
from tests import factories
from tests.conftest import NOW

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def house(database):
    with database.write() as session:
        return {
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org"),
            "ada": factories.make_account(session, email="ada@example.org"),
            "attacker": factories.make_account(session, email="eve@example.org"),
        }


def enter(browser, email="ada@example.org", password=factories.PASSWORD):
    return browser.submit("/anmelden", email=email, password=password)


def guess(browser, times=TRIES_PER_ACCOUNT, email="ada@example.org"):
    for _ in range(times):
        answer = enter(browser, email, "geraten")
    return answer


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (10_000, 900)]
)
def test_every_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(failures, seconds):
    assert wait_after(failures) == dt.timedelta(seconds=seconds)


def test_the_owner_comes_in_from_a_known_browser_while_a_stranger_guesses(browse, house):
    owner, attacker = browse(), browse()
    assert enter(owner).status_code == 303
    owner.submit("/abmelden")
    assert guess(attacker).status_code == 422
    slowed = enter(attacker)
    assert slowed.status_code == 429
    assert "warten Sie 30 Sekunden" in slowed.text
    assert enter(owner).status_code == 303
    assert enter(attacker).status_code == 429, "that forgave the stranger nothing"


def test_a_stranger_with_the_right_password_waits_and_then_comes_in(browse, house):
    guess(browse())
    assert enter(browse()).status_code == 429
    with clock.standing_at(NOW + dt.timedelta(seconds=30)):
        assert enter(browse()).status_code == 303
    assert "Anmeldung nach vielen Fehlversuchen" in browse(house["admin"]).get("/verlauf").text


def test_waiting_tries_are_not_counted_so_nobody_is_kept_out(browse, house):
    attacker = browse()
    guess(attacker)
    for _ in range(20):
        assert enter(attacker, password="geraten").status_code == 429
    with clock.standing_at(NOW + dt.timedelta(seconds=30)):
        assert enter(attacker, password="geraten").status_code == 422
        assert enter(attacker).status_code == 429
    with clock.standing_at(NOW + dt.timedelta(seconds=90)):
        assert enter(browse()).status_code == 303


def test_success_with_the_own_account_forgives_nothing_of_others(browse, house):
    attacker = browse()
    guess(attacker)
    assert enter(attacker, "eve@example.org").status_code == 303
    attacker.submit("/abmelden")
    assert enter(attacker).status_code == 429
    assert enter(attacker, "eve@example.org").status_code == 303


def test_a_known_browser_has_its_own_patience(browse, house):
    browser = browse()
    enter(browser)
    browser.submit("/abmelden")
    guess(browser)
    assert enter(browser).status_code == 429
    assert enter(browse()).status_code == 303, "elsewhere nothing was counted"


def test_an_invented_cookie_is_no_known_browser(browse, house):
    owner, attacker = browse(), browse()
    enter(owner)
    attacker.cookies.set("skip_browser", "erfunden")
    guess(attacker)
    assert enter(attacker).status_code == 429


def test_unknown_accounts_are_slowed_alike(browse, house):
    answers = []
    for email in ("ada@example.org", "niemand@example.org"):
        browser = browse()
        guess(browser, email=email)
        answer = enter(browser, email)
        answers.append((answer.status_code, re.sub(r"[0-9a-f]{64}", "", answer.text).replace(email, "")))
    assert answers[0] == answers[1]


def test_an_address_that_tries_many_accounts_is_stopped(browse, database, house):
    browser = browse()
    for number in range(TRIES_PER_ADDRESS):
        enter(browser, f"konto{number}@example.org", "geraten")
    assert enter(browser, "eve@example.org").status_code == 429
    with database.read() as session:
        assert all(len(row.key) == 64 for row in session.exec(select(SignInFailure)))
    with clock.standing_at(NOW + dt.timedelta(minutes=15)):
        assert enter(browser, "eve@example.org").status_code == 303


def test_sessions_are_listed_in_plain_words_and_ended(browse, house):
    here, there, other = browse(), browse(), browse()
    here.headers["user-agent"] = FIREFOX
    for browser in (here, there, other):
        enter(browser)
    page = here.get("/profil/sicherheit").text
    assert "Firefox unter Linux" in page
    assert page.count("dieser hier") == 1
    ends = re.findall(r"/profil/sicherheit/anmeldungen/(\d+)/beenden", page)
    assert len(ends) == 2
    assert browse(house["attacker"]).submit(f"/profil/sicherheit/anmeldungen/{ends[0]}/beenden").status_code == 404
    assert here.submit(f"/profil/sicherheit/anmeldungen/{ends[0]}/beenden").status_code == 303
    assert sorted(one.get("/profil").status_code for one in (here, there, other)) == [200, 200, 303]
    assert here.submit("/profil/sicherheit/anmeldungen/beenden").status_code == 303
    assert [one.get("/profil").status_code for one in (here, there, other)] == [200, 303, 303]


def test_other_browsers_become_strangers_when_all_are_ended(browse, database, house):
    here, there = browse(), browse()
    enter(here)
    enter(there)
    here.submit("/profil/sicherheit/anmeldungen/beenden")
    with database.read() as session:
        assert len(session.exec(select(KnownBrowser)).all()) == 1
    guess(there)
    assert enter(there).status_code == 429
    assert "Anmeldung von einem neuen Browser" in browse(house["admin"]).get("/verlauf").text


def test_what_was_tried_an_hour_ago_and_browsers_of_half_a_year_ago_do_not_count(browse, database, house):
    there = browse()
    enter(there)
    stranger = browse()
    guess(stranger)
    assert enter(stranger).status_code == 429
    with clock.standing_at(NOW + dt.timedelta(hours=1)):
        guess(stranger, times=TRIES_PER_ACCOUNT - 1)
        assert enter(stranger).status_code == 303
    with clock.standing_at(NOW + dt.timedelta(days=181)):
        enter(browse(), "eve@example.org")
        with database.read() as session:
            assert {row.account_id for row in session.exec(select(KnownBrowser))} == {house["attacker"].id}


def test_cookies_are_closed_to_scripts_and_other_sites(browse, house):
    answer = enter(browse())
    cookies = answer.headers.get_list("set-cookie")
    for name in ("skip_session", "skip_browser"):
        found = next(one for one in cookies if one.startswith(f"{name}="))
        assert "HttpOnly" in found
        assert "SameSite=lax" in found
