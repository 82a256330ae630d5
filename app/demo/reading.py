"""Reads the files of ``data/``: verified facts with their sources, invented people, projects and sentences."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Plot:
    """An invented project as ``projects.toml`` tells it; ``path`` has one sign per round (g, y, r, n, .).

    The dicts are keyed by round ("r1", "r2", "r3").
    """

    code: str
    title: str
    cluster: str
    lead: str
    kind: str
    path: str
    fact: str
    partners: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    leader: str = ""
    funding: str = ""
    ends: int | None = None
    first_code: str = ""
    merged_into: str = ""

    tell: Mapping[str, str] = field(default_factory=dict)
    next: Mapping[str, str] = field(default_factory=dict)
    risk: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    phase: Mapping[str, str] = field(default_factory=dict)
    need: Mapping[str, str] = field(default_factory=dict)
    correct: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    between: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    milestones: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class OldPlot:
    """An invented project of the demo's earlier period, and what became of it: "continued", "merged" or "split"."""

    code: str
    title: str
    field: str
    lead: str
    kind: str
    into: tuple[str, ...]
    text: str


@cache
def plots() -> tuple[Plot, ...]:
    """The invented projects in the order of the file."""
    return tuple(_plot(code, values) for code, values in _toml("projects.toml").items())


@cache
def old_plots() -> tuple[OldPlot, ...]:
    """The invented projects of the earlier period."""
    rows = _toml("earlier.toml").items()
    return tuple(OldPlot(code=code, **{**values, "into": tuple(values["into"])}) for code, values in rows)


@cache
def sentences() -> Mapping[str, Mapping[str, list[str]]]:
    """Sentences of reports by kind of project and what they say (good, slow, next, risk, milestones)."""
    return _toml("sentences.toml")


@cache
def people() -> Mapping[str, Any]:
    """Institutions, seats, other people and project leads."""
    return _toml("people.toml")


@cache
def real_projects() -> tuple[Mapping[str, str], ...]:
    """Projects found in public sources; the columns are those of the file."""
    return _csv("masterplan-projects.csv")


@cache
def real_meetings() -> tuple[Mapping[str, str], ...]:
    """Past meetings found in public sources; the columns are those of the file."""
    return _csv("meetings.csv")


def _plot(code: str, values: Mapping[str, Any]) -> Plot:
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Plot(code=code, **made)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _csv(name: str) -> tuple[Mapping[str, str], ...]:
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))
