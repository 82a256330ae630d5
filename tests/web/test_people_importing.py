"""Reading in people on the page: the preview tells all, the confirmation writes exactly that."""

import re

import pytest

from app.actor import Role
from app.bodies import queries
from app.db import ident
from tests import factories

FILE = "Institution;Kurzname;Vorname;Nachname;Rolle;ab\r\nHandelskammer;HK;Öznur;Äpfel;Mitglied;01.01.2024\r\n"


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        factories.make_body(session, "NETZ")
        return {
            "body": ident(body),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "member": factories.make_seated(session, body),
        }


def upload(browser, content, **fields):
    files = {"file": ("sitze.csv", content.encode() if isinstance(content, str) else content)}
    return browser.post("/personen/import", data={"csrf_token": browser.token(), **fields}, files=files)


def ticket(answer):
    return dict(re.findall(r'type="hidden" name="(key|name|detail|seen|signature)" value="([^"]*)"', answer.text))


def test_the_preview_writes_nothing_and_the_confirmation_exactly_that(browse, database, house):
    browser = browse(house["secretariat"])
    assert "NETZ" not in browser.get("/personen/import").text
    shown = upload(browser, FILE, body=house["body"])
    assert shown.status_code == 200
    for word in ("neu 4", "Handelskammer", "Kurzname", "HK", "Öznur Äpfel (Handelskammer)", "Alles übernehmen"):
        assert word in shown.text
    assert "Äpfel" not in browser.get("/personen").text
    answer = browser.submit("/personen/import/uebernehmen", **ticket(shown))
    assert answer.status_code == 303
    text = browser.get(f"/gremien/{house['body']}").text
    assert "Öznur Äpfel" in text
    assert "Handelskammer" in text
    again = upload(browser, FILE, body=house["body"])
    assert "Diese Datei ändert nichts" in again.text
    assert "unverändert 4" in again.text
    assert "Personen und Sitze eingelesen" in browser.get("/verlauf").text


def test_errors_name_line_column_value_and_what_is_expected(browse, database, house):
    browser = browse(house["secretariat"])
    answer = upload(browser, FILE + "Bund;;Eva;Öl;Chefin;gestern\r\n", body=house["body"])
    assert answer.status_code == 422
    for word in ("2 Fehler", "Zeile 3", "Chefin", "Mitglied, Stellvertretung, Büro oder leer", "gestern"):
        assert word in answer.text
    assert "Alles übernehmen" not in answer.text
    with database.read() as session:
        assert queries.list_seats(session, house["body"], queries.dt.date(2026, 3, 2))[0].organisation != "Bund"


def test_without_a_file_or_with_a_foreign_one_the_form_says_so(browse, house):
    browser = browse(house["secretariat"])
    empty = browser.submit("/personen/import", body=house["body"])
    assert empty.status_code == 422
    assert "Bitte wählen Sie eine CSV- oder XLSX-Datei." in empty.text
    assert "Das ist ein PDF" in upload(browser, b"%PDF-1.7", body=house["body"]).text
    assert upload(browser, FILE, body="999999").status_code == 404


def test_a_ticket_that_was_tampered_with_or_overtaken_writes_nothing(browse, database, house):
    browser = browse(house["secretariat"])
    shown = ticket(upload(browser, FILE, body=house["body"]))
    assert browser.submit("/personen/import/uebernehmen", **{**shown, "detail": "2"}).status_code == 409
    with database.write() as session:
        factories.make_organisation(session, "Handelskammer")
    late = browser.submit("/personen/import/uebernehmen", **shown)
    assert late.status_code == 409
    assert "Seit der Vorschau" in late.text
    assert "Äpfel" not in browser.get("/personen").text


def test_members_do_not_import(browse, house):
    browser = browse(house["member"])
    assert browser.get("/personen/import").status_code == 403
    assert upload(browser, FILE, body=house["body"]).status_code == 403


@pytest.mark.parametrize(("address", "words"), [("/personen/import", "dessen Sitze"), ("/sitzungen/neu", "das tagen")])
def test_without_a_body_the_secretariat_first_makes_one(browse, database, address, words):
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
    browser = browse(account)
    assert browser.get(address).headers["location"] == "/gremien/neu"
    assert words in browser.get("/gremien/neu").text
