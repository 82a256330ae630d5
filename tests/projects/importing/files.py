"""Files to import, made from plain lists: CSV by hand, XLSX by openpyxl."""

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

import openpyxl

from app.projects.importing.reading import read_table
from app.projects.importing.rows import CheckedFile, check_rows

TODAY = dt.date(2026, 11, 22)


def csv_of(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def xlsx_of(rows: Iterable[Iterable[Any]], formats: dict[str, str] | None = None) -> bytes:
    """A workbook of one sheet; *formats* maps cells ("A2") to number formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for cell, code in (formats or {}).items():
        sheet[cell].number_format = code
    return saved(book)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def checked(*lines: str, as_of: dt.date | None = None, today: dt.date = TODAY) -> CheckedFile:
    """The CSV of these lines, read and checked."""
    return check_rows(read_table(csv_of(*lines)), as_of=as_of, today=today)
