"""Projects as people type them: numbers separated by commas, found among the projects that the body steers."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app import text
from app.errors import Invalid

LONGEST = 5
"""A number may itself hold this many commas less one."""


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project that may be named; ``period`` is the name of its plan period, "" without one."""

    id: int
    code: str
    title: str
    period: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    earlier: tuple[str, ...] = ()

    @property
    def full_code(self) -> str:
        """3.2 (2022–2026)"""
        return f"{self.code} ({self.period})" if self.period else self.code

    def holds(self, on: dt.date) -> bool:
        """Whether the project's plan period covers a day; without dates it always does."""
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)


def projects_of_codes(typed: str, known: Sequence[KnownProject], on: dt.date, *, field: str = "projects") -> list[int]:
    """The ids behind numbers separated by comma, semicolon or line; Invalid at *field* names the first wrong one."""
    parts = [part for part in (text.one_line(one) for one in re.split(r"[,;\n]", text.clean(typed))) if part]
    found: list[int] = []
    while parts:
        taken, project = _first(parts, known, on, field)
        found.append(project.id)
        parts = parts[taken:]
    return list(dict.fromkeys(found))


def codes_of_projects(ids: Iterable[int], known: Sequence[KnownProject], on: dt.date) -> str:
    """The numbers of projects, written so that reading them back finds the same projects."""
    by_id = {project.id: project for project in known}
    return ", ".join(_written(by_id[one], known, on) for one in ids if one in by_id)


def _written(project: KnownProject, known: Sequence[KnownProject], on: dt.date) -> str:
    return project.code if _matches(project.code, known, on) == [project] else project.full_code


def _first(parts: Sequence[str], known: Sequence[KnownProject], on: dt.date, field: str) -> tuple[int, KnownProject]:
    for taken in range(min(len(parts), LONGEST), 0, -1):
        for between in (", ", ",", "; ", ";"):
            matches = _matches(between.join(parts[:taken]), known, on)
            if len(matches) == 1:
                return taken, matches[0]
            if matches:
                ways = text.joined([f"„{match.full_code}“" for match in matches]).replace(" und ", " oder ")
                raise Invalid({field: f"„{parts[0]}“ gibt es mehrmals. Bitte schreiben Sie {ways}."})
    raise Invalid({field: f"Ein Projekt mit der Nummer „{parts[0]}“ gibt es nicht."})


def _matches(code: str, known: Sequence[KnownProject], on: dt.date) -> list[KnownProject]:
    """The projects that *code* may mean: by full number, by number now valid, by number, by an earlier number."""
    wanted = text.fold(code)
    whole = [one for one in known if text.fold(one.full_code) == wanted]
    if len(whole) == 1:
        return whole
    for there in (
        [one for one in known if text.fold(one.code) == wanted],
        [one for one in known if wanted in map(text.fold, one.earlier)],
    ):
        valid = [one for one in there if one.holds(on)]
        if there:
            return valid if len(valid) == 1 else there
    return []
