"""What the statuses of one project say on a date: each value with the Stand since which it stands."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.drafting.schemas import Status
from app.projects.models import Light, Phase

Value = TypeVar("Value", Light, Phase)

ENDED = frozenset({Phase.REJECTED, Phase.COMPLETED, Phase.ABORTED, Phase.TRANSFERRED})
RUNNING = frozenset({Phase.PLANNED, Phase.RUNNING})


@dataclass(frozen=True, slots=True)
class Step(Generic[Value]):
    """A streak of one value: the Stand of the first and of the last report that names it."""

    value: Value
    since: dt.date
    told_on: dt.date


@dataclass(frozen=True, slots=True)
class Trail(Generic[Value]):
    """How one value went, oldest streak first. A report silent about it changes nothing."""

    steps: tuple[Step[Value], ...] = ()

    @property
    def value(self) -> Value | None:
        """What stands now."""
        return self.steps[-1].value if self.steps else None

    @property
    def since(self) -> dt.date | None:
        """The Stand at which the present streak began."""
        return self.steps[-1].since if self.steps else None

    @property
    def told_on(self) -> dt.date | None:
        """The Stand of the last report that names the value."""
        return self.steps[-1].told_on if self.steps else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A project on a date; ``as_of`` is the Stand of its latest report (None = none yet)."""

    as_of: dt.date | None
    lights: Trail[Light]
    schedule: Trail[Light]
    cost: Trail[Light]
    content: Trail[Light]
    phases: Trail[Phase]

    @property
    def light(self) -> Light | None:
        """The light that stands: the last one told."""
        return self.lights.value

    @property
    def phase(self) -> Phase:
        """The phase that stands; unknown if none was ever told."""
        return self.phases.value or Phase.UNKNOWN


def standing(statuses: Iterable[Status], on: dt.date) -> Standing:
    """What *statuses* (accepted, valid, any order) say on *on*: only a Stand up to that day counts.

    The values are those of ``app.projects.rules.standing`` (what a report does not tell stands as it was told last);
    here each also has its history.
    """
    counting = sorted((status for status in statuses if status.as_of <= on), key=lambda status: status.as_of)
    return Standing(
        as_of=counting[-1].as_of if counting else None,
        lights=_trail((status.as_of, status.light) for status in counting),
        schedule=_trail((status.as_of, status.light_schedule) for status in counting),
        cost=_trail((status.as_of, status.light_cost) for status in counting),
        content=_trail((status.as_of, status.light_content) for status in counting),
        phases=_trail((status.as_of, status.phase) for status in counting),
    )


def _trail(told: Iterable[tuple[dt.date, Value | None]]) -> Trail[Value]:
    streaks: list[tuple[Value, dt.date, dt.date]] = []
    for day, value in told:
        if value is None:
            continue
        same = streaks and streaks[-1][0] is value
        since = streaks.pop()[1] if same else day
        streaks.append((value, since, day))
    return Trail(tuple(Step(*streak) for streak in streaks))
