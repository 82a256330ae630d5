"""The import of projects and status: preview, and application in one write session."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Refused
from app.history.service import record, snapshot
from app.importing.planned import Change, Outcome
from app.importing.rows import RowsRefused
from app.people.models import Organisation, OrganisationName
from app.people.queries import live_organisations
from app.projects.importing.lookup import AnyRef, NewCluster, NewField, NewOrganisation, NewPeriod
from app.projects.importing.plan import plan_import
from app.projects.importing.planned import ImportPlan, MilestonePlan, ProjectPlan, ProjectValues
from app.projects.importing.rows import CheckedFile
from app.projects.models import (
    Cluster,
    Milestone,
    MilestoneDate,
    PlanField,
    PlanPeriod,
    Project,
    ProjectEnd,
    ProjectField,
    ProjectPartner,
    StatusReport,
    StatusSource,
    StatusState,
)
from app.projects.queries import importing as queries
from app.projects.rules import rights
from app.projects.service.needs import refresh_needs
from app.projects.service.status import SHOWN

_OVERTAKEN = (
    "Während des Imports hat jemand anders dieselben Projekte geändert. Nichts wurde übernommen; "
    "bitte versuchen Sie es noch einmal."
)


def preview_import(session: Session, actor: Actor, checked: CheckedFile) -> ImportPlan:
    """What an import would do, with all errors; nothing is written. Forbidden for all but a secretariat."""
    return _planned(session, actor, checked, lock=False)


def import_projects(session: Session, actor: Actor, checked: CheckedFile, *, file_name: str = "") -> ImportPlan:
    """Write everything that *checked* says, or nothing.

    Raises RowsRefused with every error, Forbidden for all but a secretariat, and Refused where a body of the actor
    does not steer a period, or somebody else wrote the same projects meanwhile. *file_name* is named as the reason.
    """
    plan = _planned(session, actor, checked, lock=True)
    if plan.errors:
        raise RowsRefused(plan.errors)
    named = {
        one
        for project in plan.projects
        if project.values
        for one in (project.values.lead, *project.values.partners)
        if isinstance(one, int)
    }
    if named - live_organisations(session, named):
        raise Refused(_OVERTAKEN)
    try:
        _Application(session, actor, file_name).apply(plan)
    except (IntegrityError, StaleDataError) as error:
        raise Refused(_OVERTAKEN) from error
    return plan


def _planned(session: Session, actor: Actor, checked: CheckedFile, *, lock: bool) -> ImportPlan:
    if not rights.may_create(actor):
        raise Forbidden()
    codes = {row.code for row in checked.rows}
    state = queries.load_import_state(session, actor, codes, today=clock.today(), lock=lock)
    plan = plan_import(checked, state)
    known = {project.id: project.period_id for project in state.projects}
    for project in plan.projects:
        period = project.values.period if project.values else known.get(project.project_id or 0)
        if not rights.may_run_period(actor, period if not isinstance(period, NewPeriod) else 0):
            raise Refused(
                f"Die Planperiode {project.period} steuert keines Ihrer Gremien. "
                "Deren Projekte kann nur die zuständige Geschäftsstelle einlesen."
            )
    return plan


class _Application:
    """One plan while it is written: new things first, then projects, then what hangs on them."""

    def __init__(self, session: Session, actor: Actor, file_name: str) -> None:
        self._session = session
        self._actor = actor
        self._reason = text.one_line(f"Import {file_name}")[:300]
        self._made: dict[AnyRef, int] = {}

    def apply(self, plan: ImportPlan) -> None:
        """Write *plan*; the caller commits."""
        self._create_plan(plan)
        self._create_organisations(plan.organisations)
        projects = self._write_projects(plan.projects)
        self._write_ends(plan.projects, projects)
        self._write_reports(plan.projects, projects)
        self._write_milestones(plan.projects, projects)
        self._session.flush()
        refresh_needs(self._session, [ident(projects[one.lines]) for one in plan.projects if one.statuses])

    # --- the plan and institutions

    def _create_plan(self, plan: ImportPlan) -> None:
        periods = {
            wish: PlanPeriod(name=wish.name, starts_on=wish.starts_on, ends_on=wish.ends_on) for wish in plan.periods
        }
        self._keep(periods, "period.create")
        field_places, cluster_places = queries.last_positions(self._session)
        fields: dict[NewField, PlanField] = {}
        for wish in plan.fields:
            period_id = self._id(wish.period)
            field_places[period_id] = place = field_places.get(period_id, 0) + 1
            fields[wish] = PlanField(period_id=period_id, name=wish.name, position=place)
        self._keep(fields, "field.create")
        clusters: dict[NewCluster, Cluster] = {}
        for group in plan.clusters:
            field_id = self._id(group.field)
            cluster_places[field_id] = place = cluster_places.get(field_id, 0) + 1
            clusters[group] = Cluster(field_id=field_id, name=group.name, position=place)
        self._keep(clusters, "cluster.create")

    def _create_organisations(self, wishes: Iterable[NewOrganisation]) -> None:
        made = {wish: Organisation() for wish in wishes}
        self._keep(made, "organisation.create")
        self._session.add_all(
            OrganisationName(organisation_id=ident(row), long=wish.name, sort_key=text.sort_key(wish.name))
            for wish, row in made.items()
        )

    def _keep(self, made: Mapping[Any, Any], verb: str) -> None:
        self._session.add_all(made.values())
        self._session.flush()
        for wish, row in made.items():
            self._made[wish] = ident(row)
            self._record(verb, row, wish.name, after={"name": wish.name})

    def _id(self, reference: AnyRef | None) -> int | None:
        return reference if reference is None or isinstance(reference, int) else self._made[reference]

    # --- projects

    def _write_projects(self, plans: tuple[ProjectPlan, ...]) -> dict[tuple[int, ...], Project]:
        """Projects created and changed; all that the plans are about, by the lines of the plan."""
        known = queries.load_imported(
            self._session, {plan.project_id for plan in plans if plan.project_id is not None and _writes(plan)}
        )
        projects: dict[tuple[int, ...], Project] = {}
        linked: list[tuple[Project, ProjectValues]] = []
        for plan in plans:
            if not _writes(plan):
                continue
            project = known[plan.project_id] if plan.project_id is not None else _new(plan)
            projects[plan.lines] = project
            if plan.values is not None:
                self._fill(project, plan.values)
                linked.append((project, plan.values))
                self._session.add(project)
        self._session.flush()
        self._note_stated(plans)
        self._link(linked)
        for plan in plans:
            if plan.changes and plan.lines in projects:
                verb = "project.create" if plan.outcome is Outcome.NEW else "project.change"
                self._record_changes(verb, projects[plan.lines], plan.changes)
        return projects

    def _fill(self, project: Project, values: ProjectValues) -> None:
        project.code_key = text.number_key(project.code)
        project.title, project.title_key = values.title, text.sort_key(values.title)
        project.period_id = self._id(values.period)
        project.field_id, project.cluster_id = self._id(values.field), self._id(values.cluster)
        project.lead_id = self._id(values.lead)
        project.starts_on, project.ends_on = values.starts_on, values.ends_on

    def _note_stated(self, plans: tuple[ProjectPlan, ...]) -> None:
        """The day of the fields rises without a new version: nobody's edit becomes stale by it."""
        rows = [
            {"key": plan.project_id, "day": plan.stated_on}
            for plan in plans
            if plan.project_id is not None and plan.stated_on is not None
        ]
        if rows:
            table = Project.__table__  # type: ignore[attr-defined]
            statement = sa.update(table).where(table.c.id == sa.bindparam("key")).values(stated_on=sa.bindparam("day"))
            self._session.connection().execute(statement, rows)

    def _link(self, linked: list[tuple[Project, ProjectValues]]) -> None:
        for chunk in queries.chunks([ident(project) for project, _ in linked]):
            self._session.execute(sa.delete(ProjectField).where(col(ProjectField.project_id).in_(chunk)))
            self._session.execute(sa.delete(ProjectPartner).where(col(ProjectPartner.project_id).in_(chunk)))
        for project, values in linked:
            key = ident(project)
            further = dict.fromkeys(self._id(field) for field in values.further)
            partners = dict.fromkeys(self._id(partner) for partner in values.partners)
            self._session.add_all(
                ProjectField(project_id=key, field_id=field, position=place)
                for place, field in enumerate(further)
                if field is not None and field != project.field_id
            )
            self._session.add_all(
                ProjectPartner(project_id=key, organisation_id=partner, position=place)
                for place, partner in enumerate(partners)
                if partner is not None
            )

    def _write_ends(self, plans: tuple[ProjectPlan, ...], projects: Mapping[tuple[int, ...], Project]) -> None:
        rows = [
            {"project_id": ident(projects[plan.lines]), "told_on": told_on, "ends_on": ends_on}
            for plan in plans
            for told_on, ends_on in plan.ends.items()
        ]
        self._replace(ProjectEnd, ("project_id", "told_on"), rows)

    # --- statuses

    def _write_reports(self, plans: tuple[ProjectPlan, ...], projects: Mapping[tuple[int, ...], Project]) -> None:
        corrected = queries.load_reports(
            self._session,
            {status.corrects_id for plan in plans for status in plan.statuses if status.corrects_id is not None},
        )
        before = {key: snapshot(report, *SHOWN) for key, report in corrected.items()}
        for report in corrected.values():
            report.valid = False
        self._session.add_all(corrected.values())
        self._session.flush()
        made: list[tuple[Project, StatusReport]] = []
        for plan in plans:
            for status in plan.statuses:
                project = projects[plan.lines]
                report = self._report(project, status.on, status.corrects_id)
                for name in type(status.values).__dataclass_fields__:
                    setattr(report, name, getattr(status.values, name))
                made.append((project, report))
        self._session.add_all(report for _, report in made)
        self._session.flush()
        for project, report in made:
            verb = "project.status.enter" if report.corrects_id is None else "project.status.correct"
            self._record(
                verb,
                project,
                f"{_label(project)}, Stand {text.date(report.as_of)}",
                before=before.get(report.corrects_id or 0, {}),
                after=snapshot(report, *SHOWN),
            )

    def _report(self, project: Project, as_of: dt.date, corrects_id: int | None) -> StatusReport:
        return StatusReport(
            project_id=ident(project),
            as_of=as_of,
            source=StatusSource.IMPORT,
            state=StatusState.ACCEPTED,
            corrects_id=corrects_id,
            correction_reason=self._reason if corrects_id is not None else "",
            created_at=clock.now(),
            created_by=self._actor.name,
        )

    # --- milestones

    def _write_milestones(self, plans: tuple[ProjectPlan, ...], projects: Mapping[tuple[int, ...], Project]) -> None:
        wishes = [(plan, milestone) for plan in plans for milestone in plan.milestones]
        known = queries.load_milestones(self._session, {one.id for _, one in wishes if one.id is not None})
        made: list[tuple[Milestone, MilestonePlan]] = []
        for place, (plan, wish) in enumerate(wishes):
            milestone = known.get(wish.id or 0) or Milestone(
                project_id=ident(projects[plan.lines]), title=wish.title, position=place
            )
            milestone.done_on = wish.done_on
            made.append((milestone, wish))
        self._session.add_all(milestone for milestone, _ in made)
        self._session.flush()
        rows = [
            {"milestone_id": ident(milestone), "told_on": told_on, "due_on": due_on}
            for milestone, wish in made
            for told_on, due_on in wish.told.items()
        ]
        self._replace(MilestoneDate, ("milestone_id", "told_on"), rows)
        for plan in plans:
            changes = [change for milestone in plan.milestones for change in milestone.changes]
            if changes:
                self._record_changes("project.milestones", projects[plan.lines], changes)

    def _replace(self, kind: type, keys: tuple[str, str], rows: list[dict[str, Any]]) -> None:
        """Store rows of a table with a double key; those that exist are replaced."""
        if not rows:
            return
        table = kind.__table__  # type: ignore[attr-defined]
        gone = sa.delete(table).where(*(table.c[key] == sa.bindparam(f"old_{key}") for key in keys))
        connection = self._session.connection()
        connection.execute(gone, [{f"old_{key}": row[key] for key in keys} for row in rows])
        connection.execute(sa.insert(table), rows)

    # --- history

    def _record_changes(self, verb: str, project: Project, changes: Iterable[Change]) -> None:
        named = [(change.name or change.label, change) for change in changes]
        self._record(
            verb,
            project,
            _label(project),
            before={name: change.before for name, change in named if change.before},
            after={name: change.after for name, change in named if change.after},
        )

    def _record(
        self,
        verb: str,
        thing: Any,
        label: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        record(
            self._session, self._actor, verb, thing, before=before, after=after, label=label[:200], reason=self._reason
        )


def _new(plan: ProjectPlan) -> Project:
    return Project(code=plan.code, code_key="", title=plan.title, title_key="", stated_on=plan.stated_on)


def _writes(plan: ProjectPlan) -> bool:
    """Whether anything hangs on the project's row: it is new, or something below it is written."""
    return bool(plan.project_id is None or plan.values or plan.ends or plan.statuses or plan.milestones)


def _label(project: Project) -> str:
    return f"{project.code} {project.title}"
