"""Letters as PDF and DOCX: structure, the Anrede once, and files that open again."""

import io
import re
import subprocess

import pytest
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from app.agenda.schemas.frozen import canonical
from app.documents.letter_values import one_by_one, read_letter
from app.documents.letters import hash_of, letters_docx, render_letters
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
        "Industrie- und Handelskammer zu Berlin",
        "Frau Dr. Ada Muster",
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


MILLIMETRE = 72 / 25.4


def places(content: bytes) -> list[list[tuple[str, float, float]]]:
    """Every word of every page with its left and upper edge in millimetres."""
    shown = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    word = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</word>')
    return [
        [(text, float(left) / MILLIMETRE, float(upper) / MILLIMETRE) for left, upper, text in word.findall(page)]
        for page in shown.stdout.decode().split("<page ")[1:]
    ]


@pytest.mark.parametrize("demo", [False, True])
def test_the_address_stands_in_the_window_of_every_letter(demo):
    long = letter(
        address=("Institut für additive Fertigungsverfahren und Werkstofftechnik", "Frau Prof. Dr. Ada Beispiel"),
        postal=("c/o Zentrum für Leichtbau", "Postfach 12 34 56", "1010 Wien", "ÖSTERREICH"),
    )
    values = letters(letter(postal=("Fasanenstraße 85", "10623 Berlin")), long, demo=demo)
    first, second = places(render_letters(values))
    for page, top, bottom in ((first, "Industrie-", "10623"), (second, "Institut", "ÖSTERREICH")):
        (_, left, upper), (_, _, last) = (next(one for one in page if one[0] == word) for word in (top, bottom))
        assert left == pytest.approx(25, abs=0.5)
        assert upper >= 50
        assert last + 4 <= 90
    assert next(upper for word, _, upper in first if word == "Industrie-") == pytest.approx(63, abs=1)
    assert min(upper for word, _, upper in first if word == "Einladung") > 98


def test_every_letter_of_a_bundle_has_its_own_checksum_and_begins_at_page_one():
    values = letters(letter(), letter(name="Jo Gast", salutation="Guten Tag Jo Gast"))
    shown = words(render_letters(values))
    for one in one_by_one(values):
        assert f"Prüfsumme {hash_of(one)[:12]}" in shown
        assert read_letter(canonical(one)) == one
    assert shown.count("Seite 1") == 2


def test_a_letter_of_an_unknown_format_is_not_guessed_at():
    with pytest.raises(ValueError, match="unknown format 9"):
        read_letter('{"format":9}')


CROWDED = letter(
    address=("Institut für additive Fertigungsverfahren und Werkstofftechnik", "Frau Prof. Dr. Ada Beispiel"),
    postal=("c/o Zentrum für Leichtbau", "Postfach 12 34 56", "1010 Wien", "ÖSTERREICH"),
)


def opened(values):
    return Document(io.BytesIO(letters_docx(values)))


def near(length, millimetres):
    """Word counts in twentieths of a point."""
    return length == pytest.approx(Mm(millimetres), abs=Mm(0.05))


def test_the_address_of_the_word_file_stands_where_the_window_of_the_envelope_is():
    document = opened(letters(letter(), CROWDED, demo=True))
    assert len(document.tables) == len(document.sections) == 2
    for table, section, above in zip(document.tables, document.sections, (12.7, 1), strict=True):
        head, field = table.rows
        assert near(section.page_height, 297)
        assert near(section.left_margin, 25)
        assert near(section.top_margin + head.height, 45)
        assert near(field.height, 45)
        assert {row.height_rule for row in table.rows} == {WD_ROW_HEIGHT_RULE.EXACTLY}
        padding = table._tbl.tblPr.find(qn("w:tblCellMar"))
        assert [(side.tag, side.get(qn("w:w"))) for side in padding] == [(qn("w:left"), "0"), (qn("w:right"), "0")]
        assert near(table.columns[0].width, 100)
        window, block = field.cells
        sender, address = window.paragraphs
        assert sender.text == "Der Regierende Bürgermeister von Berlin · Senatskanzlei"
        assert near(sender.paragraph_format.line_spacing, 5)
        assert sender.runs[0].font.size == Pt(6.5)
        assert near(address.paragraph_format.space_before, above)
        assert near(address.paragraph_format.right_indent, 20)
        assert near(block.paragraphs[0].paragraph_format.space_before, 5)
        assert block.paragraphs[-1].text == "Datum: 28. April 2026"
    first = document.tables[0].rows
    assert first[0].cells[0].text == "Der Regierende Bürgermeister von Berlin\nSenatskanzlei"
    assert first[1].cells[0].paragraphs[1].text.splitlines() == [
        "Industrie- und Handelskammer zu Berlin",
        "Frau Dr. Ada Muster",
        "Präsidentin",
        "Fasanenstraße 85",
        "10623 Berlin",
    ]


def test_no_line_of_an_address_or_letterhead_is_cut_off():
    endless = letter(address=("W" * 300, "Frau Dr. Ada Muster"))
    head, field = opened(letters(endless, letterhead=tuple("ABCDEF"))).tables[0].rows
    assert {head.height_rule, field.height_rule} == {WD_ROW_HEIGHT_RULE.AT_LEAST}
    head, field = opened(letters(letter(), reference="§" * 300)).tables[0].rows
    assert (head.height_rule, field.height_rule) == (WD_ROW_HEIGHT_RULE.EXACTLY, WD_ROW_HEIGHT_RULE.AT_LEAST)


def test_every_letter_of_a_word_file_has_its_own_checksum_and_begins_at_page_one():
    values = letters(letter(), letter(name="Jo Gast"), letter(name="Kai Gast"), demo=True)
    sections = opened(values).sections
    for section, one in zip(sections, one_by_one(values), strict=True):
        footer = section.footer.paragraphs[0]
        assert f"Prüfsumme {hash_of(one)[:12]} · Seite " in footer.text
        assert [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))] == ["PAGE"]
        assert "Beispieldaten" in section.header.paragraphs[0].text
    assert [one._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for one in sections[1:]] == ["1", "1"]


def test_what_a_letter_does_not_say_leaves_no_heading():
    bare = letter(address=("Ada Muster",), postal=(), salutation="", paragraphs=(), facts=(), enclosures=(), copies=())
    document = opened(letters(bare, letterhead=(), sender="", reference=""))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings == [("Heading 1", bare.subject)]
    assert document.tables[0].rows[0].cells[0].text == "Steuerungskreis Industriepolitik"
    assert document.tables[0].rows[1].cells[1].text == "Datum: 28. April 2026"


def test_long_titles_umlauts_and_emoji_reach_the_word_file_whole():
    subject = "Prüfung größerer Flächen 🏭 " * 12
    document = opened(letters(letter(subject=subject, enclosures=("Ü" * 300, "Vorlage 🚢"))))
    told = [(p.style.name, p.text) for p in document.paragraphs]
    assert ("Heading 1", subject) in told
    assert ("List Bullet", "Ü" * 300) in told
    assert ("List Bullet", "Vorlage 🚢") in told


def test_the_word_file_of_no_letters_says_so_under_a_heading():
    document = opened(STRAINING["no letters"])
    assert document.paragraphs[0].style.name == "Heading 1"
    assert document.paragraphs[1].text == "Für diese Sitzung gibt es noch keine Empfänger."
