"""The annex of changes: its words, its drawings with what they say, its data, equal bytes."""

import io
import subprocess

import pikepdf
import pytest

from app.agenda.schemas.frozen import hash_values
from app.agenda.schemas.frozen_delta import read_delta, write_delta
from app.documents.delta import delta_html, render_delta
from tests.documents.delta_samples import DELTAS, drawn_delta
from tests.tools.pdf_structure import problems, tree

pytestmark = pytest.mark.once


def shown(name: str) -> str:
    ran = subprocess.run(["pdftotext", "-layout", "-", "-"], input=drawn_delta(name), capture_output=True, check=True)
    return " ".join(ran.stdout.decode().split())


@pytest.mark.parametrize("name", ["delta", "delta of nothing", "delta of the first meeting", "delta of ugly names"])
def test_structure(name: str) -> None:
    assert problems(drawn_delta(name)) == []


def test_it_shows_rows_that_add_up_and_every_changed_project() -> None:
    page = shown("delta")
    assert "Damals 16. Sitzung am 12. November 2025" in page
    assert "zusammen 41 +1 −1 +30 −30 41" in page
    assert "erste Meldung" in page
    assert "abgeschlossen seit 20.02.2026" in page
    changed_ones = [project for project in DELTAS["delta"].projects if project.text]
    assert len(changed_ones) == 32
    for project in changed_ones:
        assert f"{project.code} {project.title}" in page
    assert f"Prüfsumme {hash_values(write_delta(DELTAS['delta']))[:12]}" in page


def test_the_first_meeting_and_an_empty_plan_say_so() -> None:
    first = shown("delta of the first meeting")
    assert "Damals keine frühere Sitzung" in first
    assert "Zugang" not in first
    assert "Es gibt noch keine Projekte" in shown("delta of nothing")
    assert "ENTWURF" in shown("delta draft")
    assert "Beispieldaten" in shown("delta demo")


def test_every_drawing_says_in_words_what_it_shows() -> None:
    with pikepdf.open(io.BytesIO(drawn_delta("delta"))) as pdf:
        said = [str(element.Alt) for element, _parent in tree(pdf) if str(element.S) == "/Figure"]
    assert said == [
        "Ampeln: Alle Handlungsfelder",
        "Ampeln: Innovation",
        "Ampeln: Kompetenzen",
        "Ampeln: Rahmenbedingungen",
        "Ampeln: Kommunikation und Vernetzung",
    ]


def test_the_data_lie_inside_and_are_read_back() -> None:
    with pikepdf.open(io.BytesIO(drawn_delta("delta"))) as pdf:
        content = pdf.attachments["veraenderungen.json"].get_file().read_bytes().decode()
    assert read_delta(content) == DELTAS["delta"]
    with pytest.raises(ValueError, match="format 9"):
        read_delta('{"format":9}')


def test_equal_values_give_equal_bytes() -> None:
    assert render_delta(DELTAS["delta"]) == drawn_delta("delta")


def test_ugly_names_stay_text() -> None:
    page = delta_html(DELTAS["delta of ugly names"], "0" * 64)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
