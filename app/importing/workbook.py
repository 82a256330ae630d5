"""Reading an XLSX: the guard against oversized files, the number formats of its cells, and the values by calamine.

calamine gives numbers without their formats, loses failed formulas and lays out every cell between the first and the
last one; so the sheet's own XML is walked first: it tells formats, faults and size.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from app.errors import TooLarge
from app.importing.cells import GENERAL, Cell, Fault, Number
from app.importing.raw import RawRow, UnreadableFile, too_many_rows

MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_CELLS = 4_000_000
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    OverflowError,
)
_DAMAGED = "Die XLSX-Datei ist beschädigt. Bitte öffnen Sie sie in Ihrer Tabellenkalkulation und speichern Sie sie neu."
_CHUNK = 1024 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    49: "@",
}
_UNTOLD = "?"

Attributes = dict[str, str]


@dataclass(slots=True)
class _Sheet:
    """What the XML of a sheet tells beside the values: numbered from 0, row before column."""

    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    filled_rows: int = 0
    last_row: int = 0
    last_column: int = 0


def read_workbook(data: bytes, *, most_rows: int) -> list[RawRow]:
    """The rows of the first visible sheet, empty ones included as empty.

    Raises UnreadableFile for what is no XLSX, is damaged or has no sheet, and TooLarge above *most_rows* rows.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _checked_members(archive)
            name, path = _first_sheet(archive, members)
            formats = _formats(archive, members)
            sheet = _walk_sheet(archive, members[path])
    except _BROKEN as error:
        raise UnreadableFile(_DAMAGED) from error
    if sheet.filled_rows > most_rows + 1:
        raise too_many_rows(most_rows)
    if (sheet.last_row + 1) * (sheet.last_column + 1) > MOST_CELLS:
        raise TooLarge(
            "Die Tabelle reicht weit über ihre Daten hinaus (eine einzelne Zelle steht weit unten oder rechts). "
            "Bitte kopieren Sie die Daten in ein neues Blatt."
        )
    return list(_rows(_values(data, name), sheet, formats))


def _checked_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of members by their lower-case path. All XML is unpacked once, so that no false size gets past."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES:
        raise TooLarge(
            f"Die XLSX-Datei ist entpackt größer als {MOST_UNPACKED_BYTES // 1024**2} MB. "
            "Bitte entfernen Sie Bilder und überflüssige Blätter oder teilen Sie die Datei."
        )
    members = {info.filename.replace("\\", "/").lstrip("/").lower(): info.filename for info in infos}
    if "xl/workbook.xml" not in members:
        raise UnreadableFile(_other_kind(members))
    for path, name in members.items():
        if path.endswith((".xml", ".rels")):
            with archive.open(name) as stream:
                while stream.read(_CHUNK):
                    pass
    return members


def _other_kind(members: dict[str, str]) -> str:
    if "xl/workbook.bin" in members:
        return "XLSB-Dateien lassen sich nicht lesen. Bitte speichern Sie die Tabelle als XLSX oder CSV."
    if "content.xml" in members:
        return "OpenDocument-Dateien (ODS) lassen sich nicht lesen. Bitte speichern Sie die Tabelle als XLSX oder CSV."
    return "Die Datei ist keine Tabelle. Erwartet wird eine CSV- oder XLSX-Datei."


def _first_sheet(archive: zipfile.ZipFile, members: dict[str, str]) -> tuple[str, str]:
    """Name and path of the first worksheet that is not hidden."""
    targets: dict[str, str] = {}
    sheets: list[Attributes] = []

    def relation(attributes: Attributes) -> None:
        if attributes.get("Type", "").endswith("/worksheet"):
            target = attributes["Target"]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[attributes["Id"]] = path.lower()

    _walk(archive, members["xl/_rels/workbook.xml.rels"], {"Relationship": relation})
    _walk(archive, members["xl/workbook.xml"], {"sheet": sheets.append})
    for sheet in sheets:
        path = targets.get(next((sheet[key] for key in sheet if key.endswith(":id")), ""), "")
        if path in members and sheet.get("state", "visible") == "visible":
            return sheet["name"], path
    raise UnreadableFile("Die XLSX-Datei enthält kein sichtbares Tabellenblatt.")


