"""Where a project stands on a day: its counting reports folded in the order of their Stand (domain §4)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.projects.models import Light, Phase


class Told(Protocol):
    """What folding reads of a status report."""

    as_of: dt.date
    light: Light | None
    light_schedule: Light | None
    light_cost: Light | None
    light_content: Light | None
    phase: Phase | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The present lights and phase; ``light_as_of`` is the Stand of the report that told the light."""

    as_of: dt.date | None = None
    light: Light | None = None
    light_as_of: dt.date | None = None
    light_schedule: Light | None = None
    light_cost: Light | None = None
    light_content: Light | None = None
    phase: Phase | None = None


def standing(reports: Iterable[Told], on: dt.date | None = None) -> Standing:
    """Fold counting reports (accepted, valid) with a Stand up to *on* (None = all).

    What a report does not tell (a light, a part, the phase) stands as it was told last.
    """
    found = Standing()
    for report in sorted(reports, key=lambda report: report.as_of):
        if on is not None and report.as_of > on:
            break
        found = _after(found, report)
    return found


def _after(before: Standing, report: Told) -> Standing:
    return Standing(
        as_of=report.as_of,
        light=report.light or before.light,
        light_as_of=report.as_of if report.light else before.light_as_of,
        light_schedule=report.light_schedule or before.light_schedule,
        light_cost=report.light_cost or before.light_cost,
        light_content=report.light_content or before.light_content,
        phase=report.phase or before.phase,
    )
