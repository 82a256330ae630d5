"""Raw rows to checked values: what each column accepts, and every error with line, column, value, expectation."""

import datetime as dt
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import SkipError
from app.importing.raw import UnreadableFile
from app.importing.rows import RowError
from app.projects.importing.columns import COLUMNS, RULES, Column
from app.projects.importing.reading import read_table
from app.projects.importing.rows import CheckedFile, check_rows
from app.projects.models import Light, Phase
from tests.projects.importing.files import TODAY, checked, csv_of, saved, xlsx_of

DAY = dt.date(2026, 2, 14)
MORNING, MIDNIGHT = dt.datetime.combine(DAY, dt.time(8, 30)), dt.datetime.combine(DAY, dt.time())
HEAD = "Projektnummer;Titel;Stand"


def one(column: Column, cell: str) -> Any:
    """The value of one cell in a row that is otherwise right."""
    result = checked(f"{HEAD};{column}", f"1.1;Titel;14.02.2026;{cell}")
    assert not result.errors, result.errors
    return result.rows[0].value(column)


def wrong(column: Column, cell: str) -> RowError:
    result = checked(f"{HEAD};{column}", f'1.1;Titel;14.02.2026;"{cell}"')
    assert len(result.errors) == 1, result
    assert not result.rows
    return result.errors[0]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        *((Column.LIGHT, word, Light.GREEN) for word in ("grün", "GRÜN", " Grün ", "gruen", "green", "Green")),
        *((Column.LIGHT_COST, word, Light.YELLOW) for word in ("gelb", "Gelb", "yellow", "AMBER")),
        *((Column.LIGHT_CONTENT, word, Light.RED) for word in ("rot", "ROT", "red")),
        (Column.LIGHT_SCHEDULE, "", None),
        (Column.PHASE, "vorgeschlagen", Phase.PROPOSED),
        (Column.PHASE, "abgelehnt", Phase.REJECTED),
        (Column.PHASE, "In Planung", Phase.PLANNED),
        (Column.PHASE, "in  Umsetzung", Phase.RUNNING),
        (Column.PHASE, "ruhend", Phase.PAUSED),
        (Column.PHASE, "Abgeschlossen", Phase.COMPLETED),
        (Column.PHASE, "abgebrochen", Phase.ABORTED),
        (Column.PHASE, "übergeleitet", Phase.TRANSFERRED),
        (Column.PHASE, "uebergeleitet", Phase.TRANSFERRED),
        (Column.PHASE, "unbekannt", Phase.UNKNOWN),
        (Column.PHASE, "", None),
        (Column.STARTS_ON, "14.02.2026", dt.date(2026, 2, 14)),
        (Column.STARTS_ON, "1.2.2026", dt.date(2026, 2, 1)),
        (Column.ENDS_ON, "2026-02-14", dt.date(2026, 2, 14)),
        (Column.ENDS_ON, "2026-02-14 00:00:00", dt.date(2026, 2, 14)),
        (Column.ENDS_ON, "2026-02-14T00:00:00", dt.date(2026, 2, 14)),
        (Column.ENDS_ON, "14.02.2026 0:00", dt.date(2026, 2, 14)),
        (Column.ENDS_ON, "", None),
        (Column.PROGRESS, "0", 0),
        (Column.PROGRESS, "50", 50),
        (Column.PROGRESS, "50 %", 50),
        (Column.PROGRESS, "50,0", 50),
        (Column.PROGRESS, "100%", 100),
        (Column.PROGRESS, "", None),
        (Column.FIELDS, "B | A|b|| C ", ("B", "A", "C")),
        (Column.FIELDS, "", ()),
        (Column.LEAD, "  Senatskanzlei ", "Senatskanzlei"),
        (Column.TITLE, "x", "Titel"),
        (Column.SUMMARY, '"eins\n\nzwei"', "eins\n\nzwei"),
        (Column.SUMMARY, "=SUMME(A1)", "=SUMME(A1)"),
        (Column.PERIOD, "2022–2026", "2022–2026"),
    ],
)
def test_a_cell_is_read(column: Column, cell: str, value: Any) -> None:
    if column is Column.TITLE:
        assert checked(HEAD, "1.1;Titel;14.02.2026").rows[0].title == value
    else:
        assert one(column, cell) == value


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (Column.LIGHT, "orange", "grün, gelb, rot oder leer"),
        (Column.PHASE, "läuft", "vorgeschlagen, abgelehnt, in Planung"),
        (Column.STARTS_ON, "31.02.2026", "ein Datum wie 14.02.2026 oder 2026-02-14"),
        (Column.STARTS_ON, "14.02.26", "ein Datum wie"),
        (Column.STARTS_ON, "Februar 2026", "ein Datum wie"),
        (Column.STARTS_ON, "01.01.0202", "ein Datum wie"),
        (Column.ENDS_ON, "2026-02-14 10:30", "ein Datum wie"),
        (Column.PROGRESS, "101", "eine ganze Zahl von 0 bis 100"),
        (Column.PROGRESS, "-1", "eine ganze Zahl von 0 bis 100"),
        (Column.PROGRESS, "33,3", "eine ganze Zahl von 0 bis 100"),
        (Column.PROGRESS, "halb", "eine ganze Zahl von 0 bis 100"),
        (Column.LEAD, "SenWi | IHK", "weitere gehören in die Spalte Partner"),
        (Column.CLUSTER, "A|B", "genau ein Themencluster"),
        (Column.PERIOD, "x" * 81, "höchstens 80 Zeichen; hier sind es 81"),
        (Column.FIELDS, "A|" + "x" * 201, "höchstens 200 Zeichen"),
        (Column.PARTNERS, "x" * 301, "höchstens 300 Zeichen"),
        (Column.MILESTONE, "x" * 301, "höchstens 300 Zeichen"),
        (Column.SUMMARY, "x" * 20_001, "höchstens 20000 Zeichen"),
    ],
)
def test_a_wrong_cell_is_named_with_what_is_expected(column: Column, cell: str, expected: str) -> None:
    error = wrong(column, cell)
    assert (error.line, error.column) == (2, column.value)
    assert error.value.rstrip("…") == cell[: len(error.value.rstrip("…"))]
    assert expected in error.expected
    assert "Zeile 2, Spalte" in str(error)


