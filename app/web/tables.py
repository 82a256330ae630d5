"""Lists as tables: one description of the columns makes the page, the CSV and the XLSX of a list."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from fastapi.responses import Response

from app import clock, text
from app.projects.models import Light
from app.projects.rules.words import light_word

Row = TypeVar("Row")
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")
_MOST_CHARACTERS = 32_767
_WIDEST = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Kind(StrEnum):
    """How a value is set: NAME is the row's heading and its link, CODE and DATE never break."""

    TEXT = "text"
    NAME = "name"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its heading, the value of a row (text, date, number, Light or None), and where it appears.

    ``sort`` is the word of the address that sorts by it. ``link`` gives a NAME its address, ``sub`` a small line below.
    ``on_page`` False: only files show it.
    """

    label: str
    value: Callable[[Row], Any]
    kind: Kind = Kind.TEXT
    sort: str = ""
    link: Callable[[Row], str] | None = None
    sub: Callable[[Row], str] | None = None
    on_page: bool = True


def to_csv(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> bytes:
    """The list as spreadsheets in German read it: semicolons, UTF-8 with a mark, CRLF; no cell is run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.label) for column in columns])
    writer.writerows([_harmless(_words(column, row)) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(columns: Sequence[Column[Row]], rows: Iterable[Row], *, title: str) -> bytes:
    """The list as a workbook of one sheet: real dates and numbers, heading kept in view, nothing run as a formula."""
    from xlsxwriter import Workbook  # costs a tenth of a second that only this needs

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with Workbook(out, options) as book:
        book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
        _fill_sheet(book, book.add_worksheet(_sheet_name(title)), columns, list(rows))
    return out.getvalue()


def _fill_sheet(book: Any, sheet: Any, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> None:
    bold, plain = book.add_format({"bold": True, "valign": "top"}), book.add_format({"valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.label, bold)
        width = len(column.label)
        for line, row in enumerate(rows, start=1):
            value, words = column.value(row), _words(column, row)[:_MOST_CHARACTERS]
            width = max(width, *(len(part) for part in words.split("\n")))
            if isinstance(value, dt.date) and value.year >= 1900:
                sheet.write_datetime(line, place, value, day)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, plain)
            elif words:
                sheet.write_string(line, place, words, wrapped if len(words) > _WIDEST else plain)
        sheet.set_column(place, place, min(width, _WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def download(ending: str, columns: Sequence[Column[Row]], rows: Iterable[Row], *, title: str, name: str) -> Response:
    """The list as a file of *ending* ("csv" or "xlsx"), named after *name* and today."""
    if ending == "csv":
        content, media = to_csv(columns, rows), "text/csv; charset=utf-8"
    else:
        content, media = to_xlsx(columns, rows, title=title), XLSX
    file = f"{name}-{clock.today().isoformat()}.{ending}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{file}\"; filename*=UTF-8''{quote(file)}",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media, headers=headers)


def _words(column: Column[Row], row: Row) -> str:
    value = column.value(row)
    if column.kind is Kind.LIGHT:
        return light_word(value) if isinstance(value, Light) else ""
    if isinstance(value, dt.date):
        return text.date(value)
    return "" if value is None else str(value)


def _harmless(words: str) -> str:
    """A cell that no spreadsheet takes for a formula: marked with ' unless it is a plain number."""
    return f"'{words}" if _FORMULA.match(words) and not _PLAIN_NUMBER.match(words) else words


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Liste"
