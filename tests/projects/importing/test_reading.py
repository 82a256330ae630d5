"""Bytes to a raw table: encodings, delimiters, workbooks, limits, and files that are none."""

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import SkipError, TooLarge
from app.importing.cells import Fault, Number
from app.importing.raw import RawTable, UnreadableFile
from app.projects.importing.reading import read_table
from tests.projects.importing.files import csv_of, saved, xlsx_of

MORNING = dt.datetime.combine(dt.date(2026, 2, 14), dt.time(8, 30))


def values(table: RawTable) -> list[list[Any]]:
    return [list(table.header.cells), *(list(row.cells) for row in table.rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_umlauts_survive_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    data = csv_of(f"Projektnummer{delimiter}Titel", f"1.1{delimiter}Größe – Übergang „süß“", encoding=encoding)
    assert values(read_table(data)) == [["Projektnummer", "Titel"], ["1.1", "Größe – Übergang „süß“"]]


def test_big_endian_utf_16_is_read() -> None:
    data = b"\xfe\xff" + "Projektnummer;Titel\n1;Ä".encode("utf-16-be")
    assert values(read_table(data))[1] == ["1", "Ä"]


def test_emoji_and_formula_like_text_stay_text() -> None:
    data = csv_of("Projektnummer;Titel", "1;🚲 Radbahn", '2;=HYPERLINK("x")', "3;+49 30", "4;@echo", "5;-1")
    assert [row[1] for row in values(read_table(data))[1:]] == [
        "🚲 Radbahn", '=HYPERLINK("x")', "+49 30", "@echo", "-1",
    ]  # fmt: skip


def test_a_stray_control_character_does_not_spoil_a_file() -> None:
    assert values(read_table(csv_of("Projektnummer;Titel", "1;a\x02b")))[1] == ["1", "a\x02b"]
    with pytest.raises(UnreadableFile, match="keine CSV- oder XLSX-Datei"):
        read_table(bytes(range(1, 32)) * 4)


def test_the_delimiter_is_the_one_that_shows_known_columns() -> None:
    data = csv_of('Projektnummer;"Titel, lang; kurz";Titel', "1.1;a,b,c,d,e;x")
    assert values(read_table(data))[1] == ["1.1", "a,b,c,d,e", "x"]
    data = csv_of("Projektnummer,Titel,Ende;Beginn;x", "1,a,b;c;d")
    assert values(read_table(data))[1] == ["1", "a", "b;c;d"]


@pytest.mark.parametrize("first", ["sep=,", "SEP=,", '"sep=,"'])
def test_a_sep_line_decides_and_is_counted(first: str) -> None:
    table = read_table(csv_of(first, "Projektnummer,Titel", "1,a;b"))
    assert values(table)[1] == ["1", "a;b"]
    assert (table.header.line, table.rows[0].line) == (2, 3)


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    data = csv_of("Projektnummer;Titel", '1;"erste\r\nzweite\r\ndritte"', "", " ; ", "2;nach Leerzeilen")
    table = read_table(data)
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "1"), (7, "2")]


def test_lines_may_end_as_they_like() -> None:
    for end in ("\n", "\r", "\r\n"):
        table = read_table(f"Projektnummer;Titel{end}1;a{end}{end}2;b".encode())
        assert [(row.line, row.cells) for row in table.rows] == [(2, ("1", "a")), (4, ("2", "b"))]


def test_a_row_in_quotes_that_never_end_is_named() -> None:
    with pytest.raises(UnreadableFile, match=r"Zeile 3 beginnt.*Anführungszeichen"):
        read_table(csv_of("Projektnummer;Titel", "1;gut", '2;"offen', "3;verschluckt"))


def test_numbers_dates_and_texts_of_a_workbook_keep_their_kind() -> None:
    data = xlsx_of(
        [
            ["Projektnummer", "Titel", "Stand", "Beginn", "Fortschritt", "Partner"],
            [1.1, "  Größe ", dt.date(2026, 2, 14), MORNING, 0.5, True],
        ],
        {"A2": "0.00", "E2": "0%"},
    )
    assert values(read_table(data))[1] == [
        Number(1.1, "0.00"), "  Größe ", dt.date(2026, 2, 14), MORNING, Number(0.5, "0%"), "WAHR",
    ]  # fmt: skip


def test_formula_like_text_of_a_workbook_stays_text() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Projektnummer", "Titel"])
    book.active.append(["1", "=1+1"])
    book.active["B2"].data_type = "s"
    assert values(read_table(saved(book)))[1] == ["1", "=1+1"]


def test_rows_of_a_workbook_are_numbered_as_the_spreadsheet_shows_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C4"], sheet["D4"] = "Projektnummer", "Titel"
    sheet["C9"], sheet["D9"] = "1", "spät"
    table = read_table(saved(book))
    assert table.header.line == 4
    assert [(row.line, row.cells[2:]) for row in table.rows] == [(9, ("1", "spät"))]