@pytest.mark.parametrize(
    "title",
    [
        "🚲🏭 Industrie 4.0",
        "Ä" * 500,
        "Smart „City“; Teil 2",
        "a" * 300 + " ß",
        '=cmd|"/c"!A1',
        "'Anführung",
        "<b>fett</b>",
    ],
)
def test_ugly_titles_are_kept(title: str) -> None:
    quoted = title.replace('"', '""')
    assert checked("Projektnummer;Titel", f'1;"{quoted}"').rows[0].title == title


def test_white_space_and_control_characters_leave_a_title() -> None:
    assert checked("Projektnummer;Titel", '1;" Zwei\u00a0 Zeilen\r\nund\tTab\u2028 "').rows[0].title == (
        "Zwei Zeilen und Tab"
    )


def test_a_title_above_500_characters_is_refused() -> None:
    error = checked("Projektnummer;Titel", f"1;{'x' * 501}").errors[0]
    assert error.expected == "höchstens 500 Zeichen; hier sind es 501"
    assert error.value == "x" * 80 + "…"


@pytest.mark.parametrize(
    "header",
    [
        "TITEL;projektnummer",
        " Titel ; Projekt-Nummer",
        '"Titel\n";"Projekt\nnummer"',
        "\ufeffTitel;Projekt-Nr.",
    ],
)
def test_headers_are_known_in_any_order_case_and_spacing(header: str) -> None:
    row = checked(header, "Name;1.10").rows[0]
    assert (row.code, row.title) == ("1.10", "Name")


def test_every_column_is_known_by_its_header_in_any_case() -> None:
    for rule in RULES:
        for header in (rule.column.value, rule.column.value.upper(), rule.column.value.lower(), *rule.spellings):
            assert COLUMNS.column_of(header) is rule.column
    assert COLUMNS.column_of("Naechste Schritte") is Column.NEXT_STEPS
    assert COLUMNS.column_of("Ampel_Termine") is Column.LIGHT_SCHEDULE
    assert COLUMNS.column_of("Ampel Farbe") is None


def test_unknown_columns_are_named() -> None:
    result = checked("Projektnummer;Titel;Farbe;;Notiz", "1;a;b;c;d")
    assert result.unknown == ("Farbe", "Spalte 4 ohne Überschrift", "Notiz")
    assert result.columns == {Column.CODE, Column.TITLE}


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("Titel;Stand", "Die Spalte „Projektnummer“ fehlt. Gelesen wurden in Zeile 1: Titel, Stand."),
        ("Nr;Name", "Die Spalten „Projektnummer“ und „Titel“ fehlen."),
        ("Projektnummer;Titel;titel", "Die Spalte „Titel“ kommt mehrfach vor."),
    ],
)
def test_missing_and_repeated_columns_are_refused(header: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence.replace(".", r"\.")):
        checked(header, "1;2;3")


