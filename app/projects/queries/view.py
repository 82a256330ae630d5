"""The page of one project: everything about it in a fixed number of queries."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.actor import Actor
from app.db import ident
from app.people.models import Person
from app.people.queries import names_on
from app.projects.models import (
    Cluster,
    DecisionNeed,
    LineageKind,
    Milestone,
    MilestoneDate,
    NeedEnd,
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    ProjectEnd,
    ProjectField,
    ProjectLead,
    ProjectLineage,
    ProjectPartner,
    StatusReport,
)
from app.projects.queries.projects import counting_reports, list_reports, readable_clause, readable_ids
from app.projects.rules import words
from app.projects.rules.course import LightCourse, counts, light_course
from app.projects.rules.dates import Dating, dating
from app.projects.rules.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone with the history of its date."""

    milestone: Milestone
    told: Mapping[dt.date, dt.date | None]
    dating: Dating


@dataclass(frozen=True, slots=True)
class NeedView:
    """A decision need as stored."""

    id: int
    opened_on: dt.date
    text: str
    closed_on: dt.date | None
    closed_how: NeedEnd | None
    closed_reason: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A project that came before or goes on after this one; ``word`` says how."""

    id: int
    code: str
    title: str
    period: str
    word: str
    since_on: dt.date
    kind: LineageKind


@dataclass(frozen=True, slots=True)
class LeadView:
    """A person who leads or led the project."""

    person_id: int
    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None

    def leads_on(self, day: dt.date) -> bool:
        """Whether the person leads the project on *day*."""
        return (self.valid_from or dt.date.min) <= day <= (self.valid_to or dt.date.max)


@dataclass(frozen=True, slots=True)
class ProjectView:
    """Everything the page of one project shows. ``reports``: every one the actor may read, latest Stand first."""

    project: Project
    period: str
    field: str
    further_fields: list[tuple[int, str]]
    cluster: str
    lead: str
    lead_short: str
    partners: list[tuple[int, str]]
    earlier_codes: list[tuple[str, int | None, str]]
    predecessors: list[Relative]
    successors: list[Relative]
    leads: list[LeadView]
    ends: Mapping[dt.date, dt.date | None]
    milestones: list[MilestoneView]
    needs: list[NeedView]
    reports: list[StatusReport]
    standing: Standing
    course: LightCourse

    @property
    def open_need(self) -> NeedView | None:
        """The decision need that waits for an answer."""
        return next((need for need in self.needs if need.closed_on is None), None)

    @property
    def next_milestone(self) -> MilestoneView | None:
        """The undone milestone that is due first; those without a date come last."""
        waiting = [one for one in self.milestones if one.milestone.done_on is None]
        return min(waiting, key=lambda one: (one.dating.current or dt.date.max, one.milestone.position), default=None)


def load_view(session: Session, actor: Actor, project: Project) -> ProjectView:
    """The page's values of a readable project; thirteen queries, whatever hangs on it."""
    key = ident(project)
    period, field, cluster = _plan_names(session, project)
    partners = _partner_ids(session, key)
    names = names_on(session, {*partners, *([project.lead_id] if project.lead_id else [])}, clock.today())
    lead = names.get(project.lead_id) if project.lead_id else None
    reports = list_reports(session, actor, project)
    counting = [report for report in reports if counts(report)]
    return ProjectView(
        project=project,
        period=period,
        field=field,
        further_fields=_further_fields(session, key),
        cluster=cluster,
        lead=lead.long if lead else "",
        lead_short=(lead.short or lead.long) if lead else "",
        partners=[(one, names[one].long) for one in partners if one in names],
        earlier_codes=_earlier_codes(session, key),
        predecessors=_relatives(session, actor, key, before=True),
        successors=_relatives(session, actor, key, before=False),
        leads=list_leads(session, key),
        ends=load_ends(session, key),
        milestones=list_milestones(session, key),
        needs=_needs(session, key),
        reports=reports,
        standing=standing(counting),
        course=light_course(counting),
    )


def last_summaries(session: Session, actor: Actor, project_ids: Collection[int]) -> dict[int, StatusReport]:
    """The last counting report with a summary of each project that the actor reads; two queries."""
    readable = readable_ids(session, actor, project_ids)
    found: dict[int, StatusReport] = {}
    if readable:
        rows = session.exec(
            counting_reports(readable).where(StatusReport.summary != "").order_by(col(StatusReport.as_of).desc())
        )
        for report in rows:
            found.setdefault(report.project_id, report)
    return found