def test_the_first_visible_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Versteckt"
    book.active.sheet_state = "hidden"
    for name in ("Projekte", "Rest"):
        sheet = book.create_sheet(name)
        sheet.append(["Projektnummer", "Titel"])
        sheet.append(["1", name])
    assert values(read_table(saved(book)))[1] == ["1", "Projekte"]


def test_a_failed_formula_is_no_empty_cell() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Projektnummer", "Titel"])
    book.active.append(["1", "#REF!"])
    book.active["B2"].data_type = "e"
    assert values(read_table(saved(book)))[1] == ["1", Fault("Formelfehler")]


OLD_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Die Datei ist leer"),
        (b" \r\n \n", "Die Datei ist leer"),
        (b"sep=;\n;;;\n;;\n", "Die Tabelle ist leer"),
        (csv_of("Projektnummer;Titel"), "keine Projekte, nur eine Zeile mit Überschriften"),
        (OLD_XLS, "Das alte Format XLS"),
        (OLD_XLS + "EncryptedPackage".encode("utf-16-le"), "mit einem Kennwort geschützt"),
        (b"%PDF-1.7 ...", "Das ist ein PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "keine CSV- oder XLSX-Datei"),
        ("Projektnummer;Titel\n1;a".encode("utf-16-le"), "keine CSV- oder XLSX-Datei"),
        (b"Projektnummer;Titel\n1;\x81\x8d", "keine CSV- oder XLSX-Datei"),
        (b"PK\x03\x04 no zip at all", "beschädigt"),
        (zipped(a=b"b"), "Die Datei ist keine Tabelle"),
        (zipped(content_dot_xml=b"<x/>", mimetype=b"ods"), "OpenDocument"),
        (zipped(xl__workbook_dot_bin=b""), "XLSB"),
        (zipped(xl__workbook_dot_xml=b"<workbook"), "beschädigt"),
        (xlsx_of([]), "Die Tabelle ist leer"),
        (xlsx_of([["Projektnummer", "Titel"]]), "keine Projekte"),
        (xlsx_of([["Projektnummer", "Titel"], ["1", "a"]])[:-300], "beschädigt"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(SkipError, match=sentence):
        read_table(data)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(TooLarge, match="größer als 1 MB"):
        read_table(b"x" * (1024**2 + 1), most_bytes=1024**2)


def test_too_many_rows_are_refused_in_both_formats() -> None:
    rows = [["Projektnummer", "Titel"], *([str(number), "t"] for number in range(6))]
    assert len(read_table(xlsx_of(rows), most_rows=6).rows) == 6
    for data in (xlsx_of(rows), csv_of(*(";".join(row) for row in rows))):
        with pytest.raises(TooLarge, match="mehr als 5 Zeilen"):
            read_table(data, most_rows=5)


def test_a_cell_far_away_does_not_lay_out_the_whole_sheet() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Projektnummer", "Titel"])
    book.active.append(["1", "a"])
    book.active["XFD1048576"] = "weit weg"
    with pytest.raises(TooLarge, match="weit über ihre Daten hinaus"):
        read_table(saved(book))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(TooLarge, match="entpackt größer als"):
        read_table(zipped(xl__workbook_dot_xml=b"<workbook/>", xl__media__x=b"\0" * (201 * 1024**2)))


def test_a_false_size_in_the_directory_is_found_out() -> None:
    data = bytearray(xlsx_of([["Projektnummer", "Titel"], ["1", "a" * 5000]]))
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/sharedStrings.xml"))
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="beschädigt"):
        read_table(bytes(data))


def test_entity_definitions_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aa">]><workbook>&a;</workbook>'
    data = zipped(xl__workbook_dot_xml=bomb, xl___rels__workbook_dot_xml_dot_rels=b"<R/>")
    with pytest.raises(UnreadableFile, match="beschädigt"):
        read_table(data)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_sentence(data: bytes) -> None:
    _table_or_sentence(data)


@settings(max_examples=150)
@given(st.binary(max_size=200), st.sampled_from([b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", b'"']))
def test_any_bytes_behind_a_known_beginning_do_too(data: bytes, beginning: bytes) -> None:
    _table_or_sentence(beginning + data)


WORKBOOK = xlsx_of([["Projektnummer", "Titel", "Stand"], [1.1, "Größe", dt.date(2026, 1, 1)]])


@settings(max_examples=200)
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_damage_gives_a_table_or_a_sentence(place: int, damage: bytes) -> None:
    _table_or_sentence(WORKBOOK[:place] + damage + WORKBOOK[place + len(damage) :])


def _table_or_sentence(data: bytes) -> None:
    try:
        table = read_table(data)
    except SkipError:
        return
    assert table.rows
