"""How the light of a project went: what it shows, since when, and what it showed before."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app import text
from app.projects.models import Light, StatusReport, StatusState
from app.projects.rules import words
from app.projects.rules.standing import Told

_RANK = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2}


@dataclass(frozen=True, slots=True)
class LightCourse:
    """``since`` is the Stand of the first report in a row with the present light; ``before`` the light until then."""

    light: Light | None = None
    since: dt.date | None = None
    before: Light | None = None
    before_as_of: dt.date | None = None

    @property
    def sentence(self) -> str:
        """rot seit 14.02.2026, zuvor gelb (Stand 30.09.2025): verschlechtert"""
        if self.light is None or self.since is None:
            return "Noch keine Ampel gemeldet."
        now = f"{words.LIGHTS[self.light]} seit {text.date(self.since)}"
        if self.before is None or self.before_as_of is None:
            return f"{now}, erste Meldung"
        trend = "verschlechtert" if _RANK[self.light] < _RANK[self.before] else "verbessert"
        return f"{now}, zuvor {words.LIGHTS[self.before]} (Stand {text.date(self.before_as_of)}): {trend}"


def counts(report: StatusReport) -> bool:
    """Whether rules look at the report: accepted, and not replaced by a correction."""
    return report.valid and report.state is StatusState.ACCEPTED


def light_course(reports: Iterable[Told]) -> LightCourse:
    """The course of counting reports in any order; those without a light leave the last light standing."""
    course = LightCourse()
    last: dt.date | None = None
    for report in sorted(reports, key=lambda report: report.as_of):
        if report.light is None:
            continue
        if report.light is not course.light:
            course = LightCourse(report.light, report.as_of, course.light, last)
        last = report.as_of
    return course