def test_number_and_title_are_required_in_every_row() -> None:
    result = checked("Projektnummer;Titel", ";ohne Nummer", "2; ", "3;gut")
    assert [(error.line, error.column, error.value) for error in result.errors] == [
        (2, "Projektnummer", ""),
        (3, "Titel", ""),
    ]
    assert [row.code for row in result.rows] == ["3"]


def test_all_errors_of_all_rows_are_collected() -> None:
    result = checked(
        "Projektnummer;Titel;Stand;Ampel;Fortschritt;Ende",
        "1;a;14.02.2026;lila;200;bald",
        "2;b;14.02.2026;rot;20;01.01.2027",
        ";;gestern;rot;;",
    )
    assert [(error.line, error.column) for error in sorted(result.errors)] == [
        (2, "Ampel"),
        (2, "Ende"),
        (2, "Fortschritt"),
        (4, "Projektnummer"),
        (4, "Stand"),
        (4, "Titel"),
    ]


def test_a_number_forced_to_be_text_is_unpacked() -> None:
    assert checked("Projektnummer;Titel", '="1.10";="bleibt"').rows[0].code == "1.10"
    assert checked("Projektnummer;Titel", '1;="bleibt"').rows[0].title == '="bleibt"'


def test_more_cells_than_headers_point_at_the_delimiter() -> None:
    error = checked("Projektnummer;Titel", "1;Bau; Umbau").errors[0]
    assert (error.line, error.value) == (2, "Umbau")
    assert "Trennzeichen" in error.expected


def test_missing_cells_at_the_end_are_empty() -> None:
    row = checked("Projektnummer;Titel;Stand;Ampel", "1;a").rows[0]
    assert (row.stand, row.light) == (None, None)


@pytest.mark.parametrize("column", [Column.LIGHT, Column.LIGHT_COST, Column.PHASE, Column.SUMMARY, Column.PROGRESS])
def test_a_status_without_a_day_is_an_error(column: Column) -> None:
    cell = {Column.PHASE: "ruhend", Column.PROGRESS: "5"}.get(column, "rot")
    error = checked(f"Projektnummer;Titel;{column}", f"1;a;{cell}").errors[0]
    assert (error.column, error.value) == ("Stand", "")
    assert "weil die Zeile einen Status nennt" in error.expected


def test_without_a_status_no_day_is_needed() -> None:
    result = checked("Projektnummer;Titel;Ampel;Stand", "1;a;;")
    assert not result.errors
    assert result.rows[0].stand is None


def test_the_day_given_for_the_file_counts_where_a_row_has_none() -> None:
    result = checked("Projektnummer;Titel;Ampel;Stand", "1;a;rot;", "2;b;rot;01.02.2026", as_of=dt.date(2026, 3, 1))
    assert [row.stand for row in result.rows] == [dt.date(2026, 3, 1), dt.date(2026, 2, 1)]


def test_a_day_in_the_future_is_an_error() -> None:
    result = checked("Projektnummer;Titel;Stand", "1;a;22.11.2026", "2;b;23.11.2026")
    assert [(error.line, error.column, error.value) for error in result.errors] == [(3, "Stand", "23.11.2026")]
    assert "bis heute (22.11.2026)" in result.errors[0].expected
    with pytest.raises(UnreadableFile, match=r"Stand 23\.11\.2026 liegt nach dem heutigen Tag"):
        checked("Projektnummer;Titel", "1;a", as_of=dt.date(2026, 11, 23))


def test_dates_of_a_milestone_need_its_title() -> None:
    result = checked("Projektnummer;Titel;Meilenstein;Meilenstein fällig", "1;a;;01.01.2027")
    assert [(error.column, error.value) for error in result.errors] == [("Meilenstein", "")]


def from_xlsx(cell: Any, code: str = "General", column: str = "Projektnummer") -> CheckedFile:
    rows = [["Projektnummer", "Titel", "Stand"], ["9", "t", "14.02.2026"]]
    place = 0
    if column == "Projektnummer":
        rows[1][0] = cell
    else:
        rows[0].append(column)
        rows[1].append(cell)
        place = 3
    data = xlsx_of(rows, {f"{'ABCD'[place]}2": code} if code else None)
    return check_rows(read_table(data), as_of=None, today=TODAY)


