"""The columns of the import: German header, accepted spellings, parser, and the sentence that says what is expected."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from app import text
from app.projects.importing.cells import Cell, Fault, Number, as_shown, display, is_blank, whole_day
from app.projects.models import Light, Phase
from app.projects.rules.words import LIGHTS, PHASES

Choice = TypeVar("Choice")
TITLE_LENGTH = 500
TEXT_LENGTH = 20_000
_YEARS = range(1900, 2200)
_PROGRESS = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*%?")
_FORCED_TEXT = re.compile(r'^="([^"]*)"$')
_MIDNIGHT = re.compile(r"[T ]\s*0{1,2}:00(:00(\.0+)?)?$")
_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")


class Column(StrEnum):
    """A column of the import; its value is the German header (interface §4)."""

    CODE = "Projektnummer"
    TITLE = "Titel"
    PERIOD = "Planperiode"
    FIELDS = "Handlungsfeld"
    CLUSTER = "Themencluster"
    LEAD = "Federführung"
    PARTNERS = "Partner"
    STARTS_ON = "Beginn"
    ENDS_ON = "Ende"
    PHASE = "Phase"
    STAND = "Stand"
    LIGHT = "Ampel"
    LIGHT_SCHEDULE = "Ampel Termine"
    LIGHT_COST = "Ampel Kosten"
    LIGHT_CONTENT = "Ampel Inhalt"
    PROGRESS = "Fortschritt"
    SUMMARY = "Bericht"
    NEXT_STEPS = "Nächste Schritte"
    RISKS = "Risiken"
    DECISION_NEED = "Entscheidungsbedarf"
    MILESTONE = "Meilenstein"
    DUE_ON = "Meilenstein fällig"
    DONE_ON = "Meilenstein erledigt"


_ATTRIBUTES: dict[Column, str] = {column: column.name.lower() for column in Column}


class NotExpected(ValueError):
    """A cell does not hold what its column needs; the message, if any, says what is expected instead of the usual."""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one column is read. ``parse`` takes a cell and raises NotExpected; ``expected`` completes "Erwartet: …"."""

    column: Column
    parse: Callable[[Cell], Any]
    expected: str
    spellings: tuple[str, ...] = ()
    required: bool = False


def attribute_of(column: Column) -> str:
    """The name of the column's value in a checked row."""
    return _ATTRIBUTES[column]


def header_key(header: str) -> str:
    """*header* for comparing: letters and digits only, without case, umlauts, spaces, line breaks, hyphens."""
    return "".join(letter for letter in text.fold(text.clean(header)) if letter.isalnum())


def name_key(name: str) -> str:
    """The name of a period, field, cluster, institution or milestone for comparing: case, dashes, spaces levelled."""
    return _DASHES.sub("-", text.one_line(name)).casefold()


def _words(cell: Cell) -> str:
    if isinstance(cell, Fault):
        raise NotExpected(f"ein Wert; die Formel in dieser Zelle ist fehlerhaft ({cell.code})")
    return display(cell)


def _line(most: int) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        return _short_enough(text.one_line(_words(cell)), most)

    return parse


def _prose(cell: Cell) -> str:
    return _short_enough(text.clean(_words(cell)), TEXT_LENGTH)


def _single(most: int, advice: str) -> Callable[[Cell], str]:
    def parse(cell: Cell) -> str:
        names = _names(most)(cell)
        if len(names) > 1:
            raise NotExpected(advice)
        return names[0] if names else ""

    return parse


def _names(most: int) -> Callable[[Cell], tuple[str, ...]]:
    """Names between ``|``; empty and repeated ones are dropped."""

    def parse(cell: Cell) -> tuple[str, ...]:
        names = [text.one_line(part) for part in text.clean(_words(cell)).split("|")]
        found: dict[str, str] = {}
        for name in names:
            if name:
                found.setdefault(name_key(name), _short_enough(name, most))
        return tuple(found.values())

    return parse


def _code(cell: Cell) -> str:
    """A project number. A number cell is taken as shown, a date is refused (Excel turns 1.10 into the 1st October).

    ``="1.10"`` is how a CSV made for Excel says that a number is text.
    """
    if isinstance(cell, Number):
        shown = as_shown(cell)
        if shown is None:
            raise NotExpected(
                "die Projektnummer als Text; wie diese Zahl angezeigt wird, steht nicht fest. "
                "Bitte die Spalte als Text formatieren und die Nummer neu eingeben"
            )
        return text.one_line(shown)
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        raise NotExpected(
            "die Projektnummer als Text; die Tabelle hat daraus ein Datum oder eine Uhrzeit gemacht. "
            "Bitte die Spalte als Text formatieren und die Nummer neu eingeben"
        )
    words = _line(60)(cell)
    return text.one_line(_FORCED_TEXT.sub(r"\1", words))


def _title(cell: Cell) -> str:
    return _line(TITLE_LENGTH)(cell)


def _day(cell: Cell) -> dt.date | None:
    if is_blank(cell):
        return None
    day: dt.date | None = None
    if isinstance(cell, dt.date):
        day = whole_day(cell)
    elif isinstance(cell, str):
        try:
            day = text.parse_date(_MIDNIGHT.sub("", text.one_line(cell)))
        except ValueError as error:
            raise NotExpected from error
    if day is None or day.year not in _YEARS:
        raise NotExpected
    return day


def _light(cell: Cell) -> Light | None:
    return _one_of(cell, _LIGHT_OF)


