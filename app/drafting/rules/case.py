"""One project before the rules: its standing now, what the body was shown then, and whether there is news."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.drafting.rules.shown import UNKNOWN, Shown, ancestors, earlier_meetings, shown_at
from app.drafting.rules.standing import ENDED, Standing, standing
from app.drafting.schemas import BodyRules, DraftInputs, EarlierMeeting, ProjectFacts
from app.projects.models import Light


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the rules about one project look at.

    ``run``: the earlier meetings in a row, latest first, that were shown the light of ``then``; ``run_unowned`` how
    many of them had no item of the project's own. ``settled`` / ``carried``: an item about it had a settled outcome
    since it stands in its phase / something carried names it. ``superseded``: a successor reports in its place.
    """

    project: ProjectFacts
    now: Standing
    then: Shown
    previous: EarlierMeeting | None
    run: tuple[EarlierMeeting, ...]
    run_unowned: int
    settled: bool
    carried: bool
    superseded: bool
    as_of: dt.date
    round_opened_on: dt.date | None
    settings: BodyRules

    @property
    def news(self) -> bool:
        """Whether there is a new status since then: a later Stand than was shown, or other values than were shown.

        The second makes a correction of the shown status news (same Stand, other light), as is a report withdrawn.
        """
        if self.now.as_of is None:
            return self.then.known
        if self.then.until is None or self.now.as_of > self.then.until:
            return True
        return self.differs

    @property
    def differs(self) -> bool:
        """Whether light, a part's light or the phase is another now than was shown."""
        now = self.now
        parts = (now.schedule.value, now.cost.value, now.content.value)
        return (now.light, now.phase, parts) != (self.then.light, self.then.phase, self.then.parts)

    @property
    def silent(self) -> bool:
        """Whether a successor speaks in its place and the project itself has nothing new."""
        return self.superseded and not self.news

    @property
    def closed(self) -> bool:
        """Whether the body was already shown its end and nothing new came: no debate any more, only a line."""
        return self.now.phase in ENDED and self.then.phase in ENDED and not self.news


def previous_meeting(inputs: DraftInputs) -> EarlierMeeting | None:
    """The latest held meeting before this one that showed statuses."""
    return next(iter(earlier_meetings(inputs.earlier, inputs.meeting.on)), None)


def cases(inputs: DraftInputs, carried: Iterable[int]) -> tuple[Case, ...]:
    """One case per project, by id. *carried*: ids of the projects that something carried from before names."""
    projects = {project.id: project for project in inputs.projects}
    meetings = earlier_meetings(inputs.earlier, inputs.meeting.on)
    nows = {project.id: standing(project.statuses, inputs.as_of) for project in inputs.projects}
    superseded = superseded_projects(inputs.projects, nows, inputs.as_of)
    carried = frozenset(carried)
    rounds = [day for day in inputs.rounds if day <= inputs.as_of]
    found = []
    for project in sorted(inputs.projects, key=lambda project: project.id):
        shown = [shown_at(projects, project, meeting, inputs.as_of) for meeting in meetings]
        then = shown[0] if shown else UNKNOWN
        run = _run(meetings, shown)
        family = ancestors(projects, project)
        found.append(
            Case(
                project=project,
                now=nows[project.id],
                then=then,
                previous=meetings[0] if meetings else None,
                run=run,
                run_unowned=sum(1 for meeting in run if not meeting.own_items & family),
                settled=_settled(inputs, project, nows[project.id]),
                carried=project.id in carried,
                superseded=project.id in superseded,
                as_of=inputs.as_of,
                round_opened_on=max(rounds, default=None),
                settings=inputs.rules,
            )
        )
    return tuple(found)


def _run(meetings: tuple[EarlierMeeting, ...], shown: list[Shown]) -> tuple[EarlierMeeting, ...]:
    light: Light | None = shown[0].light if shown else None
    run = []
    for meeting, then in zip(meetings, shown, strict=True):
        if light is None or then.light is not light:
            break
        run.append(meeting)
    return tuple(run)


def _settled(inputs: DraftInputs, project: ProjectFacts, now: Standing) -> bool:
    """Whether it was settled, in a meeting or in writing, after its last report of another phase (if there is one)."""
    steps = now.phases.steps
    other = steps[-2].told_on if len(steps) > 1 else dt.date.min
    in_writing = any(project_id == project.id and day > other for project_id, day in inputs.resolved)
    return in_writing or any(project.id in meeting.settled and meeting.on > other for meeting in inputs.earlier)


def superseded_projects(projects: Iterable[ProjectFacts], nows: Mapping[int, Standing], on: dt.date) -> frozenset[int]:
    """Projects with a successor that speaks for them on *on*: it has reported, at least as late, and with a light.

    Until the successor has a light the last one of its predecessor still stands.
    """
    found = set()
    for successor in projects:
        for lineage in successor.predecessors:
            own, now = nows.get(lineage.project_id), nows[successor.id]
            if own is None or now.as_of is None or lineage.project_id == successor.id:
                continue
            effective = lineage.since is None or lineage.since <= on
            later = own.as_of is None or now.as_of >= own.as_of
            if effective and later and (now.light is not None or own.light is None):
                found.add(lineage.project_id)
    return frozenset(found)
