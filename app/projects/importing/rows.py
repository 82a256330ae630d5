"""Raw rows to checked plain values, with every error of every row."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app import text
from app.projects.importing.cells import Cell, display, is_blank
from app.projects.importing.columns import RULE_OF, RULES, STATUS_COLUMNS, Column, NotExpected, attribute_of, column_of
from app.projects.importing.raw import RawRow, RawTable, UnreadableFile
from app.projects.models import Light, Phase

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


@dataclass(frozen=True, slots=True)
class Row:
    """A row of which every cell holds. Empty cells and absent columns are "", None or (); ``CheckedFile`` tells which.

    ``stand`` is the row's own date of status or else the date given for the whole file.
    """

    line: int
    code: str
    title: str
    period: str = ""
    fields: tuple[str, ...] = ()
    cluster: str = ""
    lead: str = ""
    partners: tuple[str, ...] = ()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    phase: Phase | None = None
    stand: dt.date | None = None
    light: Light | None = None
    light_schedule: Light | None = None
    light_cost: Light | None = None
    light_content: Light | None = None
    progress: int | None = None
    summary: str = ""
    next_steps: str = ""
    risks: str = ""
    decision_need: str = ""
    milestone: str = ""
    due_on: dt.date | None = None
    done_on: dt.date | None = None

    def value(self, column: Column) -> Any:
        """What stands in *column*."""
        return getattr(self, attribute_of(column))

    @property
    def has_status(self) -> bool:
        """Whether the row reports a status: something stands in one of its status columns."""
        return any(self.value(column) not in (None, "") for column in STATUS_COLUMNS)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The rows that hold, the errors of those that do not, which columns the file has, and headers nobody knows."""

    columns: frozenset[Column]
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...] = ()
    unknown: tuple[str, ...] = ()


def check_rows(table: RawTable, *, as_of: dt.date | None, today: dt.date) -> CheckedFile:
    """Every row of *table* with its values parsed and checked by itself.

    *as_of* is the Stand of rows that name none; a Stand after *today* is an error. Raises UnreadableFile when a
    required column is missing, a column comes twice, or *as_of* lies in the future.
    """
    if as_of is not None and as_of > today:
        raise UnreadableFile(f"Der Stand {text.date(as_of)} liegt nach dem heutigen Tag ({text.date(today)}).")
    places, unknown = _places(table)
    errors: list[RowError] = []
    rows: list[Row] = []
    for raw in table.rows:
        row, wrong = _check(raw, places, len(table.header.cells), as_of, today)
        errors.extend(wrong)
        if row is not None:
            rows.append(row)
    return CheckedFile(frozenset(places), tuple(rows), tuple(errors), unknown)


def _places(table: RawTable) -> tuple[dict[Column, int], tuple[str, ...]]:
    """Where each known column stands, and the unknown headers."""
    places: dict[Column, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(table.header.cells):
        header = text.one_line(display(cell))
        column = column_of(header)
        if column in places:
            raise UnreadableFile(f"Die Spalte „{column}“ kommt mehrfach vor.")
        if column is not None:
            places[column] = place
        elif header:
            unknown.append(header[:_SHOWN_LENGTH])
        elif any(place < len(row.cells) and not is_blank(row.cells[place]) for row in table.rows):
            unknown.append(f"Spalte {place + 1} ohne Überschrift")
    missing = [rule.column.value for rule in RULES if rule.required and rule.column not in places]
    if missing:
        raise UnreadableFile(_missing(missing, table.header))
    return places, tuple(unknown)


def _missing(missing: list[str], header: RawRow) -> str:
    found = [text.one_line(display(cell))[:40] for cell in header.cells if not is_blank(cell)]
    names = text.joined([f"„{name}“" for name in missing])
    noun = "Die Spalte" if len(missing) == 1 else "Die Spalten"
    verb = "fehlt" if len(missing) == 1 else "fehlen"
    more = " …" if len(found) > 12 else ""
    return f"{noun} {names} {verb}. Gelesen wurden in Zeile {header.line}: {', '.join(found[:12])}{more}."


def _check(
    raw: RawRow, places: Mapping[Column, int], width: int, as_of: dt.date | None, today: dt.date
) -> tuple[Row | None, list[RowError]]:
    cells = {column: raw.cells[place] if place < len(raw.cells) else "" for column, place in places.items()}
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    failed: set[Column] = set()
    for column, cell in cells.items():
        rule = RULE_OF[column]
        try:
            values[attribute_of(column)] = rule.parse(cell)
            if rule.required and not values[attribute_of(column)]:
                raise NotExpected
        except NotExpected as error:
            failed.add(column)
            errors.append(_error(raw.line, column, cell, str(error) or rule.expected))
    if any(not is_blank(cell) for cell in raw.cells[width:]):
        surplus = next(cell for cell in raw.cells[width:] if not is_blank(cell))
        expected = (
            f"höchstens {text.counted(width, 'Zelle', 'Zellen')} wie in der Überschrift; "
            "enthält ein Text das Trennzeichen, gehört er in Anführungszeichen"
        )
        errors.append(RowError(raw.line, str(width + 1), _short(surplus), expected))
    row = Row(line=raw.line, **{"code": "", "title": "", **values})
    errors.extend(_stand_errors(row, cells, failed, as_of, today))
    errors.extend(_milestone_errors(row, cells, failed))
    if errors:
        return None, errors
    return replace(row, stand=row.stand or as_of), []


def _stand_errors(
    row: Row, cells: Mapping[Column, Cell], failed: set[Column], as_of: dt.date | None, today: dt.date
) -> list[RowError]:
    if Column.STAND in failed:
        return []
    cell = cells.get(Column.STAND, "")
    if row.stand is not None and row.stand > today:
        return [_error(row.line, Column.STAND, cell, f"ein Datum bis heute ({text.date(today)})")]
    reported = row.has_status or any(column in failed for column in STATUS_COLUMNS)
    if reported and row.stand is None and as_of is None:
        expected = (
            "ein Datum, weil die Zeile einen Status nennt (Ampel, Phase, Bericht …); oder ein Stand für die ganze Datei"
        )
        return [_error(row.line, Column.STAND, cell, expected)]
    return []


def _milestone_errors(row: Row, cells: Mapping[Column, Cell], failed: set[Column]) -> list[RowError]:
    dated = row.due_on is not None or row.done_on is not None
    if not dated or row.milestone or Column.MILESTONE in failed:
        return []
    cell = cells.get(Column.MILESTONE, "")
    return [_error(row.line, Column.MILESTONE, cell, "der Titel des Meilensteins, zu dem das Datum gehört")]


def _error(line: int, column: Column, cell: Cell, expected: str) -> RowError:
    return RowError(line, column.value, _short(cell), expected)


def _short(cell: Cell) -> str:
    shown = text.one_line(display(cell))
    return shown if len(shown) <= _SHOWN_LENGTH else f"{shown[:_SHOWN_LENGTH]}…"
