"""Comparing checked rows with what is known, project by project; the result is an ImportPlan."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app import text
from app.importing.columns import attribute_of, name_key
from app.importing.planned import Change, Outcome
from app.importing.rows import RowError
from app.projects.importing.columns import STATUS_COLUMNS, Column
from app.projects.importing.grouping import Group, MilestoneRow, Statement, group_rows, shown
from app.projects.importing.lookup import (
    Ambiguous,
    NewCluster,
    NewField,
    NewOrganisation,
    NewPeriod,
    OrganisationDirectory,
    PlanDirectory,
    ProjectDirectory,
)
from app.projects.importing.planned import (
    ImportPlan,
    MilestonePlan,
    ProjectPlan,
    ProjectValues,
    StatusPlan,
)
from app.projects.importing.rows import CheckedFile
from app.projects.importing.state import (
    ExistingMilestone,
    ExistingProject,
    ExistingStatus,
    State,
    StatusValues,
)
from app.projects.rules import dates
from app.projects.rules.needs import Telling, needs_from

_LIGHTS = (Column.LIGHT, Column.LIGHT_SCHEDULE, Column.LIGHT_COST, Column.LIGHT_CONTENT)
_MISSING = object()

Tellings = dict[dt.date, dt.date | None]


def plan_import(checked: CheckedFile, state: State) -> ImportPlan:
    """What importing *checked* into *state* would do. With ``errors`` (of the rows or between them) nothing may."""
    return _Planner(checked, state).plan()


class _Planner:
    """One comparison: the file, what is known, and the directories that find and invent what rows name."""

    def __init__(self, checked: CheckedFile, state: State) -> None:
        self._checked = checked
        self._state = state
        self._columns = checked.columns
        self._plan = PlanDirectory(state)
        self._organisations = OrganisationDirectory(state.names)
        self._errors: list[RowError] = list(checked.errors)
        self._notices: list[str] = []

    def plan(self) -> ImportPlan:
        groups, errors = group_rows(self._checked, self._plan, ProjectDirectory(self._state), self._state.today)
        self._errors.extend(errors)
        projects = tuple(self._project(group) for group in groups)
        used = _Used(projects)
        return ImportPlan(
            projects=projects,
            periods=tuple(used.periods),
            fields=tuple(used.fields),
            clusters=tuple(used.clusters),
            organisations=tuple(used.organisations),
            unknown=self._checked.unknown,
            notices=tuple(self._notices),
            errors=tuple(sorted(self._errors)),
        )

    def _project(self, group: Group) -> ProjectPlan:
        known = group.target.project
        newest = group.statements[-1]
        before = _known_values(known) if known else ProjectValues(group.target.period, "")
        wish = self._wish(newest, before, known)
        is_present = known is None or newest.on >= known.known_on
        after = wish if is_present else before
        changes = self._changes(before, wish, newest.on)
        if is_present:
            self._refuse_ended(newest, before, after)
        statuses = self._statuses(group.statements, known)
        milestones = _milestones(group.statements, known, self._columns)
        ends, end_changes = self._ends(group.statements, known)
        if group.target.notice:
            self._notices.append(group.target.notice)
        if changes and is_present and after.starts_on and after.ends_on and after.ends_on < after.starts_on:
            self._notices.append(f"{group.target.code}: Das Ende liegt vor dem Beginn.")
        outcome = _outcome(known, statuses, bool((is_present and changes) or milestones[1] or end_changes))
        stated_on = newest.on if is_present and (newest.dated or outcome is not Outcome.UNCHANGED) else None
        return ProjectPlan(
            lines=group.lines,
            code=known.code if known else group.target.code,
            title=after.title,
            period=self._plan.period_name(after.period),
            project_id=known.id if known else None,
            outcome=outcome,
            values=after if is_present and changes else None,
            changes=(*(changes if is_present else ()), *end_changes),
            kept=() if is_present else tuple(change.label for change in changes),
            stated_on=stated_on if known is None or stated_on != known.stated_on else None,
            ends=ends,
            statuses=tuple(statuses),
            milestones=tuple(milestones[0]),
        )

    def _refuse_ended(self, newest: Statement, before: ProjectValues, after: ProjectValues) -> None:
        """Nobody comes into a part of the plan that has ended; who is in it stays."""
        row, known = newest.row, {before.field, *before.further}
        for ref in dict.fromkeys((after.field, *after.further)):
            end = self._plan.ended_field(ref, newest.on)
            if end is not None and ref not in known:
                self._ended(row.line, Column.FIELDS, self._plan.field_name(ref), "Handlungsfeld", end)
        end = self._plan.ended_cluster(after.cluster, newest.on)
        if end is not None and after.cluster != before.cluster:
            self._ended(row.line, Column.CLUSTER, self._plan.cluster_name(after.cluster), "Themencluster", end)

    def _ended(self, line: int, column: Column, name: str, noun: str, end: dt.date) -> None:
        expected = f"ein {noun}, das zum Stand noch gilt; dieses galt bis {text.date(end)}"
        self._errors.append(RowError(line, column.value, name[:80], expected))

    # --- the project's own fields

    def _wish(self, statement: Statement, before: ProjectValues, known: ExistingProject | None) -> ProjectValues:
        """The fields as the newest statement wants them; columns that the file lacks stay as they are."""
        row, columns = statement.row, self._columns
        values: dict[str, Any] = {"title": row.title}
        if known is not None and known.period_id is None and statement.period is not None:
            values["period"] = statement.period
        period = values.get("period", before.period)
        field = before.field
        if Column.FIELDS in columns:
            fields = tuple(self._plan.field(period, name) for name in row.fields)
            field = fields[0] if fields else None
            values |= {"field": field, "further": fields[1:]}
        if Column.CLUSTER in columns:
            values["cluster"] = self._plan.cluster(field, row.cluster) if row.cluster else None
        if Column.LEAD in columns:
            leads = self._institutions(statement, Column.LEAD, (row.lead,) if row.lead else ())
            values["lead"] = leads[0] if leads else None
        if Column.PARTNERS in columns:
            values["partners"] = self._institutions(statement, Column.PARTNERS, row.partners)
        if Column.STARTS_ON in columns:
            values["starts_on"] = row.starts_on
        if Column.ENDS_ON in columns:
            values["ends_on"] = row.ends_on
        return replace(before, **values)

    def _institutions(
        self, statement: Statement, column: Column, names: tuple[str, ...]
    ) -> tuple[int | NewOrganisation, ...]:
        found: list[int | NewOrganisation] = []
        for name in names:
            try:
                reference = self._organisations.find(name, statement.on)
            except Ambiguous as problem:
                self._errors.append(RowError(statement.row.line, column.value, name, str(problem)))
                continue
            if reference not in found:
                found.append(reference)
        return tuple(found)

    def _changes(self, before: ProjectValues, after: ProjectValues, on: dt.date) -> list[Change]:
        plan, organisations = self._plan, self._organisations

        def fields(values: ProjectValues) -> str:
            chosen = [*([values.field] if values.field is not None else []), *values.further]
            return shown(tuple(plan.field_name(field) for field in chosen))

        def partners(values: ProjectValues) -> str:
            return shown(tuple(organisations.name(partner, on) for partner in values.partners))

        pairs: list[tuple[Column, bool, str, str]] = [
            (Column.TITLE, before.title == after.title, before.title, after.title),
            (
                Column.PERIOD,
                before.period == after.period,
                plan.period_name(before.period),
                plan.period_name(after.period),
            ),
            (
                Column.FIELDS,
                (before.field, set(before.further)) == (after.field, set(after.further)),
                fields(before),
                fields(after),
            ),
            (
                Column.CLUSTER,
                before.cluster == after.cluster,
                plan.cluster_name(before.cluster),
                plan.cluster_name(after.cluster),
            ),
            (
                Column.LEAD,
                before.lead == after.lead,
                organisations.name(before.lead, on),
                organisations.name(after.lead, on),
            ),
            (Column.PARTNERS, set(before.partners) == set(after.partners), partners(before), partners(after)),
            (
                Column.STARTS_ON,
                before.starts_on == after.starts_on,
                shown(before.starts_on),
                shown(after.starts_on),
            ),
            (Column.ENDS_ON, before.ends_on == after.ends_on, shown(before.ends_on), shown(after.ends_on)),
        ]
        return [Change(column.value, old, new, attribute_of(column)) for column, same, old, new in pairs if not same]

    # --- the end as told over time

    def _ends(
        self, statements: tuple[Statement, ...], known: ExistingProject | None
    ) -> tuple[Tellings, tuple[Change, ...]]:
        """Ends to store as told. An older Stand only completes the past: it never becomes the present end."""
        if Column.ENDS_ON not in self._columns:
            return {}, ()
        tellings: Tellings = dict(known.ends) if known else {}
        is_present = known is None or statements[-1].on >= known.known_on
        added: Tellings = {}
        changes: list[Change] = []
        for statement in statements:
            on, end = statement.on, statement.row.ends_on
            may_be_told = is_present or any(told_on > on for told_on in tellings)
            if not may_be_told or not _must_tell(tellings, on, end, dated=statement.dated):
                continue
            before = dates.known_on(tellings, on)
            is_past = statement is not statements[-1] or not is_present
            if is_past and known is not None and before != end:
                changes.append(Change(f"Ende (Stand {text.date(on)})", shown(before), shown(end)))
            tellings[on] = added[on] = end
        return added, tuple(changes)

    # --- statuses

    def _statuses(self, statements: tuple[Statement, ...], known: ExistingProject | None) -> list[StatusPlan]:
        stored = {status.on: status for status in known.statuses} if known else {}
        standing = {on: status.values for on, status in stored.items()}
        plans: list[StatusPlan] = []
        for statement in statements:
            existing = stored.get(statement.on)
            if statement.row.has_status or self._withdraws(statement, standing, known):
                values = self._status_values(statement, existing, standing, known)
                plan = self._status_plan(statement.on, values, existing, standing)
                if plan is not None:
                    plans.append(plan)
                    standing[statement.on] = values
        return plans

    def _withdraws(
        self,
        statement: Statement,
        standing: dict[dt.date, StatusValues],
        known: ExistingProject | None,
    ) -> bool:
        """Whether a row without any status still withdraws a need: only where the file has no other status column.

        Where it has, a row that leaves all of them empty reports no status (interface §4), so nothing is withdrawn.
        """
        only_needs = self._columns.intersection(STATUS_COLUMNS) == {Column.DECISION_NEED}
        return only_needs and _need_open(statement.on, standing, known)

    def _status_values(
        self,
        statement: Statement,
        existing: ExistingStatus | None,
        standing: dict[dt.date, StatusValues],
        known: ExistingProject | None,
    ) -> StatusValues:
        """The status of this Stand: the file's cells over the stored one, or over nothing.

        What a status does not tell (a light, the phase) stands as told last; so an absent column changes nothing.
        An empty light brings no new one: it leaves a stored light of the same Stand alone.
        """
        columns = self._columns
        start = existing.values if existing else StatusValues()
        values: dict[str, Any] = {}
        for column in STATUS_COLUMNS:
            value = statement.row.value(column)
            if column in columns and not (column in _LIGHTS and value is None):
                values[attribute_of(column)] = value
        silent = existing is not None and existing.values.decision_need is None
        if silent and not values.get("decision_need", "") and not _need_open(statement.on, standing, known):
            values.pop("decision_need", None)
        return replace(start, **values)

    def _status_plan(
        self,
        on: dt.date,
        values: StatusValues,
        existing: ExistingStatus | None,
        standing: dict[dt.date, StatusValues],
    ) -> StatusPlan | None:
        if existing is not None and _comparable(existing.values) == _comparable(values):
            return None
        before = existing.values if existing else _standing_values(on, standing)
        changes = []
        for column in STATUS_COLUMNS:
            name = attribute_of(column)
            old, new = shown(getattr(before, name)), shown(getattr(values, name))
            if (existing is not None and old != new) or (existing is None and new):
                changes.append(Change(column.value, old, new))
        return StatusPlan(on, values, existing.id if existing else None, tuple(changes))


class _Used:
    """The new periods, fields, clusters and institutions that the plans really refer to, each once, in order."""

    def __init__(self, projects: Iterable[ProjectPlan]) -> None:
        self.periods: dict[NewPeriod, None] = {}
        self.fields: dict[NewField, None] = {}
        self.clusters: dict[NewCluster, None] = {}
        self.organisations: dict[NewOrganisation, None] = {}
        for project in projects:
            if project.values is not None:
                self._add(project.values)

    def _add(self, values: ProjectValues) -> None:
        if isinstance(values.period, NewPeriod):
            self.periods[values.period] = None
        for field in (values.field, *values.further):
            if isinstance(field, NewField):
                self.fields[field] = None
        if isinstance(values.cluster, NewCluster):
            self.clusters[values.cluster] = None
            if isinstance(values.cluster.field, NewField):
                self.fields[values.cluster.field] = None
        for organisation in (values.lead, *values.partners):
            if isinstance(organisation, NewOrganisation):
                self.organisations[organisation] = None


def _known_values(project: ExistingProject) -> ProjectValues:
    return ProjectValues(
        period=project.period_id,
        title=project.title,
        field=project.field_id,
        further=project.further_ids,
        cluster=project.cluster_id,
        lead=project.lead_id,
        partners=project.partner_ids,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
    )


def _outcome(known: ExistingProject | None, statuses: list[StatusPlan], changed: bool) -> Outcome:
    if known is None:
        return Outcome.NEW
    if any(status.corrects_id is not None for status in statuses):
        return Outcome.CORRECTED
    return Outcome.CHANGED if changed or statuses else Outcome.UNCHANGED


def _must_tell(tellings: Tellings, on: dt.date, value: dt.date | None, *, dated: bool) -> bool:
    """Whether *value* has to be stored as told on *on*.

    A dated statement is stored even when it repeats the last one, so that a Stand in between, told later, cannot
    change what was known afterwards. An undated one (today) is stored only when it says something new.
    """
    if value is None and not any(told_on <= on for told_on in tellings):
        return False
    if not dated:
        return dates.known_on(tellings, on) != value
    return tellings.get(on, _MISSING) != value


def _milestones(
    statements: tuple[Statement, ...], known: ExistingProject | None, columns: frozenset[Column]
) -> tuple[list[MilestonePlan], bool]:
    """Milestones to store, and whether anything about them is news (not only told again)."""
    if Column.MILESTONE not in columns:
        return [], False
    drafts = {
        name_key(milestone.title): _MilestoneDraft(milestone) for milestone in (known.milestones if known else ())
    }
    known_on = known.known_on if known else dt.date.min
    for statement in statements:
        for row in statement.milestones:
            draft = drafts.setdefault(name_key(row.title), _MilestoneDraft(None, row.title))
            draft.tell(statement, row, columns, known_on)
    plans = [plan for plan in (draft.plan() for draft in drafts.values()) if plan is not None]
    return plans, any(plan.changes for plan in plans)


class _MilestoneDraft:
    """A milestone while statements about it are taken in, oldest first."""

    def __init__(self, known: ExistingMilestone | None, title: str = "") -> None:
        self._known = known
        self._title = known.title if known else title
        self._tellings: Tellings = dict(known.dates) if known else {}
        self._done_on = known.done_on if known else None
        self._told: Tellings = {}
        self._changes: list[Change] = []
        if known is None:
            self._changes.append(Change(Column.MILESTONE.value, "", self._title))

    def tell(self, statement: Statement, row: MilestoneRow, columns: frozenset[Column], known_on: dt.date) -> None:
        """Take in what *row* says. The done date of an older statement than the last known one is left aside."""
        on = statement.on
        if Column.DUE_ON in columns and _must_tell(self._tellings, on, row.due_on, dated=statement.dated):
            before = dates.known_on(self._tellings, on)
            if before != row.due_on:
                label = f"{Column.DUE_ON} „{self._title}“ (Stand {text.date(on)})"
                self._changes.append(Change(label, shown(before), shown(row.due_on)))
            self._tellings[on] = self._told[on] = row.due_on
        last = max(self._tellings, default=known_on if self._known else dt.date.min)
        if Column.DONE_ON in columns and on >= last and row.done_on != self._done_on:
            label = f"{Column.DONE_ON} „{self._title}“"
            self._changes.append(Change(label, shown(self._done_on), shown(row.done_on)))
            self._done_on = row.done_on

    def plan(self) -> MilestonePlan | None:
        """What is to be stored; None if nothing is."""
        if not self._told and not self._changes:
            return None
        identity = self._known.id if self._known else None
        return MilestonePlan(identity, self._title, self._done_on, self._told, tuple(self._changes))


def _standing_values(on: dt.date, standing: dict[dt.date, StatusValues]) -> StatusValues:
    """The lights, phase and progress that stand before the day *on*; its texts are not carried on."""
    found: dict[str, Any] = {}
    for day in sorted(standing, reverse=True):
        if day < on:
            for column in (*_LIGHTS, Column.PHASE, Column.PROGRESS):
                name = attribute_of(column)
                found[name] = found.get(name) if found.get(name) is not None else getattr(standing[day], name)
    return StatusValues(**found)


def _comparable(values: StatusValues) -> StatusValues:
    """*values* with texts as the import would clean them, so that white space makes no correction."""
    need = values.decision_need
    return replace(
        values,
        summary=text.clean(values.summary),
        next_steps=text.clean(values.next_steps),
        risks=text.clean(values.risks),
        decision_need=None if need is None else text.clean(need),
    )


def _need_open(on: dt.date, standing: dict[dt.date, StatusValues], known: ExistingProject | None) -> bool:
    """Whether a decision need told before the day *on* is still open then."""
    told = [Telling(day, values.decision_need) for day, values in standing.items() if day < on]
    closings = [closing for closing in (known.closings if known else ()) if closing.on < on]
    needs = needs_from(told, closings)
    return bool(needs) and needs[-1].is_open