def _formats(archive: zipfile.ZipFile, members: dict[str, str]) -> list[str]:
    """The number format of each cell style."""
    own: dict[int, str] = {}
    styles: list[int] = []
    inside: list[bool] = [False]

    def number_format(attributes: Attributes) -> None:
        own[int(attributes["numFmtId"])] = attributes["formatCode"]

    def cell_style(attributes: Attributes) -> None:
        if inside[0]:
            styles.append(int(attributes.get("numFmtId", "0")))

    def begin(_attributes: Attributes) -> None:
        inside[0] = True

    def end() -> None:
        inside[0] = False

    if "xl/styles.xml" in members:
        starts = {"numFmt": number_format, "cellXfs": begin, "xf": cell_style}
        _walk(archive, members["xl/styles.xml"], starts, {"cellXfs": end})
    return [own.get(style, _BUILT_IN.get(style, _UNTOLD)) for style in styles]


def _walk_sheet(archive: zipfile.ZipFile, member: str) -> _Sheet:
    sheet = _Sheet()
    row, column, counted_row = -1, -1, -1
    cell: Attributes = {}

    def start_row(attributes: Attributes) -> None:
        nonlocal row, column
        row = int(attributes["r"]) - 1 if "r" in attributes else row + 1
        column = -1

    def start_cell(attributes: Attributes) -> None:
        nonlocal row, column, cell
        cell = attributes
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        if match is None:
            column += 1
        else:
            row, column = int(match[2]) - 1, _column_number(match[1])

    def start_value(_attributes: Attributes) -> None:
        nonlocal counted_row
        if row != counted_row:
            counted_row = row
            sheet.filled_rows += 1
        sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column)
        kind = cell.get("t", "n")
        if kind == "n" and "s" in cell:
            sheet.styles[row, column] = int(cell["s"])
        elif kind == "e":
            sheet.faults[row, column] = "Formelfehler"

    _walk(archive, member, {"row": start_row, "c": start_cell, "v": start_value, "is": start_value})
    return sheet


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _walk(
    archive: zipfile.ZipFile,
    member: str,
    starts: dict[str, Callable[[Attributes], None]],
    ends: dict[str, Callable[[], None]] | None = None,
) -> None:
    """Call *starts* and *ends* for the elements of an XML member, by their names without prefix."""
    closing = ends or {}

    def start(name: str, attributes: Attributes) -> None:
        action = starts.get(name.rpartition(":")[2])
        if action is not None:
            action(attributes)

    def end(name: str) -> None:
        action = closing.get(name.rpartition(":")[2])
        if action is not None:
            action()

    def refuse(*_anything: Any) -> None:
        raise ValueError("document type declarations are not allowed")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    with archive.open(member) as stream:
        parser.ParseFile(stream)


def _values(data: bytes, name: str) -> tuple[int, int, list[list[Any]]]:
    """The place of the first value and the values of the sheet *name*, as calamine reads them."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name)
        row, column = sheet.start or (0, 0)
        return row, column, sheet.to_python(skip_empty_area=True)
    except Exception as error:
        raise UnreadableFile(_DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise UnreadableFile(_DAMAGED) from error
        raise


def _rows(values: tuple[int, int, list[list[Any]]], sheet: _Sheet, formats: list[str]) -> Iterator[RawRow]:
    first_row, first_column, lines = values
    for row, line in enumerate(lines, first_row):
        cells = [_cell(value, (row, column), sheet, formats) for column, value in enumerate(line, first_column)]
        yield RawRow(row + 1, ("",) * first_column + tuple(cells))


def _cell(value: Any, place: tuple[int, int], sheet: _Sheet, formats: list[str]) -> Cell:
    if place in sheet.faults:
        return Fault(sheet.faults[place])
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, int | float):
        style = sheet.styles.get(place, 0)
        return Number(float(value), formats[style] if style < len(formats) else GENERAL)
    cell: Cell = value
    return cell
