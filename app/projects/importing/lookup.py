"""Finding what a row names: period, fields, cluster, institutions and project; what is unknown becomes a new one."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app import text
from app.importing.columns import name_key
from app.projects.importing.state import ExistingName, ExistingPeriod, ExistingProject, State

_YEARS = re.compile(r"\b((?:19|20|21)\d\d)\s*[-–/]\s*((?:19|20|21)\d\d)\b")


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A plan period that the import creates; years in its name ("2022–2026") become its validity."""

    name: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NewField:
    """A field that the import creates in a period."""

    name: str
    period: int | NewPeriod | None


@dataclass(frozen=True, slots=True)
class NewCluster:
    """A cluster that the import creates in a field."""

    name: str
    field: int | NewField | None


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An institution that the import creates."""

    name: str


PeriodRef = int | NewPeriod
FieldRef = int | NewField
ClusterRef = int | NewCluster
OrganisationRef = int | NewOrganisation
AnyRef = int | NewPeriod | NewField | NewCluster | NewOrganisation


class Ambiguous(ValueError):
    """A name or number fits several things; the message says what would make it clear."""


@dataclass(frozen=True, slots=True)
class Target:
    """The project that a row is about: a known one, or a new one in ``period``; ``notice`` is worth saying."""

    code: str
    project: ExistingProject | None
    period: PeriodRef | None
    notice: str = ""

    @property
    def key(self) -> object:
        """Equal for rows about the same project."""
        return self.project.id if self.project else (self.period, self.code)


class PlanDirectory:
    """Periods, fields and clusters by name. A new name becomes one new thing, however often it comes."""

    def __init__(self, state: State) -> None:
        self._periods: dict[str, PeriodRef] = {name_key(period.name): period.id for period in state.periods}
        self._fields: dict[tuple[PeriodRef | None, str], FieldRef] = {
            (field.period_id, name_key(field.name)): field.id for field in state.fields
        }
        self._clusters: dict[tuple[FieldRef | None, str], ClusterRef] = {
            (cluster.field_id, name_key(cluster.name)): cluster.id for cluster in state.clusters
        }
        self._period_names = {period.id: period.name for period in state.periods}
        self._field_names = {field.id: field.name for field in state.fields}
        self._cluster_names = {cluster.id: cluster.name for cluster in state.clusters}
        self._ended_fields = {field.id: field.ends_on for field in state.fields if field.ends_on}
        self._ended_clusters = {cluster.id: cluster.ends_on for cluster in state.clusters if cluster.ends_on}

    def period(self, name: str) -> PeriodRef:
        """The period of this name."""
        return self._periods.setdefault(name_key(name), _new_period(name))

    def field(self, period: PeriodRef | None, name: str) -> FieldRef:
        """The field of this name in *period*."""
        return self._fields.setdefault((period, name_key(name)), NewField(name, period))

    def cluster(self, field: FieldRef | None, name: str) -> ClusterRef:
        """The cluster of this name in *field*."""
        return self._clusters.setdefault((field, name_key(name)), NewCluster(name, field))

    def ended_field(self, ref: FieldRef | None, on: dt.date) -> dt.date | None:
        """The last day of a field that has ended before a day; None while projects may come into it."""
        return _ended(self._ended_fields, ref, on)

    def ended_cluster(self, ref: ClusterRef | None, on: dt.date) -> dt.date | None:
        """The same for a cluster."""
        return _ended(self._ended_clusters, ref, on)

    def period_name(self, ref: PeriodRef | None) -> str:
        """The period's name; "" for none."""
        return _name(ref, self._period_names)

    def field_name(self, ref: FieldRef | None) -> str:
        """The field's name; "" for none."""
        return _name(ref, self._field_names)

    def cluster_name(self, ref: ClusterRef | None) -> str:
        """The cluster's name; "" for none."""
        return _name(ref, self._cluster_names)


class OrganisationDirectory:
    """Institutions by any of their names, long or short, of any time, or by those of what was merged into them."""

    def __init__(self, names: Iterable[ExistingName]) -> None:
        self._found: dict[str, list[ExistingName]] = defaultdict(list)
        self._names: dict[int, list[ExistingName]] = defaultdict(list)
        self._new: dict[str, NewOrganisation] = {}
        for name in names:
            if not name.merged:
                self._names[name.organisation_id].append(name)
            for key in {name_key(name.long), name_key(name.short)} - {""}:
                self._found[key].append(name)

    def find(self, name: str, on: dt.date) -> OrganisationRef:
        """The institution of this name; among several, the one that bears it on the day *on*. Raises Ambiguous."""
        key = name_key(name)
        found = self._found.get(key, [])
        if len({each.organisation_id for each in found}) > 1:
            found = [each for each in found if each.is_valid_on(on)] or found
        if len({each.organisation_id for each in found}) > 1:
            found = [each for each in found if name_key(each.long) == key] or found
        identities = {each.organisation_id for each in found}
        if len(identities) > 1:
            raise Ambiguous("der volle Name der Institution; so heißen mehrere")
        return identities.pop() if identities else self._new.setdefault(key, NewOrganisation(name))

    def name(self, ref: OrganisationRef | None, on: dt.date) -> str:
        """The long name of the day *on*, or the last known; "" for none."""
        if isinstance(ref, NewOrganisation):
            return ref.name
        names = self._names.get(ref, []) if ref is not None else []
        valid = [each for each in names if each.is_valid_on(on)] or names[-1:]
        return valid[0].long if valid else ""


