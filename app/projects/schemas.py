"""Shapes of projects: wishes that come in with their field checks, and plain values that pages and programs show."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app import validation
from app.projects.models import Light, LineageKind, Phase
from app.validation import Day as Day
from app.validation import Line, RowId

PROSE_LENGTH = 20_000


Prose = Annotated[validation.Prose, Field(max_length=PROSE_LENGTH)]


class Wish(BaseModel):
    """What all wishes share: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class StatusIn(Wish):
    """A status report. ``decision_need``: a text opens or keeps a need, "" withdraws it, None is silent."""

    as_of: Day
    light: Light | None = None
    light_schedule: Light | None = None
    light_cost: Light | None = None
    light_content: Light | None = None
    phase: Phase | None = None
    progress: int | None = Field(default=None, ge=0, le=100)
    summary: Prose = ""
    next_steps: Prose = ""
    risks: Prose = ""
    decision_need: Prose | None = None


class CorrectionIn(StatusIn):
    """A status that replaces another one, with the reason (Berichtigung)."""

    reason: Annotated[Line, Field(min_length=1, max_length=500)]


class ReasonIn(Wish):
    """A reason for closing or refusing something."""

    reason: Annotated[Line, Field(min_length=1, max_length=500)]


class MilestoneIn(Wish):
    """A milestone as told now: ``id`` None creates one; ``due_on`` None means no date."""

    id: RowId | None = None
    title: Annotated[Line, Field(min_length=1, max_length=300)]
    due_on: Day | None = None
    done_on: Day | None = None


class EarlierCode(Wish):
    """An earlier number of a project, with the plan period in which it bore it."""

    code: Annotated[Line, Field(min_length=1, max_length=60)]
    period: RowId | None = None


class LineageIn(Wish):
    """This project goes on in the project ``to`` since a day."""

    to: RowId
    kind: LineageKind
    since_on: Day


class LeadIn(Wish):
    """A person who leads the project, from–to."""

    person: RowId
    valid_from: Day | None = None
    valid_to: Day | None = None


class ProjectIn(Wish):
    """A project. References are ids; ``fields`` are the further fields beside the main one."""

    code: Annotated[Line, Field(min_length=1, max_length=60)]
    title: Annotated[Line, Field(min_length=1, max_length=500)]
    period: RowId | None = None
    field: RowId | None = None
    fields: Annotated[tuple[RowId, ...], Field(max_length=200)] = ()
    cluster: RowId | None = None
    lead: RowId | None = None
    partners: Annotated[tuple[RowId, ...], Field(max_length=200)] = ()
    starts_on: Day | None = None
    ends_on: Day | None = None
    funding: Annotated[Line, Field(max_length=300)] = ""
    source: Annotated[Line, Field(max_length=600)] = ""
    earlier_codes: Annotated[tuple[EarlierCode, ...], Field(max_length=200)] = ()
    lineage: Annotated[tuple[LineageIn, ...], Field(max_length=200)] = ()
    leads: Annotated[tuple[LeadIn, ...], Field(max_length=200)] = ()


class ProjectChange(ProjectIn):
    """Changes of a project: only the given fields change; lists are replaced whole."""

    code: Annotated[Line, Field(min_length=1, max_length=60)] = ""
    title: Annotated[Line, Field(min_length=1, max_length=500)] = ""


class PeriodIn(Wish):
    """A plan period; days that nobody knows stay open."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    starts_on: Day | None = None
    ends_on: Day | None = None
    source: Annotated[Line, Field(max_length=300)] = ""


class PeriodChange(PeriodIn):
    """Changes of a period: only the given fields change."""

    name: Annotated[Line, Field(min_length=1, max_length=80)] = ""


class PartIn(Wish):
    """A field of action or a cluster; after ``ends_on`` no project comes into it."""

    name: Annotated[Line, Field(min_length=1, max_length=200)]
    ends_on: Day | None = None


class PartChange(PartIn):
    """Changes of a field or cluster: only the given fields change; ``position`` is its place from 1."""

    name: Annotated[Line, Field(min_length=1, max_length=200)] = ""
    position: Annotated[int, Field(ge=1, le=10_000)] = 1


class ProjectSort(StrEnum):
    """Orders of the list of projects; the value stands in the address."""

    CODE = "nummer"
    TITLE = "titel"
    LIGHT = "ampel"
    AS_OF = "stand"
    LEAD = "federfuehrung"
    ENDS_ON = "ende"


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects a list shows. ``light``: a light, or "none" for projects without one."""

    q: str = ""
    period_id: int | None = None
    field_id: int | None = None
    cluster_id: int | None = None
    lead_id: int | None = None
    light: str = ""
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in the list with where it stands now. ``light_before``: of the report before the one with the light."""

    id: int
    version: int
    code: str
    title: str
    period: str
    field: str
    cluster: str
    lead: str
    lead_short: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    as_of: dt.date | None
    light: Light | None
    light_as_of: dt.date | None
    light_before: Light | None
    phase: Phase | None
    progress: int | None
    need: str | None
    invented: bool


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A page of the list: its lines, the counts per light over the whole filtered set, and cursors (None = no more)."""

    lines: list[ProjectLine]
    counts: Mapping[Light | None, int]
    previous: str | None = None
    next: str | None = None

    @property
    def total(self) -> int:
        """How many projects the filter finds, whatever their light."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the list and the forms offer, as (id, name)."""

    periods: list[tuple[int, str]] = field(default_factory=list)
    fields: list[tuple[int, str]] = field(default_factory=list)
    clusters: list[tuple[int, str]] = field(default_factory=list)
    leads: list[tuple[int, str]] = field(default_factory=list)
