"""Columns of an import: header spellings, parsers of cells, and the sentences that say what is expected."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from app import text
from app.importing.cells import Cell, Fault, display, is_blank, whole_day

ColumnName = TypeVar("ColumnName", bound=StrEnum)
Choice = TypeVar("Choice")
A_DAY = "ein Datum wie 14.02.2026 oder 2026-02-14"
_YEARS = range(1900, 2200)
_MIDNIGHT = re.compile(r"[T ]\s*0{1,2}:00(:00(\.0+)?)?$")
_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")


class NotExpected(ValueError):
    """A cell does not hold what its column needs; the message, if any, says what is expected instead of the usual."""


@dataclass(frozen=True, slots=True)
class ColumnRule(Generic[ColumnName]):
    """How one column is read. ``parse`` takes a cell and raises NotExpected; ``expected`` completes "Erwartet: …"."""

    column: ColumnName
    parse: Callable[[Cell], Any]
    expected: str
    spellings: tuple[str, ...] = ()
    required: bool = False


class ColumnSet(Generic[ColumnName]):
    """The columns that one kind of file may have; the value of a column's name is its German header."""

    def __init__(self, rules: Sequence[ColumnRule[ColumnName]]) -> None:
        self.rules = tuple(rules)
        self._rule_of = {rule.column: rule for rule in self.rules}
        self._by_key = {
            header_key(spelling): rule.column
            for rule in self.rules
            for spelling in (rule.column.value, *rule.spellings)
        }

    def rule_of(self, column: ColumnName) -> ColumnRule[ColumnName]:
        """The rule of *column*."""
        return self._rule_of[column]

    def column_of(self, header: str) -> ColumnName | None:
        """The column that *header* names, in any case and spelling; None if it is unknown."""
        return self._by_key.get(header_key(header))

    def knows(self, header: str) -> bool:
        """Whether *header* names a column."""
        return self.column_of(header) is not None


def attribute_of(column: StrEnum) -> str:
    """The name of the column's value in a checked row."""
    return column.name.lower()


def header_key(header: str) -> str:
    """*header* for comparing: letters and digits only, without case, umlauts, spaces, line breaks, hyphens."""
    return "".join(letter for letter in text.fold(text.clean(header)) if letter.isalnum())


def name_key(name: str) -> str:
    """A name for comparing: case, dashes, spaces levelled."""
    return _DASHES.sub("-", text.one_line(name)).casefold()


def words_of(cell: Cell) -> str:
    """The cell as text; NotExpected where its formula failed."""
    if isinstance(cell, Fault):
        raise NotExpected(f"ein Wert; die Formel in dieser Zelle ist fehlerhaft ({cell.code})")
    return display(cell)


def short_enough(words: str, most: int) -> str:
    """*words*, if they have at most *most* characters."""
    if len(words) > most:
        raise NotExpected(f"höchstens {most} Zeichen; hier sind es {len(words)}")
    return words


def line(most: int) -> Callable[[Cell], str]:
    """Text on one line."""

    def parse(cell: Cell) -> str:
        return short_enough(text.one_line(words_of(cell)), most)

    return parse


def prose(most: int) -> Callable[[Cell], str]:
    """Text of several lines."""

    def parse(cell: Cell) -> str:
        return short_enough(text.clean(words_of(cell)), most)

    return parse


def names(most: int) -> Callable[[Cell], tuple[str, ...]]:
    """Names between ``|``; empty and repeated ones are dropped."""

    def parse(cell: Cell) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for name in (text.one_line(part) for part in text.clean(words_of(cell)).split("|")):
            if name:
                found.setdefault(name_key(name), short_enough(name, most))
        return tuple(found.values())

    return parse


def single(most: int, advice: str) -> Callable[[Cell], str]:
    """One name; NotExpected with *advice* where several stand between ``|``."""

    def parse(cell: Cell) -> str:
        found = names(most)(cell)
        if len(found) > 1:
            raise NotExpected(advice)
        return found[0] if found else ""

    return parse


def day(cell: Cell) -> dt.date | None:
    """A German or ISO date, or a date cell; None where the cell is empty."""
    if is_blank(cell):
        return None
    found: dt.date | None = None
    if isinstance(cell, dt.date):
        found = whole_day(cell)
    elif isinstance(cell, str):
        try:
            found = text.parse_date(_MIDNIGHT.sub("", text.one_line(cell)))
        except ValueError as error:
            raise NotExpected from error
    if found is None or found.year not in _YEARS:
        raise NotExpected
    return found


def one_of(choices: Mapping[str, Choice]) -> Callable[[Cell], Choice | None]:
    """One of *choices* by its levelled word (:func:`header_key`); None where the cell is empty."""

    def parse(cell: Cell) -> Choice | None:
        if is_blank(cell):
            return None
        found = choices.get(header_key(words_of(cell)))
        if found is None:
            raise NotExpected
        return found

    return parse
