"""The chair's speaking notes as PDF and DOCX: what stands on the pages, and that user text stays text."""

import io
import itertools
import subprocess
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from app.documents.office import Paper
from app.documents.speaking import hash_of, render_speaking_notes
from app.documents.speaking_office import speaking_docx
from tests.documents.speaking_samples import FULL, STRAINING, drawn, notes, section
from tests.tools.pdf_structure import problems

pytestmark = pytest.mark.once


def words(content: bytes, page: int | None = None) -> str:
    pages = ["-f", str(page), "-l", str(page)] if page else []
    shown = subprocess.run(["pdftotext", "-layout", *pages, "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(shown.stdout.decode().split())


def opened(content: bytes):
    return Document(io.BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(content).paragraphs]


@pytest.mark.parametrize("name", STRAINING)
def test_structure(name):
    assert problems(drawn(name)) == []


def test_open_decisions_and_actions_stand_with_their_item_as_they_will_in_the_room():
    page = words(drawn("notes"), 4)
    assert "Offene Beschlüsse und Aufträge" in page
    for part in (
        "SKIP 2025/03 Flächen sichern in Umsetzung zur nächsten",
        "SKIP 2025/04 Rahmen verzögert Wiedervorlage",
        "12.05.2026, fällig",
        "A 2025/014 Eigentümer befragen offen bis 31.03.2026,",
        "überfällig",
        "IHK Berlin, Ada Beispiel",
        "A 2025/015 Bericht erledigt",
    ):
        assert part in page, part
    assert "Offene Beschlüsse" not in words(drawn("notes"), 3)
    table = opened(speaking_docx(notes())).tables[-1]
    told = [[cell.text for cell in row.cells] for row in table.rows]
    assert ["A 2025/014 Eigentümer befragen\nIHK Berlin, Ada Beispiel", "offen", "bis 31.03.2026, überfällig"] in told


def test_every_item_has_a_page_that_says_what_to_decide_and_why():
    content = drawn("notes")
    page = words(content, 3)
    for part in (
        "TOP 4.1",
        "Ankaufsstrategie für Gewerbe- und Industrieflächen",
        "10:15",
        "10 Min.",
        "vertraulich",
        "Dr. Ada Beispiel",
        "Zu entscheiden",
        "Beschluss über den vorgeschlagenen Wortlaut herbeiführen.",
        "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025).",
        "Der Rahmen für 2027 ist zu bestimmen.",
        "1. Der Steuerungskreis stimmt zu.",
        "Einvernehmen über den Rahmen 2027.",
        "Berlin sichert Flächen, bevor sie fehlen.",
        "Falls nach Marzahn gefragt wird: Gespräche laufen.",
    ):
        assert part in page, part
    assert "TOP 4.2" in words(content, 4)
    assert "Begrüßung" in words(content, 2)
    assert "Schluss" in words(content, 6)


def test_then_and_now_of_the_projects_stand_side_by_side():
    page = words(drawn("notes"), 3)
    assert "Sitzung vom 04.11.2025" in page
    assert "▲ gelb" in page
    assert "■ rot" in page
    assert "nicht gezeigt" in page
    assert "○ keine Meldung" in page


def test_the_footer_says_reference_state_moment_and_for_whom():
    page = words(drawn("notes"), 3)
    assert "IP 4 – 0217/17" in page
    assert "Sprechzettel, Version 1 der Tagesordnung" in page
    assert "Stand 12. Mai 2026, 10:47 Uhr" in page
    assert "Prüfsumme" not in page
    assert "Nur für den Vorsitz" in page
    assert "Sprechzettel, Entwurf" in words(drawn("notes of a draft of the demo"), 1)
    assert "Beispieldaten" in words(drawn("notes of a draft of the demo"), 1)


def test_equal_notes_give_equal_bytes_and_other_texts_another_hash():
    assert render_speaking_notes(notes()) == drawn("notes")
    assert hash_of(notes(opening="Anders")) != hash_of(notes())


def test_an_empty_agenda_says_so():
    assert "Die Tagesordnung enthält noch keine Punkte." in words(drawn("empty notes"))
    assert "Die Tagesordnung enthält noch keine Punkte." in texts(speaking_docx(STRAINING["empty notes"]))


def test_the_word_file_has_real_headings_language_and_properties():
    content = speaking_docx(notes())
    document = opened(content)
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings[0] == ("Title", "Sprechzettel zur 17. Sitzung")
    assert ("Heading 1", "TOP 4.1: Ankaufsstrategie für Gewerbe- und Industrieflächen") in headings
    assert ("Heading 2", "Zu entscheiden") in headings
    assert ("Heading 2", "Kernbotschaften") in headings
    assert document.core_properties.title.startswith("Sprechzettel zur 17. Sitzung")
    assert document.core_properties.language == "de-DE"
    assert document.core_properties.subject == "Nur für den Vorsitz"
    languages = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"de-DE"}
    assert "Berlin sichert Flächen, bevor sie fehlen." in texts(content)
    footer = document.sections[0].footer.paragraphs[0]
    assert "Nur für den Vorsitz" in footer.text
    assert "NUMPAGES" in etree.tostring(footer._p).decode()


def test_tables_of_the_word_file_repeat_their_head():
    document = opened(speaking_docx(notes()))
    assert [cell.text for cell in document.tables[0].rows[0].cells][:3] == ["Zeit", "TOP", "Gegenstand"]
    assert [cell.text for cell in document.tables[1].rows[1].cells] == [
        "3.2 Ankaufsstrategie Flächen",
        "▲ gelb\nStand 30.09.2025 · in Umsetzung",
        "■ rot\nStand 14.02.2026 · in Umsetzung",
    ]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


@pytest.mark.parametrize("name", STRAINING)
def test_tables_of_the_word_file_fill_the_page_in_columns_of_the_same_widths_everywhere(name):
    """LibreOffice reads the widths of the columns, Word those of the cells."""
    document = opened(speaking_docx(STRAINING[name]))
    section = document.sections[0]
    for table in document.tables:
        widths = [column.width for column in table.columns]
        assert sum(widths) == pytest.approx(section.page_width - section.left_margin - section.right_margin, abs=5000)
        for row in table.rows:
            assert [cell.width for cell in row.cells] == widths
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


@pytest.mark.parametrize("name", STRAINING)
def test_no_level_of_headings_is_left_out_in_the_word_file(name):
    styles = [p.style.name for p in opened(speaking_docx(STRAINING[name])).paragraphs]
    levels = [0, *(int(one[-1]) for one in styles if one.startswith("Heading "))]
    assert styles.count("Title") == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_demo_says_so_on_every_page_of_the_word_file():
    shown = opened(speaking_docx(STRAINING["notes of a draft of the demo"])).sections[0].header.paragraphs[0].text
    assert shown == "Beispieldaten – Personen, Sachstände und Beschlüsse sind erfunden"
    assert opened(speaking_docx(notes())).sections[0].header.paragraphs[0].text == ""


def test_word_assumes_german_everywhere():
    document = opened(speaking_docx(notes()))
    assert document.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "de-DE"
    assert document.settings.element.find(qn("w:decimalSymbol")).get(qn("w:val")) == ","


def test_each_item_begins_a_page_of_the_word_file():
    document = opened(speaking_docx(notes()))
    tops = [p for p in document.paragraphs if p.style.name == "Heading 1" and p.text.startswith("TOP")]
    assert len(tops) == 3
    assert all(one.paragraph_format.page_break_before for one in tops)


@pytest.mark.parametrize("name", STRAINING)
def test_every_word_file_opens_again(name):
    assert opened(speaking_docx(STRAINING[name])).paragraphs


def test_what_people_type_is_text_and_never_markup():
    typed = '<w:p/>&amp; </w:t>\x00\x07\x0b\x1b\ud800\ufffe\uffff{{ 7*7 }} "ende'
    paper = Paper(title=typed, author=typed, subject=typed, created=notes().changed_at)
    paper.heading(typed)
    paper.table((typed,), ((typed,),), (50,))
    paper.footer(typed)
    content = paper.content()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.namelist():
            if part.endswith((".xml", ".rels")):
                etree.fromstring(package.read(part))
    clean = '<w:p/>&amp; </w:t>{{ 7*7 }} "ende'
    document = opened(content)
    assert document.paragraphs[0].text == clean
    assert document.tables[0].rows[1].cells[0].text == clean
    assert document.core_properties.title == clean


def test_long_texts_are_not_cut():
    long = "Ü" * 300
    content = speaking_docx(notes(sections=(section("1", "A", FULL.model_copy(update={"goal": long})),)))
    assert long in texts(content)
