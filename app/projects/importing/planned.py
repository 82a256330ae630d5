"""The plan of an import: what it would create, change, correct, and leave alone, as plain values.

A project counts once in the summary, as the first of: new (neu), corrected (berichtigt: a stored status of the same
Stand gets other values), changed (geändert: anything else differs, also a status of a new Stand), unchanged.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclasses_field

from app.importing.planned import Change, Outcome, summary_of
from app.importing.rows import RowError
from app.projects.importing.lookup import (
    ClusterRef,
    FieldRef,
    NewCluster,
    NewField,
    NewOrganisation,
    NewPeriod,
    OrganisationRef,
    PeriodRef,
)
from app.projects.importing.state import StatusValues


@dataclass(frozen=True, slots=True)
class ProjectValues:
    """The project's own fields; references are ids or things that the import creates."""

    period: PeriodRef | None
    title: str
    field: FieldRef | None = None
    further: tuple[FieldRef, ...] = ()
    cluster: ClusterRef | None = None
    lead: OrganisationRef | None = None
    partners: tuple[OrganisationRef, ...] = ()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class StatusPlan:
    """A status to store for the Stand ``on``; with ``corrects_id`` it replaces a stored one."""

    on: dt.date
    values: StatusValues
    corrects_id: int | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class MilestonePlan:
    """A milestone to create (``id`` None) or change; ``told`` are dates to store: ``{told_on: due_on}``."""

    id: int | None
    title: str
    done_on: dt.date | None
    told: Mapping[dt.date, dt.date | None]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What happens to one project.

    ``values`` is None where the project's fields stay; ``kept`` names columns that the file gives with an older Stand
    than the one known, which therefore stay. ``stated_on`` (None = stays) is the new day of the fields. ``ends`` are
    ends to store as told: ``{told_on: ends_on}``.
    """

    lines: tuple[int, ...]
    code: str
    title: str
    period: str
    project_id: int | None
    outcome: Outcome
    values: ProjectValues | None = None
    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()
    stated_on: dt.date | None = None
    ends: Mapping[dt.date, dt.date | None] = dataclasses_field(default_factory=dict)
    statuses: tuple[StatusPlan, ...] = ()
    milestones: tuple[MilestonePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The whole import. It may be applied only without ``errors``; ``unknown`` are headers nobody knows."""

    projects: tuple[ProjectPlan, ...] = ()
    periods: tuple[NewPeriod, ...] = ()
    fields: tuple[NewField, ...] = ()
    clusters: tuple[NewCluster, ...] = ()
    organisations: tuple[NewOrganisation, ...] = ()
    unknown: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()

    def of(self, outcome: Outcome) -> tuple[ProjectPlan, ...]:
        """The projects with this outcome, in the order of the file."""
        return tuple(project for project in self.projects if project.outcome is outcome)

    @property
    def summary(self) -> str:
        """neu 3, geändert 1, berichtigt 0, unverändert 184"""
        return summary_of(project.outcome for project in self.projects)
