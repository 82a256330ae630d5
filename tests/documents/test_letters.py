"""Letters as PDF and DOCX: structure, the Anrede once, and files that open again."""

import io
import subprocess

import pytest
from docx import Document

from app.documents.letters import hash_of, letters_docx
from tests.documents.letter_samples import STRAINING, drawn, letter, letters
from tests.tools.pdf_structure import problems

pytestmark = pytest.mark.once


def words(content: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(shown.stdout.decode().split())


@pytest.mark.parametrize("name", STRAINING)
def test_structure(name):
    assert problems(drawn(name)) == []
    assert Document(io.BytesIO(letters_docx(STRAINING[name]))).paragraphs


def test_a_letter_has_everything_a_letter_needs():
    shown = words(drawn("one letter"))
    for part in (
        "Der Regierende Bürgermeister von Berlin",
        "Geschäftszeichen IP 4 – 0217/17",
        "Datum 28. April 2026",
        "Industrie- und Handelskammer zu Berlin Frau Dr. Ada Muster Präsidentin",
        "Einladung zur 17. Sitzung: Steuerungskreis Industriepolitik",
        "Sehr geehrte Frau Dr. Muster,",
        "Ort Wappensaal",
        "Mit freundlichen Grüßen",
        "Anlagen",
        "Beschlussvorlage Flächen",
        "Nachrichtlich",
        f"Prüfsumme {hash_of(STRAINING['one letter'])[:12]}",
    ):
        assert part in shown, part


def test_an_anrede_in_the_text_block_is_not_said_twice():
    values = letters(letter(paragraphs=("Sehr geehrte Frau Dr. Muster, ich lade Sie ein.",)))
    told = [paragraph.text for paragraph in Document(io.BytesIO(letters_docx(values))).paragraphs]
    assert sum("Sehr geehrte Frau Dr. Muster" in line for line in told) == 1


def test_the_word_file_has_headings_and_says_that_it_is_a_draft():
    document = Document(io.BytesIO(letters_docx(STRAINING["two draft letters of the demo"])))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings.count("Anlagen") == 2
    assert sum("noch nicht freigegeben" in p.text for p in document.paragraphs) == 2
    assert document.core_properties.language == "de-DE"
