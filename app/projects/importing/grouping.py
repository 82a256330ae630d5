"""Rows grouped by project and Stand: rows of one project and Stand are one statement, perhaps with milestones."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app import text
from app.importing.columns import attribute_of, name_key
from app.importing.rows import RowError
from app.projects.importing.columns import (
    PROJECT_COLUMNS,
    STATUS_COLUMNS,
    Column,
)
from app.projects.importing.lookup import Ambiguous, PeriodRef, PlanDirectory, ProjectDirectory, Target
from app.projects.importing.rows import CheckedFile, Row
from app.projects.models import Light, Phase
from app.projects.rules.words import LIGHTS, PHASES


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone as told by one row."""

    line: int
    title: str
    due_on: dt.date | None
    done_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says about one project as of the day ``on``; ``dated`` False: nobody gave a Stand, it is today.

    ``row`` holds the merged values; ``period`` is the period that its rows name, if any.
    """

    on: dt.date
    dated: bool
    row: Row
    period: PeriodRef | None
    milestones: tuple[MilestoneRow, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All statements of a file about one project, oldest first."""

    target: Target
    lines: tuple[int, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    on: dt.date
    dated: bool
    period: PeriodRef | None


def group_rows(
    checked: CheckedFile, plan: PlanDirectory, projects: ProjectDirectory, today: dt.date
) -> tuple[list[Group], list[RowError]]:
    """The rows of *checked* by project, in the order of the file, and what contradicts itself."""
    errors: list[RowError] = []
    targets: dict[object, Target] = {}
    members: dict[object, list[_Placed]] = defaultdict(list)
    for placed in _placed(checked.rows, plan, today):
        row = placed.row
        try:
            target = projects.find(row.code, placed.period, placed.on)
        except Ambiguous as problem:
            errors.append(RowError(row.line, Column.CODE.value, row.code, str(problem)))
            continue
        targets.setdefault(target.key, target)
        members[target.key].append(placed)
    groups = []
    for key, placed_rows in members.items():
        statements, wrong = _statements(placed_rows, checked.columns)
        errors.extend(wrong)
        lines = tuple(sorted(placed.row.line for placed in placed_rows))
        groups.append(Group(targets[key], lines, tuple(statements)))
    return groups, errors


def shown(value: Any) -> str:
    """A value of a row as people read it."""
    match value:
        case Light():
            return LIGHTS[value]
        case Phase():
            return PHASES[value]
        case dt.date():
            return text.date(value)
        case tuple():
            return " | ".join(value)
        case None:
            return ""
        case _:
            return str(value)


def _placed(rows: Sequence[Row], plan: PlanDirectory, today: dt.date) -> Iterable[_Placed]:
    """Each row with its day. A row without Stand joins the newest dated one of its project in the file, else today."""
    newest: dict[tuple[str, str], dt.date] = {}
    for row in rows:
        if row.stand is not None:
            key = name_key(row.period), row.code
            newest[key] = max(newest.get(key, dt.date.min), row.stand)
    for row in rows:
        stand = row.stand or newest.get((name_key(row.period), row.code))
        period = plan.period(row.period) if row.period else None
        yield _Placed(row, stand or today, stand is not None, period)


def _statements(placed_rows: list[_Placed], columns: frozenset[Column]) -> tuple[list[Statement], list[RowError]]:
    by_day: dict[dt.date, list[_Placed]] = defaultdict(list)
    for placed in placed_rows:
        by_day[placed.on].append(placed)
    statements: list[Statement] = []
    errors: list[RowError] = []
    for on in sorted(by_day):
        members = by_day[on]
        row, wrong = _merged([member.row for member in members], columns)
        milestones, doubtful = _milestones([member.row for member in members], columns)
        errors.extend([*wrong, *doubtful])
        period = next((member.period for member in members if member.period is not None), None)
        dated = any(member.dated for member in members)
        statements.append(Statement(on, dated, row, period, tuple(milestones)))
    return statements, errors


def _merged(rows: list[Row], columns: frozenset[Column]) -> tuple[Row, list[RowError]]:
    """One row for all of a project and Stand.

    They must say the same. A row that only adds a milestone (no status of its own) may leave other cells empty.
    """
    full = [row for row in rows if row.has_status or not row.milestone]
    first = (full or rows)[0]
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column in (*PROJECT_COLUMNS, *STATUS_COLUMNS):
        if column not in columns:
            continue
        source = first
        if not full:
            source = next((row for row in rows if row.value(column)), first)
        values[attribute_of(column)] = source.value(column)
        for row in rows:
            silent = not row.value(column) and row not in full
            if not silent and not _same(column, row, source):
                errors.append(_contradiction(column, row, source))
    return replace(first, **values), errors


def _same(column: Column, one: Row, other: Row) -> bool:
    if column in (Column.FIELDS, Column.PARTNERS, Column.CLUSTER, Column.LEAD):
        return _keys(one.value(column)) == _keys(other.value(column))
    return bool(one.value(column) == other.value(column))


def _keys(value: str | tuple[str, ...]) -> list[str]:
    return [name_key(name) for name in ((value,) if isinstance(value, str) else value)]


def _contradiction(column: Column, row: Row, source: Row) -> RowError:
    before = shown(source.value(column))
    expected = (
        f"dasselbe wie in Zeile {source.line} ({f'„{_short(before)}“' if before else 'leer'}), "
        "weil beide Zeilen dasselbe Projekt und denselben Stand nennen"
    )
    return RowError(row.line, column.value, _short(shown(row.value(column))), expected)


def _milestones(rows: list[Row], columns: frozenset[Column]) -> tuple[list[MilestoneRow], list[RowError]]:
    found: dict[str, MilestoneRow] = {}
    errors: list[RowError] = []
    for row in rows:
        if not row.milestone:
            continue
        told = MilestoneRow(row.line, row.milestone, row.due_on, row.done_on)
        known = found.setdefault(name_key(row.milestone), told)
        for column in (Column.DUE_ON, Column.DONE_ON):
            one, other = getattr(told, attribute_of(column)), getattr(known, attribute_of(column))
            if column in columns and one != other:
                expected = (
                    f"dasselbe wie in Zeile {known.line} ({shown(other) or 'leer'}), "
                    "weil beide Zeilen denselben Meilenstein und denselben Stand nennen"
                )
                errors.append(RowError(row.line, column.value, shown(one), expected))
    return list(found.values()), errors


def _short(words: str) -> str:
    line = text.one_line(words)
    return line if len(line) <= 80 else f"{line[:80]}…"
