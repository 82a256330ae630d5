"""A tiny memory that takes an import plan in, as the database would: for proving what happens the second time."""

import datetime as dt
import itertools
from dataclasses import dataclass, field, replace
from typing import Any

from app.projects.importing.lookup import NewCluster, NewField, NewOrganisation, NewPeriod
from app.projects.importing.plan import plan_import
from app.projects.importing.planned import ImportPlan, MilestonePlan, ProjectPlan
from app.projects.importing.rows import CheckedFile
from app.projects.importing.state import (
    ExistingCluster,
    ExistingField,
    ExistingMilestone,
    ExistingName,
    ExistingPeriod,
    ExistingProject,
    ExistingStatus,
    State,
)
from tests.projects.importing.files import TODAY, checked


@dataclass
class Memory:
    """Everything known, and files imported into it."""

    state: State = field(default_factory=lambda: State(TODAY))

    def __post_init__(self) -> None:
        self._ids = itertools.count(1000)
        self._made: dict[Any, int] = {}

    def plan(self, *lines: str, as_of: dt.date | None = None) -> ImportPlan:
        return plan_import(checked(*lines, as_of=as_of, today=self.state.today), self.state)

    def take(self, *lines: str, as_of: dt.date | None = None) -> ImportPlan:
        """Import a CSV; what it did."""
        plan = self.plan(*lines, as_of=as_of)
        assert not plan.errors, plan.errors
        self.apply(plan)
        return plan

    def take_file(self, file: CheckedFile) -> ImportPlan:
        plan = plan_import(file, self.state)
        self.apply(plan)
        return plan

    def project(self, code: str) -> ExistingProject:
        (found,) = [project for project in self.state.projects if project.code == code]
        return found

    def apply(self, plan: ImportPlan) -> None:
        state = self.state
        periods = tuple(
            ExistingPeriod(self._id(period), period.name, period.starts_on, period.ends_on) for period in plan.periods
        )
        fields = tuple(ExistingField(self._id(each), self._ref(each.period), each.name) for each in plan.fields)
        clusters = tuple(ExistingCluster(self._id(each), self._ref(each.field), each.name) for each in plan.clusters)
        names = tuple(ExistingName(self._id(each), each.name) for each in plan.organisations)
        known = {project.id: project for project in state.projects}
        for project in plan.projects:
            changed = self._project(project, known.get(project.project_id or 0))
            known[changed.id] = changed
        self.state = replace(
            state,
            periods=state.periods + periods,
            fields=state.fields + fields,
            clusters=state.clusters + clusters,
            names=state.names + names,
            projects=tuple(known.values()),
        )

    def _id(self, thing: NewPeriod | NewField | NewCluster | NewOrganisation) -> int:
        return self._made.setdefault(thing, next(self._ids))

    def _ref(self, reference: Any) -> Any:
        return self._made[reference] if reference is not None and not isinstance(reference, int) else reference

    def _project(self, plan: ProjectPlan, known: ExistingProject | None) -> ExistingProject:
        project = known or ExistingProject(next(self._ids), None, plan.code, "")
        if plan.values is not None:
            values = plan.values
            project = replace(
                project,
                period_id=self._ref(values.period),
                title=values.title,
                field_id=self._ref(values.field),
                further_ids=tuple(self._ref(each) for each in values.further),
                cluster_id=self._ref(values.cluster),
                lead_id=self._ref(values.lead),
                partner_ids=tuple(self._ref(each) for each in values.partners),
                starts_on=values.starts_on,
                ends_on=values.ends_on,
            )
        statuses = {status.on: status for status in project.statuses}
        for status in plan.statuses:
            assert (status.on in statuses) == (status.corrects_id is not None)
            statuses[status.on] = ExistingStatus(next(self._ids), status.on, status.values)
        milestones = {milestone.id: milestone for milestone in project.milestones}
        for milestone in plan.milestones:
            made = self._milestone(milestone, milestones.get(milestone.id or 0))
            milestones[made.id] = made
        return replace(
            project,
            stated_on=plan.stated_on or project.stated_on,
            ends={**project.ends, **plan.ends},
            statuses=tuple(statuses[on] for on in sorted(statuses)),
            milestones=tuple(milestones.values()),
        )

    def _milestone(self, plan: MilestonePlan, known: ExistingMilestone | None) -> ExistingMilestone:
        dates = {**(known.dates if known else {}), **plan.told}
        return ExistingMilestone(known.id if known else next(self._ids), plan.title, plan.done_on, dates)