def list_milestones(session: Session, project_id: int) -> list[MilestoneView]:
    """The milestones of a project by their current date, each with the history of its date; two queries."""
    rows = session.exec(select(Milestone).where(Milestone.project_id == project_id)).all()
    told: dict[int, dict[dt.date, dt.date | None]] = {}
    dates = session.exec(
        select(MilestoneDate)
        .join(Milestone, col(Milestone.id) == MilestoneDate.milestone_id)
        .where(Milestone.project_id == project_id)
        .order_by(col(MilestoneDate.told_on))
    )
    for row in dates:
        told.setdefault(row.milestone_id, {})[row.told_on] = row.due_on
    views = [MilestoneView(row, told.get(ident(row), {}), dating(told.get(ident(row), {}))) for row in rows]
    return sorted(
        views, key=lambda one: (one.dating.current or dt.date.max, one.milestone.position, ident(one.milestone))
    )


def load_ends(session: Session, project_id: int) -> dict[dt.date, dt.date | None]:
    """The ends of a project as told: ``{told_on: ends_on}`` in order."""
    rows = session.exec(
        select(ProjectEnd).where(ProjectEnd.project_id == project_id).order_by(col(ProjectEnd.told_on))
    ).all()
    return {row.told_on: row.ends_on for row in rows}


def list_leads(session: Session, project_id: int) -> list[LeadView]:
    """The persons who lead or led a project, latest first."""
    rows = session.exec(
        select(ProjectLead, Person)
        .join(Person, col(Person.id) == ProjectLead.person_id)
        .where(ProjectLead.project_id == project_id)
        .order_by(col(ProjectLead.valid_from).desc(), col(ProjectLead.id))
    ).all()
    return [LeadView(lead.person_id, person.name, lead.valid_from, lead.valid_to) for lead, person in rows]


def _plan_names(session: Session, project: Project) -> tuple[str, str, str]:
    row = session.execute(
        sa.select(col(PlanPeriod.name), col(PlanField.name), col(Cluster.name))
        .select_from(Project)
        .join(PlanPeriod, col(PlanPeriod.id) == col(Project.period_id), isouter=True)
        .join(PlanField, col(PlanField.id) == col(Project.field_id), isouter=True)
        .join(Cluster, col(Cluster.id) == col(Project.cluster_id), isouter=True)
        .where(col(Project.id) == project.id)
    ).one()
    return row[0] or "", row[1] or "", row[2] or ""


def _partner_ids(session: Session, project_id: int) -> list[int]:
    return list(
        session.exec(
            select(ProjectPartner.organisation_id)
            .where(ProjectPartner.project_id == project_id)
            .order_by(col(ProjectPartner.position), col(ProjectPartner.organisation_id))
        )
    )


def _further_fields(session: Session, project_id: int) -> list[tuple[int, str]]:
    rows = session.exec(
        select(PlanField)
        .join(ProjectField, col(ProjectField.field_id) == PlanField.id)
        .where(ProjectField.project_id == project_id)
        .order_by(col(ProjectField.position), col(PlanField.position))
    ).all()
    return [(ident(row), row.name) for row in rows]


def _earlier_codes(session: Session, project_id: int) -> list[tuple[str, int | None, str]]:
    rows = session.exec(
        select(ProjectCode, PlanPeriod.name)
        .join(PlanPeriod, col(PlanPeriod.id) == ProjectCode.period_id, isouter=True)
        .where(ProjectCode.project_id == project_id)
        .order_by(col(ProjectCode.id))
    ).all()
    return [(row.code, row.period_id, period or "") for row, period in rows]


def _relatives(session: Session, actor: Actor, project_id: int, *, before: bool) -> list[Relative]:
    """The readable projects from which this one came, or in which it goes on."""
    here, there = (
        (ProjectLineage.to_id, ProjectLineage.from_id) if before else (ProjectLineage.from_id, ProjectLineage.to_id)
    )
    rows = session.exec(
        select(ProjectLineage, Project, PlanPeriod.name)
        .join(Project, col(Project.id) == col(there))
        .join(PlanPeriod, col(PlanPeriod.id) == Project.period_id, isouter=True)
        .where(col(here) == project_id, readable_clause(actor))
        .order_by(col(ProjectLineage.since_on), col(Project.code_key))
    ).all()
    chosen = words.PREDECESSORS if before else words.LINEAGES
    return [
        Relative(ident(other), other.code, other.title, period or "", chosen[line.kind], line.since_on, line.kind)
        for line, other, period in rows
    ]


def _needs(session: Session, project_id: int) -> list[NeedView]:
    rows = session.exec(
        select(DecisionNeed)
        .where(DecisionNeed.project_id == project_id)
        .order_by(col(DecisionNeed.opened_on).desc(), col(DecisionNeed.id).desc())
    ).all()
    return [
        NeedView(ident(row), row.opened_on, row.text, row.closed_on, row.closed_how, row.closed_reason) for row in rows
    ]
