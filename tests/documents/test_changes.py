"""What the sheet of changes says, what its edition must not say, and how a supplement marks its items."""

import io
import subprocess

import pikepdf
import pytest

from app.agenda.schemas.changes import read_changes, write_changes
from app.documents.changes import changes_html
from tests.documents.change_samples import AGENDAS, SHEETS, drawn_changes
from tests.tools.pdf_structure import problems

pytestmark = pytest.mark.once


def words(name: str) -> str:
    ran = subprocess.run(["pdftotext", "-layout", "-", "-"], input=drawn_changes(name), capture_output=True, check=True)
    return " ".join(ran.stdout.decode().split())


@pytest.mark.parametrize("name", [*SHEETS, *AGENDAS])
def test_structure(name: str) -> None:
    assert problems(drawn_changes(name)) == []


@pytest.mark.parametrize(
    "said",
    [
        "Änderungsübersicht zur 17. Sitzung",
        "Grund Eine Vorlage fehlt",
        "Ort: Berliner Rathaus, Wappensaal → Rotes Rathaus",
        "10 → 15 Min.",
        "Abgesetzt (Die Vorlage fehlt)",
        "Neu (Beratung, 10 Min.)",
        "Titel: „Verhandlungsziele“ → „Neue Ziele“",
        "Beschlussvorschlag bisher",
        "Beschlussvorschlag neu",
        "Reihenfolge in 4 Beratung: TOP 4.3, 4.1, 4.2, 4.4",
        "Version 2 · Fassung vollständig",
    ],
)
def test_the_sheet_says(said: str) -> None:
    assert said in words("changes")


def test_words_that_went_and_came_are_marked_in_both_texts() -> None:
    html = changes_html(SHEETS["changes"], "0" * 64)
    assert "<ins>dem Plan " in html
    assert "<del>" in html


def test_smaller_editions_know_nothing_of_hidden_items() -> None:
    content = write_changes(SHEETS["changes without the confidential"]) + words("changes without the confidential")
    assert "Halle Nord" in content
    assert not any(word in content for word in ("Verhandlungsziele", "Neue Ziele", "4.4"))
    assert "nichts geändert" in words("no changes for the public")


def test_the_values_are_inside_and_read_back() -> None:
    with pikepdf.open(io.BytesIO(drawn_changes("changes"))) as pdf:
        text = pdf.attachments["aenderungen.json"].get_file().read_bytes().decode()
    assert read_changes(text) == SHEETS["changes"]


def test_a_supplement_marks_its_items() -> None:
    shown = words("supplement")
    assert "Halle Nord [geändert]" in shown
    assert "Netzanschluss [abgesetzt]" in shown
    assert "Neu dabei [neu]" in shown
    assert "2 (Nachtrag), vollständig" in shown
    public = words("public edition")
    assert "Öffentlicher Bericht" in public
    assert not any(word in public for word in ("Halle Nord", "Min.", "IHK Berlin", "Geplante Dauer"))