def _phase(cell: Cell) -> Phase | None:
    return _one_of(cell, _PHASE_OF)


def _one_of(cell: Cell, choices: dict[str, Choice]) -> Choice | None:
    if is_blank(cell):
        return None
    found = choices.get(header_key(_words(cell)))
    if found is None:
        raise NotExpected
    return found


def _progress(cell: Cell) -> int | None:
    """Whole percent. "50", "50 %", and 0.5 in a cell that is formatted as a percentage are all fifty."""
    if is_blank(cell):
        return None
    if isinstance(cell, Number):
        exact = cell.value * 100 if cell.is_percent else cell.value
        percent = int(exact + 0.5) if cell.is_percent and -0.5 < exact < 101 else exact
    else:
        match = _PROGRESS.fullmatch(text.one_line(_words(cell)))
        percent = int(match[1]) if match else -1
    if percent not in range(101):
        raise NotExpected
    return int(percent)


def _short_enough(words: str, most: int) -> str:
    if len(words) > most:
        raise NotExpected(f"höchstens {most} Zeichen; hier sind es {len(words)}")
    return words


_LIGHT_OF: dict[str, Light] = {
    **{header_key(name): light for light, name in LIGHTS.items()},
    "gruen": Light.GREEN,
    "green": Light.GREEN,
    "yellow": Light.YELLOW,
    "amber": Light.YELLOW,
    "red": Light.RED,
}
_PHASE_OF: dict[str, Phase] = {
    **{header_key(name): phase for phase, name in PHASES.items()},
    "uebergeleitet": Phase.TRANSFERRED,
}

_A_DAY = "ein Datum wie 14.02.2026 oder 2026-02-14"
_A_LIGHT = "grün, gelb, rot oder leer"
_A_TEXT = f"ein Text mit höchstens {TEXT_LENGTH} Zeichen"

RULES: tuple[ColumnRule, ...] = (
    ColumnRule(Column.CODE, _code, "die Nummer des Projekts", ("Projekt-Nr.", "Projektnr."), required=True),
    ColumnRule(Column.TITLE, _title, "der Titel des Projekts", ("Projekttitel",), required=True),
    ColumnRule(Column.PERIOD, _line(80), "der Name der Planperiode"),
    ColumnRule(Column.FIELDS, _names(200), "Namen von Handlungsfeldern, getrennt durch |", ("Handlungsfelder",)),
    ColumnRule(Column.CLUSTER, _single(200, "genau ein Themencluster"), "der Name eines Themenclusters"),
    ColumnRule(
        Column.LEAD,
        _single(300, "genau eine Institution; weitere gehören in die Spalte Partner"),
        "der Name einer Institution",
        ("Federfuehrung",),
    ),
    ColumnRule(Column.PARTNERS, _names(300), "Namen von Institutionen, getrennt durch |"),
    ColumnRule(Column.STARTS_ON, _day, _A_DAY),
    ColumnRule(Column.ENDS_ON, _day, _A_DAY),
    ColumnRule(Column.PHASE, _phase, f"{', '.join(PHASES.values())} oder leer"),
    ColumnRule(Column.STAND, _day, _A_DAY),
    ColumnRule(Column.LIGHT, _light, _A_LIGHT, ("Ampel gesamt",)),
    ColumnRule(Column.LIGHT_SCHEDULE, _light, _A_LIGHT),
    ColumnRule(Column.LIGHT_COST, _light, _A_LIGHT),
    ColumnRule(Column.LIGHT_CONTENT, _light, _A_LIGHT),
    ColumnRule(Column.PROGRESS, _progress, "eine ganze Zahl von 0 bis 100, auch mit %"),
    ColumnRule(Column.SUMMARY, _prose, _A_TEXT),
    ColumnRule(Column.NEXT_STEPS, _prose, _A_TEXT, ("Naechste Schritte",)),
    ColumnRule(Column.RISKS, _prose, _A_TEXT),
    ColumnRule(Column.DECISION_NEED, _prose, _A_TEXT),
    ColumnRule(Column.MILESTONE, _line(300), "der Titel eines Meilensteins"),
    ColumnRule(Column.DUE_ON, _day, _A_DAY, ("Meilenstein faellig",)),
    ColumnRule(Column.DONE_ON, _day, _A_DAY),
)
RULE_OF: dict[Column, ColumnRule] = {rule.column: rule for rule in RULES}
_BY_KEY: dict[str, Column] = {
    header_key(spelling): rule.column for rule in RULES for spelling in (rule.column.value, *rule.spellings)
}

#: Columns that make a status; a row in which all of them are empty reports none.
STATUS_COLUMNS: tuple[Column, ...] = (
    Column.LIGHT,
    Column.LIGHT_SCHEDULE,
    Column.LIGHT_COST,
    Column.LIGHT_CONTENT,
    Column.PHASE,
    Column.PROGRESS,
    Column.SUMMARY,
    Column.NEXT_STEPS,
    Column.RISKS,
    Column.DECISION_NEED,
)
#: Columns that describe the project itself.
PROJECT_COLUMNS: tuple[Column, ...] = (
    Column.TITLE,
    Column.FIELDS,
    Column.CLUSTER,
    Column.LEAD,
    Column.PARTNERS,
    Column.STARTS_ON,
    Column.ENDS_ON,
)


def column_of(header: str) -> Column | None:
    """The column that *header* names, in any case and spelling; None if it is unknown."""
    return _BY_KEY.get(header_key(header))
