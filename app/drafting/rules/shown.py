"""What the body was shown about a project at an earlier meeting: the frozen row, else the reports of that date."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.drafting.rules.standing import Standing, standing
from app.drafting.schemas import EarlierMeeting, FrozenLight, Lineage, ProjectFacts
from app.projects.models import Light, LineageKind, Phase

_BADNESS = {None: 0, Light.GREEN: 1, Light.YELLOW: 2, Light.RED: 3}


@dataclass(frozen=True, slots=True)
class Shown:
    """A project as the body was shown it.

    ``as_of`` is the Stand of the shown light, ``phase_as_of`` of the shown phase; ``until`` the day up to which
    reports were known to the body (None = none were); ``frozen`` whether a release froze it; ``via`` the code of the
    predecessor the values come from.
    """

    light: Light | None = None
    phase: Phase = Phase.UNKNOWN
    parts: tuple[Light | None, Light | None, Light | None] = (None, None, None)
    as_of: dt.date | None = None
    phase_as_of: dt.date | None = None
    until: dt.date | None = None
    frozen: bool = False
    via: str = ""

    @property
    def known(self) -> bool:
        """Whether the body was shown any report."""
        return self.as_of is not None or self.light is not None


UNKNOWN = Shown()


def earlier_meetings(meetings: Iterable[EarlierMeeting], before: dt.date) -> tuple[EarlierMeeting, ...]:
    """The held meetings before *before* that showed statuses, latest first."""
    showing = (meeting for meeting in meetings if meeting.shows_status and meeting.on < before)
    return tuple(sorted(showing, key=lambda meeting: (meeting.on, meeting.id), reverse=True))


def shown_at(
    projects: Mapping[int, ProjectFacts], project: ProjectFacts, meeting: EarlierMeeting, as_of: dt.date
) -> Shown:
    """What *meeting* was shown about *project*: its own row or reports, or the worst of its predecessors'.

    Predecessors speak where the project itself had nothing to show, and where they were merged into it since.
    """
    return _shown_at(projects, project, meeting, as_of, frozenset())


def _shown_at(
    projects: Mapping[int, ProjectFacts],
    project: ProjectFacts,
    meeting: EarlierMeeting,
    as_of: dt.date,
    seen: frozenset[int],
) -> Shown:
    own = own_at(project, meeting)
    candidates = [own] if own.known else []
    for lineage in sorted(project.predecessors, key=lambda lineage: lineage.project_id):
        if lineage.project_id in seen | {project.id} or not _speaks(lineage, own, meeting, as_of):
            continue
        predecessor = projects.get(lineage.project_id) or _named_by_row(lineage.project_id, meeting)
        found = _shown_at(projects, predecessor, meeting, as_of, seen | {project.id})
        if found.known:
            candidates.append(replace(found, via=found.via or predecessor.code))
    if not candidates:
        return own
    worst = max(candidates, key=lambda shown: (_BADNESS[shown.light], not shown.via, shown.as_of or dt.date.min))
    return replace(worst, until=own.until if own.known else None) if worst.via else worst


def _named_by_row(project_id: int, meeting: EarlierMeeting) -> ProjectFacts:
    """A predecessor of a period that the body no longer steers: only its frozen row is known."""
    row = meeting.frozen.get(project_id, FrozenLight())
    return ProjectFacts(project_id, row.code, row.title)


def _speaks(lineage: Lineage, own: Shown, meeting: EarlierMeeting, as_of: dt.date) -> bool:
    if lineage.since is not None and lineage.since > as_of:
        return False
    merged_since = lineage.kind is LineageKind.MERGED and lineage.since is not None and lineage.since > meeting.on
    return not own.known or merged_since


def own_at(project: ProjectFacts, meeting: EarlierMeeting) -> Shown:
    """What *meeting* was shown about *project* itself, its predecessors left aside."""
    row = meeting.frozen.get(project.id)
    if row is not None:
        return _from_frozen(row)
    return _from_reports(standing(project.statuses, meeting.on), meeting.on)


def _from_frozen(row: FrozenLight) -> Shown:
    """The frozen *row* as what was shown, even when it holds no light."""
    parts = (row.light_schedule, row.light_cost, row.light_content)
    return Shown(row.light, row.phase or Phase.UNKNOWN, parts, row.as_of, row.as_of, row.as_of, frozen=True)


def _from_reports(then: Standing, on: dt.date) -> Shown:
    parts = (then.schedule.value, then.cost.value, then.content.value)
    light_day, phase_day = then.lights.told_on or then.as_of, then.phases.told_on or then.as_of
    return Shown(then.light, then.phase, parts, light_day, phase_day, until=on)


def ancestors(projects: Mapping[int, ProjectFacts], project: ProjectFacts) -> frozenset[int]:
    """The ids of *project* and of everything it came from."""
    found: set[int] = set()
    waiting = [project.id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            facts = projects.get(current)
            waiting.extend(lineage.project_id for lineage in (facts.predecessors if facts else ()))
    return frozenset(found)
