"""One description of columns as CSV and XLSX: what stands in a cell is text, a date or a number, never a formula."""

import csv
import datetime as dt
import io
from dataclasses import dataclass

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.projects.models import Light
from app.web.tables import Column, Kind, download, to_csv, to_xlsx

pytestmark = pytest.mark.once


@dataclass
class Thing:
    name: str
    day: dt.date | None = None
    light: Light | None = None
    number: int | None = None


COLUMNS: list[Column[Thing]] = [
    Column("Name", lambda row: row.name, Kind.NAME),
    Column("Tag", lambda row: row.day, Kind.DATE),
    Column("Ampel", lambda row: row.light, Kind.LIGHT),
    Column("Prozent", lambda row: row.number, Kind.NUMBER),
]
THINGS = [
    Thing("Fläche; „Süd“\nzweite Zeile 🌊", dt.date(2026, 3, 31), Light.YELLOW, 45),
    Thing("ohne alles"),
]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_is_what_german_spreadsheets_read():
    content = to_csv(COLUMNS, THINGS)
    assert content.startswith(b"\xef\xbb\xbfName;Tag;Ampel;Prozent\r\n")
    assert read_csv(content)[1:] == [
        ["Fläche; „Süd“\nzweite Zeile 🌊", "31.03.2026", "gelb", "45"],
        ["ohne alles", "", "", ""],
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 711", "'+49 711"),
        ("-Kürzung", "'-Kürzung"),
        ("\tx", "'\tx"),
        ("-5,3", "-5,3"),
        ("+12", "+12"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_of_the_csv_is_a_formula(typed, written):
    assert read_csv(to_csv(COLUMNS, [Thing(typed)]))[1][0] == written


def test_the_workbook_holds_real_dates_and_numbers_and_no_formula():
    rows = [*THINGS, Thing('=HYPERLINK("http://example.org")'), Thing("https://example.org"), Thing("0815")]
    content = to_xlsx(COLUMNS, rows, title="Projekte: [alle]")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]] == ["Name", "Tag", "Ampel", "Prozent"]
    assert [cell.value for cell in sheet[2]] == [THINGS[0].name, dt.datetime(2026, 3, 31), "gelb", 45]  # noqa: DTZ001
    assert [cell.data_type for cell in sheet["A"][1:]] == ["s"] * 5
    assert sheet["A6"].value == "0815"
    assert sheet.freeze_panes == "A2"
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[3][0].startswith("=")


def test_a_list_without_rows_and_a_text_too_long_for_a_cell_still_make_files():
    assert read_csv(to_csv(COLUMNS, [])) == [["Name", "Tag", "Ampel", "Prozent"]]
    content = to_xlsx(COLUMNS, [Thing("ä" * 40_000, dt.date(1899, 1, 1))], title="")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert len(sheet["A2"].value) == 32_767
    assert sheet["B2"].value == "01.01.1899"
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(COLUMNS, [], title="Leer"))).active.max_row == 1


def test_a_download_says_its_name_and_is_not_kept_by_the_browser():
    answer = download("csv", COLUMNS, THINGS, title="Dinge", name="dinge")
    assert 'filename="dinge-2026-03-02.csv"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
