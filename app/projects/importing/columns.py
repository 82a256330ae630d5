"""The columns of the import: German header, accepted spellings, parser, and the sentence that says what is expected."""

import datetime as dt
import re
from enum import StrEnum

from app import text
from app.importing.cells import Cell, Number, as_shown, is_blank
from app.importing.columns import (
    A_DAY,
    ColumnRule,
    ColumnSet,
    NotExpected,
    day,
    header_key,
    line,
    names,
    one_of,
    prose,
    single,
    words_of,
)
from app.projects.models import Light, Phase
from app.projects.rules.words import LIGHTS, PHASES

TITLE_LENGTH = 500
TEXT_LENGTH = 20_000
_PROGRESS = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*%?")
_FORCED_TEXT = re.compile(r'^="([^"]*)"$')


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
    words = line(60)(cell)
    return text.one_line(_FORCED_TEXT.sub(r"\1", words))


def _title(cell: Cell) -> str:
    return line(TITLE_LENGTH)(cell)


def _light(cell: Cell) -> Light | None:
    return one_of(_LIGHT_OF)(cell)


def _phase(cell: Cell) -> Phase | None:
    return one_of(_PHASE_OF)(cell)


def _progress(cell: Cell) -> int | None:
    """Whole percent. "50", "50 %", and 0.5 in a cell that is formatted as a percentage are all fifty."""
    if is_blank(cell):
        return None
    if isinstance(cell, Number):
        exact = cell.value * 100 if cell.is_percent else cell.value
        percent = int(exact + 0.5) if cell.is_percent and -0.5 < exact < 101 else exact
    else:
        match = _PROGRESS.fullmatch(text.one_line(words_of(cell)))
        percent = int(match[1]) if match else -1
    if percent not in range(101):
        raise NotExpected
    return int(percent)


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

_A_LIGHT = "grün, gelb, rot oder leer"
_A_TEXT = f"ein Text mit höchstens {TEXT_LENGTH} Zeichen"

RULES: tuple[ColumnRule[Column], ...] = (
    ColumnRule(Column.CODE, _code, "die Nummer des Projekts", ("Projekt-Nr.", "Projektnr."), required=True),
    ColumnRule(Column.TITLE, _title, "der Titel des Projekts", ("Projekttitel",), required=True),
    ColumnRule(Column.PERIOD, line(80), "der Name der Planperiode"),
    ColumnRule(Column.FIELDS, names(200), "Namen von Handlungsfeldern, getrennt durch |", ("Handlungsfelder",)),
    ColumnRule(Column.CLUSTER, single(200, "genau ein Themencluster"), "der Name eines Themenclusters"),
    ColumnRule(
        Column.LEAD,
        single(300, "genau eine Institution; weitere gehören in die Spalte Partner"),
        "der Name einer Institution",
        ("Federfuehrung",),
    ),
    ColumnRule(Column.PARTNERS, names(300), "Namen von Institutionen, getrennt durch |"),
    ColumnRule(Column.STARTS_ON, day, A_DAY),
    ColumnRule(Column.ENDS_ON, day, A_DAY),
    ColumnRule(Column.PHASE, _phase, f"{', '.join(PHASES.values())} oder leer"),
    ColumnRule(Column.STAND, day, A_DAY),
    ColumnRule(Column.LIGHT, _light, _A_LIGHT, ("Ampel gesamt",)),
    ColumnRule(Column.LIGHT_SCHEDULE, _light, _A_LIGHT),
    ColumnRule(Column.LIGHT_COST, _light, _A_LIGHT),
    ColumnRule(Column.LIGHT_CONTENT, _light, _A_LIGHT),
    ColumnRule(Column.PROGRESS, _progress, "eine ganze Zahl von 0 bis 100, auch mit %"),
    ColumnRule(Column.SUMMARY, prose(TEXT_LENGTH), _A_TEXT),
    ColumnRule(Column.NEXT_STEPS, prose(TEXT_LENGTH), _A_TEXT, ("Naechste Schritte",)),
    ColumnRule(Column.RISKS, prose(TEXT_LENGTH), _A_TEXT),
    ColumnRule(Column.DECISION_NEED, prose(TEXT_LENGTH), _A_TEXT),
    ColumnRule(Column.MILESTONE, line(300), "der Titel eines Meilensteins"),
    ColumnRule(Column.DUE_ON, day, A_DAY, ("Meilenstein faellig",)),
    ColumnRule(Column.DONE_ON, day, A_DAY),
)
COLUMNS = ColumnSet(RULES)

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
