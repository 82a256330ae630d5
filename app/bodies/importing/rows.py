"""Raw rows of people to checked plain values, with every error of every row."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.bodies.importing.columns import COLUMNS, Column
from app.bodies.models import MembershipKind
from app.importing.cells import Cell
from app.importing.columns import attribute_of
from app.importing.raw import RawTable, UnreadableFile
from app.importing.rows import ParsedRow, RowError, cell_error, find_places, parse_row
from app.people.models import OrganisationKind

_PERSONAL = (Column.SALUTATION, Column.TITLE, Column.FIRST_NAME, Column.FUNCTION, Column.EMAIL)
_OF_ORGANISATION = (Column.SHORT, Column.KIND, Column.SUCCESSOR)
_OF_SEAT = (Column.SEAT, Column.VOTING, Column.CHAIR, Column.PROTOCOL_ORDER, Column.ROLE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of which every cell holds. Empty cells and absent columns are "" or None and change nothing."""

    line: int
    organisation: str = ""
    short: str = ""
    kind: OrganisationKind | None = None
    successor: str = ""
    salutation: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    function: str = ""
    email: str = ""
    seat: str = ""
    voting: bool | None = None
    chair: bool | None = None
    protocol_order: int | None = None
    role: MembershipKind | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = ""

    def tells(self, *columns: Column) -> Column | None:
        """The first of *columns* in which something stands."""
        return next((one for one in columns if getattr(self, attribute_of(one)) not in (None, "")), None)

    @property
    def names_seat(self) -> bool:
        """Whether the row is about a seat."""
        return self.tells(*_OF_SEAT) is not None


@dataclass(frozen=True, slots=True)
class CheckedPeople:
    """The rows that hold, the errors of those that do not, and headers nobody knows."""

    rows: tuple[Row, ...]
    errors: tuple[RowError, ...] = ()
    unknown: tuple[str, ...] = ()


def check_people(table: RawTable) -> CheckedPeople:
    """Every row of *table* with its values parsed and checked by itself.

    Raises UnreadableFile when the file names neither institutions nor persons, or a column comes twice.
    """
    places, unknown = find_places(table, COLUMNS)
    if Column.ORGANISATION not in places and Column.LAST_NAME not in places:
        raise UnreadableFile("Die Datei braucht eine Spalte „Institution“ oder „Nachname“.")
    rows, errors = [], []
    for raw in table.rows:
        parsed = parse_row(raw, places, COLUMNS, len(table.header.cells))
        row = Row(line=raw.line, **parsed.values)
        wrong = [*parsed.errors, *_errors(row, parsed)]
        errors += wrong
        if not wrong:
            rows.append(row)
    return CheckedPeople(tuple(rows), tuple(errors), unknown)


def _errors(row: Row, parsed: ParsedRow[Column]) -> list[RowError]:
    """What the cells of one row say together; nothing about a cell that does not hold by itself."""
    found = []
    for column, expected in _missing(row).items():
        if column not in parsed.failed:
            found.append(cell_error(row.line, column, _cell(parsed.cells, column), expected))
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        found.append(
            cell_error(row.line, Column.VALID_TO, _cell(parsed.cells, Column.VALID_TO), "ein Tag nicht vor „ab“")
        )
    return found


def _missing(row: Row) -> dict[Column, str]:
    found: dict[Column, str] = {}
    personal, of_organisation = row.tells(*_PERSONAL), row.tells(*_OF_ORGANISATION)
    if not row.organisation and not row.last_name:
        found[Column.ORGANISATION] = "der Name einer Institution, oder ein Nachname in der Spalte Nachname"
    if not row.last_name and (personal or row.role):
        found[Column.LAST_NAME] = f"der Nachname der Person, zu der die Spalte {personal or Column.ROLE} gehört"
    if not row.organisation and (row.names_seat or of_organisation):
        about = of_organisation or row.tells(*_OF_SEAT)
        found[Column.ORGANISATION] = f"die Institution, zu der die Spalte {about} gehört"
    if row.last_name and row.names_seat and row.role is None:
        found[Column.ROLE] = "Mitglied, Stellvertretung oder Büro, weil die Zeile eine Person und einen Sitz nennt"
    dated = row.tells(Column.VALID_FROM, Column.VALID_TO)
    if dated and not (row.names_seat or row.function):
        found[dated] = "nichts, oder dazu eine Funktion, eine Rolle oder ein Sitz, für die das Datum gilt"
    return found


def _cell(cells: Mapping[Column, Cell], column: Column) -> Any:
    return cells.get(column, "")
