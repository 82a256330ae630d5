"""Raw rows to checked plain values, with every error of every row."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app import text
from app.importing.cells import Cell
from app.importing.columns import attribute_of
from app.importing.raw import RawRow, RawTable, UnreadableFile
from app.importing.rows import RowError, cell_error, find_places, parse_row
from app.projects.importing.columns import COLUMNS, STATUS_COLUMNS, Column
from app.projects.models import Light, Phase


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
    places, unknown = find_places(table, COLUMNS)
    errors: list[RowError] = []
    rows: list[Row] = []
    for raw in table.rows:
        row, wrong = _check(raw, places, len(table.header.cells), as_of, today)
        errors.extend(wrong)
        if row is not None:
            rows.append(row)
    return CheckedFile(frozenset(places), tuple(rows), tuple(errors), unknown)


def _check(
    raw: RawRow, places: Mapping[Column, int], width: int, as_of: dt.date | None, today: dt.date
) -> tuple[Row | None, list[RowError]]:
    parsed = parse_row(raw, places, COLUMNS, width)
    row = Row(line=raw.line, **{"code": "", "title": "", **parsed.values})
    failed = set(parsed.failed)
    errors = [*parsed.errors, *_stand_errors(row, parsed.cells, failed, as_of, today)]
    errors += _milestone_errors(row, parsed.cells, failed)
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
        return [cell_error(row.line, Column.STAND, cell, f"ein Datum bis heute ({text.date(today)})")]
    reported = row.has_status or any(column in failed for column in STATUS_COLUMNS)
    if reported and row.stand is None and as_of is None:
        expected = (
            "ein Datum, weil die Zeile einen Status nennt (Ampel, Phase, Bericht …); oder ein Stand für die ganze Datei"
        )
        return [cell_error(row.line, Column.STAND, cell, expected)]
    return []


def _milestone_errors(row: Row, cells: Mapping[Column, Cell], failed: set[Column]) -> list[RowError]:
    dated = row.due_on is not None or row.done_on is not None
    if not dated or row.milestone or Column.MILESTONE in failed:
        return []
    cell = cells.get(Column.MILESTONE, "")
    return [cell_error(row.line, Column.MILESTONE, cell, "der Titel des Meilensteins, zu dem das Datum gehört")]
