"""Cells of a raw table, and number cells written the way the spreadsheet shows them."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from app import text

GENERAL = "General"
_MOST_DIGITS = 10
_QUOTED = re.compile(r'"[^"]*"|\\.')
_FORMAT = re.compile(
    r'(?P<before>(?:"[^"]*"|\\.|[ -])*)'
    r"(?P<whole>[#0,]*[#0])"
    r"(?:\.(?P<part>0+))?"
    r'(?P<after>(?:"[^"]*"|\\.|[ %-])*)'
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number cell with its number format (Excel's own notation, e.g. ``0.00``)."""

    value: float
    format: str = GENERAL

    @property
    def is_percent(self) -> bool:
        """Whether the cell is shown as a percentage."""
        return "%" in _QUOTED.sub("", self.format)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell whose formula failed, e.g. ``#REF!``."""

    code: str


Cell = str | Number | Fault | dt.date | dt.datetime | dt.time | dt.timedelta


def as_shown(number: Number, *, point: str = ".") -> str | None:
    """*number* exactly as its format shows it, with *point* before the decimals; None where that cannot be said.

    General numbers with more than ten digits are not told: what is shown of them depends on the column's width.
    """
    if number.format in (GENERAL, "@", ""):
        return _general(number.value, point)
    first, *others = _sections(number.format)
    match = _FORMAT.fullmatch(first)
    if match is None or (others and number.value <= 0):
        return None
    return _fixed(number, match, point)


def display(cell: Cell) -> str:
    """*cell* as text for people: in error reports and for columns that hold text."""
    match cell:
        case Number():
            return as_shown(cell, point=",") or f"{cell.value:.15g}".replace(".", ",")
        case Fault():
            return cell.code
        case dt.datetime():
            return text.date(cell.date()) if _is_midnight(cell) else f"{cell:%d.%m.%Y %H:%M}"
        case dt.date():
            return text.date(cell)
        case dt.time():
            return f"{cell:%H:%M}"
        case _:
            return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether a person would call the cell empty."""
    return isinstance(cell, str) and not text.one_line(cell)


def whole_day(cell: dt.date) -> dt.date | None:
    """The day of a date cell; None if it also names a time other than midnight."""
    if not isinstance(cell, dt.datetime):
        return cell
    return cell.date() if _is_midnight(cell) else None


def _is_midnight(moment: dt.datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)


def _general(value: float, point: str) -> str | None:
    shown = f"{value:.{_MOST_DIGITS}g}"
    if "e" in shown or "n" in shown or float(shown) != value:
        return None
    return shown.replace(".", point)


def _sections(code: str) -> list[str]:
    """The parts of a number format between semicolons that are not quoted."""
    hidden = _QUOTED.sub(lambda match: "\0" * len(match.group()), code)
    ends = [place for place, letter in enumerate(hidden) if letter == ";"]
    starts = [0, *(end + 1 for end in ends)]
    return [code[start:end] for start, end in zip(starts, [*ends, len(code)], strict=True)]


def _fixed(number: Number, match: re.Match[str], point: str) -> str | None:
    decimals = len(match["part"] or "")
    try:
        exact = Decimal(repr(number.value)) * (100 if number.is_percent else 1)
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    if "," in match["whole"] and abs(rounded) >= 1000:
        return None
    whole, _, part = f"{abs(rounded):f}".partition(".")
    least = match["whole"].count("0")
    whole = whole.lstrip("0").rjust(least, "0")
    sign = "-" if rounded < 0 else ""
    return _literal(match["before"]) + sign + whole + (point + part if part else "") + _literal(match["after"])


def _literal(code: str) -> str:
    return _QUOTED.sub(lambda match: match.group()[1:].removesuffix('"'), code)
