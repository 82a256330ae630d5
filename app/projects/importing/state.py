"""What the database knows, as plain values, for comparing a file with it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.projects.models import Light, Phase
from app.projects.rules.needs import Closing


@dataclass(frozen=True, slots=True)
class ExistingPeriod:
    """A plan period; an open side of its validity is None."""

    id: int
    name: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the period runs on *day*."""
        return (self.starts_on or dt.date.min) <= day <= (self.ends_on or dt.date.max)


@dataclass(frozen=True, slots=True)
class ExistingField:
    """A field of action of a period."""

    id: int
    period_id: int | None
    name: str
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ExistingCluster:
    """A cluster of topics in a field."""

    id: int
    field_id: int | None
    name: str
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ExistingName:
    """A dated name of an institution. ``merged``: another one bore it that was merged into this one."""

    organisation_id: int
    long: str
    short: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    merged: bool = False

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the institution bears the name on *day*."""
        return (self.valid_from or dt.date.min) <= day <= (self.valid_to or dt.date.max)


@dataclass(frozen=True, slots=True)
class StatusValues:
    """What a status says; ``decision_need``: a text opens or keeps a need, "" withdraws it, None is silent."""

    light: Light | None = None
    light_schedule: Light | None = None
    light_cost: Light | None = None
    light_content: Light | None = None
    phase: Phase | None = None
    progress: int | None = None
    summary: str = ""
    next_steps: str = ""
    risks: str = ""
    decision_need: str | None = None


@dataclass(frozen=True, slots=True)
class ExistingStatus:
    """The valid, accepted status of a Stand (``on``)."""

    id: int
    on: dt.date
    values: StatusValues


@dataclass(frozen=True, slots=True)
class ExistingMilestone:
    """A milestone with its dates as told: ``{told_on: due_on}``."""

    id: int
    title: str
    done_on: dt.date | None = None
    dates: Mapping[dt.date, dt.date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExistingProject:
    """A project with everything an import may touch. ``earlier`` holds (number, period id) of its earlier numbers.

    ``ends`` is its end as told: ``{told_on: ends_on}``; ``statuses`` are ordered by Stand; ``closings``
    are decision needs closed by hand.
    """

    id: int
    period_id: int | None
    code: str
    title: str
    field_id: int | None = None
    further_ids: tuple[int, ...] = ()
    cluster_id: int | None = None
    lead_id: int | None = None
    partner_ids: tuple[int, ...] = ()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    stated_on: dt.date | None = None
    earlier: tuple[tuple[str, int | None], ...] = ()
    ends: Mapping[dt.date, dt.date | None] = field(default_factory=dict)
    statuses: tuple[ExistingStatus, ...] = ()
    milestones: tuple[ExistingMilestone, ...] = ()
    closings: tuple[Closing, ...] = ()

    @property
    def known_on(self) -> dt.date:
        """The newest day of which something is known; an older Stand leaves the project's fields alone."""
        latest = max((status.on for status in self.statuses), default=dt.date.min)
        return max(self.stated_on or dt.date.min, latest)


@dataclass(frozen=True, slots=True)
class State:
    """Everything known before an import, and the day on which it is compared."""

    today: dt.date
    periods: tuple[ExistingPeriod, ...] = ()
    fields: tuple[ExistingField, ...] = ()
    clusters: tuple[ExistingCluster, ...] = ()
    names: tuple[ExistingName, ...] = ()
    projects: tuple[ExistingProject, ...] = ()
