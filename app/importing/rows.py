"""Raw rows to parsed values by the columns of a file, with every error of every row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from app import text
from app.errors import SkipError
from app.importing.cells import Cell, display, is_blank
from app.importing.columns import ColumnSet, NotExpected, attribute_of
from app.importing.raw import RawRow, RawTable, UnreadableFile

ColumnName = TypeVar("ColumnName", bound=StrEnum)
_SHOWN_LENGTH = 80


@dataclass(frozen=True, slots=True, order=True)
class RowError:
    """One thing that is wrong: ``line`` of the file, German ``column`` header, ``value`` found, what is expected."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        found = f"„{self.value}“" if self.value else "leer"
        return f"Zeile {self.line}, Spalte {self.column}: {found}. Erwartet: {self.expected}."


class RowsRefused(SkipError):
    """Rows are wrong, so nothing was written; ``errors`` names each with line, column, value and expectation."""

    status = 422

    def __init__(self, errors: tuple[RowError, ...]) -> None:
        self.errors = errors
        super().__init__(f"Nichts wurde übernommen: {text.counted(len(errors), 'Fehler', 'Fehler')} in der Datei.")


@dataclass(frozen=True, slots=True)
class ParsedRow(Generic[ColumnName]):
    """One row: its cells, the ``values`` that hold by the names of attributes, and what does not hold."""

    line: int
    cells: Mapping[ColumnName, Cell]
    values: Mapping[str, Any]
    errors: list[RowError] = field(default_factory=list)
    failed: frozenset[ColumnName] = frozenset()


def find_places(table: RawTable, columns: ColumnSet[ColumnName]) -> tuple[dict[ColumnName, int], tuple[str, ...]]:
    """Where each known column stands, and the unknown headers.

    Raises UnreadableFile when a required column is missing or a column comes twice.
    """
    places: dict[ColumnName, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(table.header.cells):
        header = text.one_line(display(cell))
        column = columns.column_of(header)
        if column is not None and column in places:
            raise UnreadableFile(f"Die Spalte „{column}“ kommt mehrfach vor.")
        if column is not None:
            places[column] = place
        elif header:
            unknown.append(header[:_SHOWN_LENGTH])
        elif any(place < len(row.cells) and not is_blank(row.cells[place]) for row in table.rows):
            unknown.append(f"Spalte {place + 1} ohne Überschrift")
    missing = [rule.column.value for rule in columns.rules if rule.required and rule.column not in places]
    if missing:
        raise UnreadableFile(_missing(missing, table.header))
    return places, tuple(unknown)


def parse_row(
    raw: RawRow, places: Mapping[ColumnName, int], columns: ColumnSet[ColumnName], width: int
) -> ParsedRow[ColumnName]:
    """The values of one row; *width* is the number of headers: what stands beyond it is an error."""
    cells = {column: raw.cells[place] if place < len(raw.cells) else "" for column, place in places.items()}
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    failed: set[ColumnName] = set()
    for column, cell in cells.items():
        rule = columns.rule_of(column)
        try:
            values[attribute_of(column)] = rule.parse(cell)
            if rule.required and not values[attribute_of(column)]:
                raise NotExpected
        except NotExpected as error:
            failed.add(column)
            errors.append(cell_error(raw.line, column, cell, str(error) or rule.expected))
    surplus = next((cell for cell in raw.cells[width:] if not is_blank(cell)), None)
    if surplus is not None:
        expected = (
            f"höchstens {text.counted(width, 'Zelle', 'Zellen')} wie in der Überschrift; "
            "enthält ein Text das Trennzeichen, gehört er in Anführungszeichen"
        )
        errors.append(RowError(raw.line, str(width + 1), _short(surplus), expected))
    return ParsedRow(raw.line, cells, values, errors, frozenset(failed))


def cell_error(line: int, column: StrEnum, cell: Cell, expected: str) -> RowError:
    """What is wrong with the cell of a row."""
    return RowError(line, column.value, _short(cell), expected)


def _missing(missing: list[str], header: RawRow) -> str:
    found = [text.one_line(display(cell))[:40] for cell in header.cells if not is_blank(cell)]
    named = text.joined([f"„{name}“" for name in missing])
    noun = "Die Spalte" if len(missing) == 1 else "Die Spalten"
    verb = "fehlt" if len(missing) == 1 else "fehlen"
    more = " …" if len(found) > 12 else ""
    return f"{noun} {named} {verb}. Gelesen wurden in Zeile {header.line}: {', '.join(found[:12])}{more}."


def _short(cell: Cell) -> str:
    shown = text.one_line(display(cell))
    return shown if len(shown) <= _SHOWN_LENGTH else f"{shown[:_SHOWN_LENGTH]}…"