@pytest.mark.parametrize(
    ("cell", "code", "key"),
    [
        (12, "General", "12"),
        (1.1, "General", "1.1"),
        (1.1, "0.00", "1.10"),
        (1.1, "#,##0.00", "1.10"),
        ("1.10", "@", "1.10"),
        ("1.10", "General", "1.10"),
        (7, "000", "007"),
        (3, '"MPI-"0', "MPI-3"),
    ],
)
def test_number_cells_as_keys_are_taken_as_shown(cell: Any, code: str, key: str) -> None:
    result = from_xlsx(cell, code)
    assert not result.errors
    assert result.rows[0].code == key


@pytest.mark.parametrize(
    ("cell", "code", "expected"),
    [
        (1.5, "# ?/?", "als Text formatieren"),
        (1.23456789012345, "General", "wie diese Zahl angezeigt wird, steht nicht fest"),
        (12345, "#,##0", "als Text formatieren"),
        (dt.date(2026, 10, 1), "dd.mm.yyyy", "ein Datum oder eine Uhrzeit gemacht"),
        (dt.time(1, 10), "hh:mm", "ein Datum oder eine Uhrzeit gemacht"),
    ],
)
def test_keys_that_cannot_be_taken_as_shown_are_refused(cell: Any, code: str, expected: str) -> None:
    error = from_xlsx(cell, code).errors[0]
    assert (error.line, error.column) == (2, "Projektnummer")
    assert expected in error.expected


@pytest.mark.parametrize(
    ("cell", "code", "column", "value"),
    [
        (dt.date(2026, 2, 14), "dd.mm.yyyy", "Ende", dt.date(2026, 2, 14)),
        (MIDNIGHT, "yyyy-mm-dd hh:mm", "Ende", dt.date(2026, 2, 14)),
        ("14.02.2026", "General", "Ende", dt.date(2026, 2, 14)),
        (0.5, "0%", "Fortschritt", 50),
        (1, "0%", "Fortschritt", 100),
        (0.333333, "0%", "Fortschritt", 33),
        (0.29, "0%", "Fortschritt", 29),
        (50, "General", "Fortschritt", 50),
        (1, "General", "Fortschritt", 1),
        ("50 %", "General", "Fortschritt", 50),
        (2026, "General", "Bericht", "2026"),
        (2.5, "General", "Bericht", "2,5"),
        (dt.date(2026, 2, 14), "dd.mm.yyyy", "Bericht", "14.02.2026"),
    ],
)
def test_cells_of_a_workbook_are_read(cell: Any, code: str, column: str, value: Any) -> None:
    result = from_xlsx(cell, code, column)
    assert not result.errors
    assert result.rows[0].value(Column(column)) == value


@pytest.mark.parametrize(
    ("cell", "code", "column"),
    [
        (MORNING, "dd.mm.yyyy hh:mm", "Ende"),
        (46067, "General", "Ende"),
        (dt.time(8, 30), "hh:mm", "Ende"),
        (0.5, "General", "Fortschritt"),
        (1.2, "0%", "Fortschritt"),
        (-0.1, "0%", "Fortschritt"),
        (1, "General", "Ampel"),
    ],
)
def test_cells_of_a_workbook_that_do_not_fit_are_refused(cell: Any, code: str, column: str) -> None:
    error = from_xlsx(cell, code, column).errors[0]
    assert error.column == column


def test_a_failed_formula_is_an_error_in_every_column() -> None:
    book = openpyxl.Workbook()
    book.active.append([rule.column.value for rule in RULES])
    book.active.append(["#REF!" for _ in RULES])
    for cell in book.active[2]:
        cell.data_type = "e"
    result = check_rows(read_table(saved(book)), as_of=None, today=TODAY)
    assert {error.column for error in result.errors} == {rule.column.value for rule in RULES}
    assert {error.value for error in result.errors} == {"Formelfehler"}


@settings(max_examples=200)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=6), min_size=1, max_size=6))
def test_any_text_gives_rows_or_errors(rows: list[list[str]]) -> None:
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = csv_of("Projektnummer;Titel;Stand;Ampel;Fortschritt;Ende", *quoted)
    try:
        table = read_table(data.decode("utf-8").encode("utf-8"))
        result = check_rows(table, as_of=None, today=TODAY)
    except (SkipError, UnicodeError):
        return
    assert len(table.rows) == len(result.rows) + len({error.line for error in result.errors})
