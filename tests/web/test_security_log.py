"""The security log: what happens to accounts is told to the administration and the owner; no log holds an address."""

import logging

import pytest
from sqlmodel import select

from app.actor import Role
from app.db import ident
from app.jobs.service import enqueue
from app.people import service as people
from app.people.models import SignInEvent, SignInEventKind
from app.people.rules import TRIES_PER_ACCOUNT
from app.worker import Workplace, follow_all, work_once
from tests import factories

MAIL = "ada.ahorn@example.org"


@pytest.fixture
def house(database):
    with database.write() as session:
        return {
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org", name="Alma Verwalter"),
            "secretariat": factories.make_account(session, Role.SECRETARIAT),
            "account": factories.make_account(session, email=MAIL, name="Ada Ahorn"),
        }


def enter(browser, password=factories.PASSWORD, email=MAIL):
    return browser.submit("/anmelden", email=email, password=password)


def test_sign_ins_failures_and_locks_are_told_without_what_was_typed(browse, house, database):
    stranger = browse()
    enter(stranger, "falsch geraten", email="niemand@example.org")
    for _ in range(TRIES_PER_ACCOUNT):
        enter(stranger, "falsch geraten")
    with database.write() as session:
        people.forget_failures(session, "nothing")
        kinds = [one.kind for one in session.exec(select(SignInEvent).order_by(SignInEvent.id))]
    assert kinds == [SignInEventKind.FAILED] * (TRIES_PER_ACCOUNT + 1) + [SignInEventKind.LOCKED]
    page = browse(house["admin"]).get("/sicherheit?art=anmeldungen").text
    for word in ("Anmeldung fehlgeschlagen", "unbekannte Adresse", "Ada Ahorn", "Wartezeit"):
        assert word in page
    assert "niemand@" not in page
    assert "falsch geraten" not in page


def test_the_owner_sees_their_own_account_alone(browse, house):
    browser = browse()
    enter(browser)
    enter(browse(), "falsch geraten", email="admin@example.org")
    browser.submit("/profil/schluessel", label="Auswertung")
    page = browser.get("/profil/protokoll").text
    for word in ("Angemeldet", "Schlüssel für Programme angelegt"):
        assert word in page
    for word in ("Alma", "admin@example.org", "fehlgeschlagen"):
        assert word not in page
    assert 'href="/profil/protokoll"' in browser.get("/profil").text
    browser.submit("/abmelden")
    assert "Abgemeldet" in browse(house["account"]).get("/profil/protokoll").text


def test_nobody_else_reads_the_log(browse, house):
    for who in ("secretariat", "account"):
        for address in ("/sicherheit", "/sicherheit.csv"):
            assert browse(house[who]).get(address).status_code == 404


def test_the_log_is_read_page_by_page_without_gaps_and_filtered(browse, house, database):
    with database.write() as session:
        for number in range(70):
            people.note_at_door(session, SignInEventKind.SIGNED_IN, ident(house["account"]), browser=f"B{number:03d}")
            if number % 2:
                people.create_api_token(session, factories.operator(), house["account"], label=f"T{number:03d}")
    admin, seen, address = browse(house["admin"]), "", "/sicherheit"
    for _ in range(5):
        page = admin.get(address).text
        seen += page
        if 'rel="next"' not in page:
            break
        address = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    for number in range(70):
        assert seen.count(f"B{number:03d}") == 1
        assert seen.count(f": T{number:03d}") == number % 2
    keys = admin.get("/sicherheit?art=schluessel").text
    assert "T069" in keys
    assert "B069" not in keys
    file = admin.get("/sicherheit.csv?art=schluessel").content.decode("utf-8-sig")
    assert file.startswith("Wann;Was;Wer;Betrifft;Womit")
    assert "T001" in file
    assert admin.get("/sicherheit?art=quatsch&nach=x&weiter=y").status_code == 200


def test_no_personal_data_in_the_servers_log(browse, house, database, application, caplog):
    with caplog.at_level(logging.DEBUG):
        browser = browse()
        enter(browser, "falsch geraten")
        enter(browser, "falsch geraten", email="niemand@example.org")
        enter(browser)
        browser.submit("/profil/schluessel", label="Auswertung")
        browser.get("/gibt-es-nicht")
        browser.get("/sitzungen/999999")
        browse().submit("/barrierefreiheit", message="Ada Ahorn schreibt", reply_to=MAIL)
        follow_all(database)
        with database.write() as session:
            enqueue(session, "text.close", {"kind": "nothing", "id": MAIL})
        for _ in range(3):
            work_once(Workplace(database, application.state.storage, application.state.settings))
    words = "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in caplog.records)
    for word in (MAIL, "niemand@example.org", "Ahorn", "falsch geraten", factories.PASSWORD):
        assert word not in words
