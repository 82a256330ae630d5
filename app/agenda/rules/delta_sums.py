"""The numbers of the changes since the last meeting: per field and light, so that every row visibly adds up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.agenda.schemas.frozen_delta import DeltaProject
from app.projects.models import Light

LIGHTS: tuple[Light | None, ...] = (Light.RED, Light.YELLOW, Light.GREEN, None)
LIGHT_KEYS: Mapping[str, Light | None] = {
    "rot": Light.RED,
    "gelb": Light.YELLOW,
    "gruen": Light.GREEN,
    "ohne": None,
}
"""The lights as addresses name them; "" there means: whatever the light."""

NO_FIELD = "-"
"""How addresses name the projects without a main field."""


class Count(StrEnum):
    """The columns: then + came − went + turned to − turned from = now."""

    THEN = "damals"
    CAME = "zugang"
    WENT = "abgang"
    TURNED_TO = "geworden"
    TURNED_FROM = "gewesen"
    NOW = "jetzt"


SIGNS: Mapping[Count, str] = {
    Count.CAME: "+",
    Count.WENT: "−",
    Count.TURNED_TO: "+",
    Count.TURNED_FROM: "−",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One light of a field, or (``light_key`` "") all of them together."""

    light_key: str
    counts: Mapping[Count, int]

    @property
    def light(self) -> Light | None:
        """The light of the row."""
        return LIGHT_KEYS.get(self.light_key)


@dataclass(frozen=True, slots=True)
class FieldSums:
    """The rows of one main field, the sum last. ``key`` is the field in addresses ("" = all fields)."""

    key: str
    name: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """The sum of all lights."""
        return self.rows[-1]

    def by_light(self, count: Count) -> dict[str, int]:
        """One column as numbers by light key, for the chart."""
        return {row.light_key: row.counts[count] for row in self.rows[:-1]}


def columns_of(project: DeltaProject) -> dict[Count, Light | None]:
    """In which columns the project counts, and with which light."""
    found: dict[Count, Light | None] = {}
    if project.was:
        found[Count.THEN] = project.then_light
    if project.is_now:
        found[Count.NOW] = project.now_light
    if project.came:
        found[Count.CAME] = project.now_light
    if project.went:
        found[Count.WENT] = project.then_light
    if project.was and project.is_now and project.then_light is not project.now_light:
        found[Count.TURNED_TO], found[Count.TURNED_FROM] = project.now_light, project.then_light
    return found


def field_key(project: DeltaProject) -> str:
    """The main field of the project as addresses name it."""
    return project.field or NO_FIELD


def field_sums(projects: Sequence[DeltaProject]) -> list[FieldSums]:
    """All fields together first, then each field that counts a project on one of the days, in the plan's order."""
    groups: dict[str, list[DeltaProject]] = {}
    for project in projects:
        if project.was or project.is_now:
            groups.setdefault(field_key(project), []).append(project)
    found = [FieldSums("", "Alle Handlungsfelder", _rows(projects))]
    for key, there in groups.items():
        found.append(FieldSums(key, "ohne Handlungsfeld" if key == NO_FIELD else key, _rows(there)))
    return found


def _rows(projects: Iterable[DeltaProject]) -> tuple[Row, ...]:
    numbers = {key: dict.fromkeys(Count, 0) for key in (*LIGHT_KEYS, "")}
    keys = {light: key for key, light in LIGHT_KEYS.items()}
    for project in projects:
        for count, light in columns_of(project).items():
            numbers[keys[light]][count] += 1
            numbers[""][count] += 1
    return tuple(Row(key, counts) for key, counts in numbers.items())


def counted_projects(
    projects: Iterable[DeltaProject], count: Count, *, light_key: str = "", field: str = ""
) -> list[DeltaProject]:
    """Exactly the projects behind one number: a column, a light ("" = any) and a field ("" = all)."""
    found = []
    for project in projects:
        columns = columns_of(project)
        if count not in columns or (field and field_key(project) != field):
            continue
        if not light_key or columns[count] is LIGHT_KEYS[light_key]:
            found.append(project)
    return found