class ProjectDirectory:
    """Projects by number and period.

    A row that names its period finds the project of that period, by its number or an earlier one, or a project that
    has no period yet. A row without period means the period valid on its Stand; only where that has no such number,
    earlier numbers count; where no period is valid at all, any project with the number.
    """

    def __init__(self, state: State) -> None:
        self._periods = {period.id: period for period in state.periods}
        self._current: dict[str, list[ExistingProject]] = defaultdict(list)
        self._earlier: dict[str, list[tuple[ExistingProject, int | None]]] = defaultdict(list)
        for project in state.projects:
            self._current[project.code].append(project)
            for code, period_id in project.earlier:
                self._earlier[code].append((project, period_id))

    def find(self, code: str, period: PeriodRef | None, on: dt.date) -> Target:
        """The project *code* of *period* (None = the row names none) as of the day *on*. Raises Ambiguous."""
        if period is not None:
            return Target(code, self._in_named_period(code, period), period)
        valid = self._valid(on)
        project = self._in_valid_periods(code, {each.id for each in valid})
        if project is not None:
            return Target(code, project, project.period_id)
        return self._new(code, valid)

    def _valid(self, on: dt.date) -> list[ExistingPeriod]:
        """Periods that run on the day; those of unknown validity only where no other does."""
        valid = [each for each in self._periods.values() if each.is_valid_on(on)]
        return [each for each in valid if each.starts_on or each.ends_on] or valid

    def _in_named_period(self, code: str, period: PeriodRef) -> ExistingProject | None:
        current = self._current.get(code, [])
        earlier = [
            project for project, told_in in self._earlier.get(code, []) if period in (told_in, project.period_id)
        ]
        return (
            self._only([each for each in current if each.period_id == period])
            or self._only(earlier)
            or self._only([each for each in current if each.period_id is None])
        )

    def _in_valid_periods(self, code: str, valid: set[int]) -> ExistingProject | None:
        current = self._current.get(code, [])
        earlier = self._earlier.get(code, [])
        return (
            self._only([each for each in current if each.period_id in valid])
            or self._only([each for each in current if each.period_id is None])
            or (None if valid else self._only(current))
            or self._only([project for project, told_in in earlier if valid & {told_in, project.period_id}])
            or self._only([project for project, _ in earlier])
        )

    def _only(self, found: list[ExistingProject]) -> ExistingProject | None:
        distinct = {project.id: project for project in found}
        if len(distinct) > 1:
            where = [self._place(project) for project in distinct.values()]
            raise Ambiguous(
                f"eine eindeutige Nummer; sie passt zu {text.joined(where)}. Bitte die Spalte Planperiode ausfüllen"
            )
        return next(iter(distinct.values()), None)

    def _place(self, project: ExistingProject) -> str:
        period = self._periods.get(project.period_id) if project.period_id is not None else None
        return f"{project.code} ({period.name if period else 'ohne Planperiode'})"

    def _new(self, code: str, valid: list[ExistingPeriod]) -> Target:
        if not valid:
            return Target(code, None, None)
        chosen = max(valid, key=lambda period: (period.starts_on or dt.date.min, period.id))
        elsewhere = [self._place(project) for project in self._current.get(code, [])]
        notice = ""
        if len(valid) > 1:
            notice = f"{code}: Es gelten mehrere Planperioden; neu angelegt in {chosen.name}."
        elif elsewhere:
            notice = f"{code}: neu angelegt in {chosen.name}; es gibt auch {text.joined(elsewhere)}."
        return Target(code, None, chosen.id, notice)


def _new_period(name: str) -> NewPeriod:
    years = _YEARS.search(name)
    if years is None or years[1] > years[2]:
        return NewPeriod(name)
    return NewPeriod(name, dt.date(int(years[1]), 1, 1), dt.date(int(years[2]), 12, 31))


def _ended(ends: Mapping[int, dt.date], ref: AnyRef | None, on: dt.date) -> dt.date | None:
    end = ends.get(ref) if isinstance(ref, int) else None
    return end if end is not None and end < on else None


def _name(ref: AnyRef | None, names: dict[int, str]) -> str:
    if ref is None:
        return ""
    return names.get(ref, "") if isinstance(ref, int) else ref.name
