"""Reading in projects on the page: preview, errors, applying exactly what was seen, and nothing for others."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from sqlmodel import select

from app.actor import Role
from app.projects.models import Light, Project, StatusReport
from app.storage import Folder
from tests import factories as make

HEADER = "Projektnummer;Titel;Planperiode;Handlungsfeld;Federführung;Stand;Ampel;Bericht;Lieblingsfarbe\n"
GOOD = (
    HEADER + "1.1;Flächen <b>sichern</b>;2022–2026;Rahmenbedingungen;SenWEB;14.02.2026;rot;Es stockt.;blau\n"
    "1.2;Fachkräfte;2022–2026;Kompetenzen;IHK;14.02.2026;grün;;\n"
)
BAD = HEADER + "1.1;;2022–2026;;;31.02.2026;rot;;\n;Ohne Nummer;;;;;lila;;\n"


@pytest.fixture
def accounts(database):
    with database.write() as session:
        body = make.make_body(session)
        return {
            "secretariat": make.make_account(session, Role.SECRETARIAT),
            "second": make.make_account(session, Role.SECRETARIAT),
            "member": make.make_seated(session, body),
            "admin": make.make_account(session, Role.ADMIN),
        }


def upload(browser, content: str | bytes, name: str = "projekte.csv", **fields):
    data = content.encode("utf-8-sig") if isinstance(content, str) else content
    return browser.post(
        "/projekte/import", data={"csrf_token": browser.token(), **fields}, files={"file": (name, data)}
    )


def ticket(answer) -> dict[str, str]:
    names = ("key", "name", "detail", "seen", "signature")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1] for name in names}


def codes(database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Project.code).order_by(Project.code)).all())


def test_a_preview_writes_nothing_and_its_application_what_was_seen(accounts, browse, database):
    browser = browse(accounts["secretariat"])
    seen = upload(browser, GOOD)
    assert seen.status_code == 200
    for wanted in (
        "neu 2, geändert 0, berichtigt 0, unverändert 0",
        "Unbekannte Spalten, nicht gelesen: Lieblingsfarbe",
        "Neu angelegte Planperioden: 2022–2026",
        "Flächen &lt;b&gt;sichern&lt;/b&gt;",
        "Es stockt.",
    ):
        assert wanted in seen.text, wanted
    assert codes(database) == []
    done = browser.submit("/projekte/import/uebernehmen", **ticket(seen))
    assert (done.status_code, done.headers["location"]) == (303, "/projekte")
    assert codes(database) == ["1.1", "1.2"]
    assert "Übernommen: neu 2" in browser.get("/projekte").text
    again = upload(browser, GOOD)
    assert "Diese Datei ändert nichts" in again.text
    assert "unverändert 2" in again.text


def test_changes_and_corrections_are_shown_field_by_field(accounts, browse, database):
    browser = browse(accounts["secretariat"])
    browser.submit("/projekte/import/uebernehmen", **ticket(upload(browser, GOOD)))
    changed = GOOD.replace("Es stockt.", "Es geht weiter.").replace(";rot;", ";gelb;").replace("Fachkräfte", "Kräfte")
    seen = upload(browser, changed)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", seen.text))
    assert "neu 0, geändert 1, berichtigt 1, unverändert 0" in text
    assert "Ampel: rot → jetzt gelb" in text
    assert "Titel: Fachkräfte → jetzt Kräfte" in text
    assert "berichtigt die bekannte Meldung" in text
    browser.submit("/projekte/import/uebernehmen", **ticket(seen))
    with database.read() as session:
        lights = session.exec(select(StatusReport.light).where(StatusReport.valid).order_by(StatusReport.id)).all()
    assert sorted(lights) == [Light.GREEN, Light.YELLOW]


def test_every_bad_row_is_named_and_nothing_is_written(accounts, browse, database):
    answer = upload(browse(accounts["secretariat"]), BAD, name="schlimm & böse.csv")
    assert answer.status_code == 422
    assert "schlimm &amp; böse.csv" in answer.text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
    for wanted in ("Zeile 2 Titel", "Zeile 2 Stand 31.02.2026", "Zeile 3 Projektnummer", "Zeile 3 Ampel lila"):
        assert wanted in text, wanted
    assert codes(database) == []
    assert 'type="file"' in answer.text


def test_a_workbook_and_a_day_for_all_rows(accounts, browse, database):
    book = openpyxl.Workbook()
    book.active.append(["Projektnummer", "Titel", "Ampel"])
    book.active.append(["7.1", "Aus der Tabelle", "gelb"])
    out = io.BytesIO()
    book.save(out)
    browser = browse(accounts["secretariat"])
    without = upload(browser, out.getvalue(), "t.xlsx")
    assert without.status_code == 422
    browser.submit(
        "/projekte/import/uebernehmen", **ticket(upload(browser, out.getvalue(), "t.xlsx", as_of="14.02.2026"))
    )
    with database.read() as session:
        assert session.exec(select(StatusReport.as_of)).one() == dt.date(2026, 2, 14)


@pytest.mark.parametrize(
    ("content", "fields", "sentence"),
    [
        (b"", {}, "Die Datei ist leer."),
        (b"%PDF-1.7", {}, "Das ist ein PDF."),
        (b"a;b\n1;2\n", {}, "Projektnummer"),
        (GOOD, {"as_of": "bald"}, "Bitte geben Sie ein gültiges Datum ein."),
        (GOOD, {"as_of": "2026-03-03"}, "liegt nach dem heutigen Tag"),
    ],
)
def test_files_that_cannot_be_read_are_told_in_one_sentence(accounts, browse, content, fields, sentence):
    answer = upload(browse(accounts["secretariat"]), content, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_no_file_and_too_large_files_are_told(accounts, browse, settings):
    browser = browse(accounts["secretariat"])
    assert "Bitte wählen Sie eine CSV- oder XLSX-Datei." in browser.submit("/projekte/import").text
    settings.upload_limit_mb = 1
    answer = upload(browser, HEADER.encode() + b"x" * (1024 * 1024))
    assert answer.status_code == 413
    assert "1 MB" in answer.text


def test_what_changed_since_the_preview_is_not_applied_blindly(accounts, browse, database):
    browser = browse(accounts["secretariat"])
    seen = upload(browser, GOOD)
    with database.write() as session:
        period = make.make_period(session, "2022–2026", starts_on=dt.date(2022, 1, 1), ends_on=dt.date(2026, 12, 31))
        make.make_project(session, "1.1", "Von anderer Hand", period_id=period.id)
    answer = browser.submit("/projekte/import/uebernehmen", **ticket(seen))
    assert answer.status_code == 409
    assert "Seit der Vorschau haben sich Projekte geändert" in answer.text
    assert codes(database) == ["1.1"]


@pytest.mark.parametrize("changed", ["key", "name", "detail", "seen", "signature"])
def test_a_preview_cannot_be_forged(accounts, browse, database, changed):
    browser = browse(accounts["secretariat"])
    values = ticket(upload(browser, GOOD))
    answer = browser.submit("/projekte/import/uebernehmen", **{**values, changed: "0" * 64})
    assert answer.status_code == 409
    assert "Diese Vorschau gilt nicht mehr." in answer.text
    assert codes(database) == []


def test_a_preview_is_applied_only_by_who_saw_it_and_while_the_file_is_kept(accounts, browse, database, settings):
    seen = ticket(upload(browse(accounts["secretariat"]), GOOD))
    assert browse(accounts["second"]).submit("/projekte/import/uebernehmen", **seen).status_code == 409
    folder = Folder(settings.storage)
    (folder.root / seen["key"][:2] / seen["key"][2:]).unlink()
    answer = browse(accounts["secretariat"]).submit("/projekte/import/uebernehmen", **seen)
    assert answer.status_code == 409
    assert "noch einmal hoch" in answer.text
    assert codes(database) == []


@pytest.mark.parametrize("role", ["member", "admin"])
def test_only_the_secretariat_reads_in(accounts, browse, database, role):
    browser = browse(accounts[role])
    assert browser.get("/projekte/import").status_code == 403
    assert upload(browser, GOOD).status_code == 403
    assert browser.submit("/projekte/import/uebernehmen").status_code == 403
    assert codes(database) == []


@pytest.mark.slow
def test_five_hundred_rows_go_through_the_page(accounts, browse, database):
    rows = "".join(
        f"{number // 50 + 1}.{number};Vorhaben {number} {'ä' * 200};P;F{number % 5};I{number % 7};14.02.2026;rot;🌊;\n"
        for number in range(500)
    )
    browser = browse(accounts["secretariat"])
    seen = upload(browser, HEADER + rows)
    assert "neu 500" in seen.text
    assert browser.submit("/projekte/import/uebernehmen", **ticket(seen)).status_code == 303
    assert len(codes(database)) == 500
