"""Reading a file that people upload: bytes to a raw table, for CSV and XLSX."""

import codecs
import csv
import io
import re
from collections.abc import Callable

from app.errors import TooLarge
from app.importing.raw import RawRow, RawTable, UnreadableFile, too_many_rows
from app.importing.workbook import read_workbook

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
_DELIMITERS = ";,\t"
_DECLARED = re.compile(r'"?sep=([;,\t])"?\r?\n?', re.IGNORECASE)
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_SAMPLE, _MOST_CONTROL = 4096, 20
_NO_TABLE = "Die Datei ist keine CSV- oder XLSX-Datei."


def read_table(
    data: bytes,
    knows: Callable[[str], bool],
    *,
    things: str,
    most_bytes: int = MOST_BYTES,
    most_rows: int = MOST_ROWS,
) -> RawTable:
    """The table in *data*: an XLSX by its first bytes, else a CSV; blank rows are left out, their numbers are kept.

    *knows* tells whether a header is known, for finding the delimiter; *things* is what rows hold, in German.
    Raises UnreadableFile or TooLarge with one German sentence.
    """
    if len(data) > most_bytes:
        raise TooLarge(f"Die Datei ist größer als {most_bytes / 1024**2:.0f} MB. Bitte teilen Sie sie.")
    if not data.strip():
        raise UnreadableFile("Die Datei ist leer.")
    if data.startswith(_OLD_OFFICE):
        raise UnreadableFile(_old_office(data))
    if data.startswith(b"%PDF"):
        raise UnreadableFile("Das ist ein PDF. Erwartet wird eine CSV- oder XLSX-Datei.")
    is_workbook = data.startswith(_ZIP)
    rows = read_workbook(data, most_rows=most_rows) if is_workbook else _read_csv(data, knows, most_rows=most_rows)
    filled = [row for row in rows if not row.is_blank]
    if not filled:
        raise UnreadableFile("Die Tabelle ist leer.")
    if len(filled) == 1:
        raise UnreadableFile(f"Die Tabelle enthält keine {things}, nur eine Zeile mit Überschriften.")
    if len(filled) > most_rows + 1:
        raise too_many_rows(most_rows)
    return RawTable(filled[0], tuple(filled[1:]))


def _old_office(data: bytes) -> str:
    if _ENCRYPTED in data:
        return "Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort."
    return "Das alte Format XLS lässt sich nicht lesen. Bitte speichern Sie die Tabelle als XLSX oder CSV."


def _decode(data: bytes) -> str:
    """*data* as text: by its byte order mark, else UTF-8, else Windows-1252."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"{_NO_TABLE} Bitte speichern Sie sie als „CSV UTF-8“ oder als XLSX.") from error


def _read_csv(data: bytes, knows: Callable[[str], bool], *, most_rows: int) -> list[RawRow]:
    words = _decode(data)
    if "\0" in words or len(_CONTROL.findall(words[:_SAMPLE])) > _MOST_CONTROL:
        raise UnreadableFile(f"{_NO_TABLE} Bitte speichern Sie sie als „CSV UTF-8“ oder als XLSX.")
    declared = _DECLARED.match(words)
    skipped = 1 if declared else 0
    body = words[declared.end() :] if declared else words
    delimiter = declared[1] if declared else _delimiter(body, knows)
    rows: list[RawRow] = []
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    line = skipped + 1
    filled = 0
    try:
        for cells in reader:
            row = RawRow(line, tuple(cells))
            line = skipped + reader.line_num + 1
            if not row.is_blank:
                filled += 1
                rows.append(row)
                if filled > most_rows + 1:
                    raise too_many_rows(most_rows)
    except csv.Error as error:
        raise UnreadableFile(
            f"Der Eintrag, der in Zeile {line} beginnt, lässt sich nicht lesen. Ein Anführungszeichen am Anfang einer "
            "Zelle braucht eines am Ende; im Text steht es doppelt."
        ) from error
    return rows


def _delimiter(body: str, knows: Callable[[str], bool]) -> str:
    """The delimiter under which the header names most known columns; at a tie, the one that parts it most."""

    def merit(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
        try:
            header = next((cells for cells in reader if any(cell.strip() for cell in cells)), [])
        except csv.Error:
            return 0, 0
        return sum(knows(cell) for cell in header), len(header)

    return max(_DELIMITERS, key=merit)
