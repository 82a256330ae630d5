"""How programs read projects."""

import datetime as dt
from collections.abc import Iterable

from app.api.schemas.thing import PREFIX, Shape, Thing
from app.db import ident
from app.projects.models import Light, LineageKind, NeedEnd, Phase, Project
from app.projects.queries.view import MilestoneView, NeedView, ProjectView, Relative
from app.projects.rules.course import counts
from app.projects.schemas import ProjectLine


class ProjectOut(Thing):
    """A project and where it stands now. ``period``, ``field``, ``cluster`` and ``lead`` are ids.

    ``as_of`` is the Stand of the latest status that counts, ``light_as_of`` that of the one that told the light;
    ``need`` is the text of the open decision need.
    """

    code: str
    title: str
    period: int | None
    period_name: str
    field: int | None
    field_name: str
    cluster: int | None
    cluster_name: str
    lead: int | None
    lead_name: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    as_of: dt.date | None
    light: Light | None
    light_as_of: dt.date | None
    phase: Phase | None
    progress: int | None
    need: str | None
    invented: bool


class Named(Shape):
    """Something else by its id and name."""

    id: int
    name: str


class EarlierCodeOut(Shape):
    """An earlier number of a project, in a plan period (id, null = none)."""

    code: str
    period: int | None


class RelativeOut(Shape):
    """A project that came before or goes on after this one."""

    id: int
    code: str
    title: str
    kind: LineageKind
    since_on: dt.date


class LeadOut(Shape):
    """A person who leads or led the project."""

    person: int
    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class MilestoneOut(Shape):
    """A milestone with the date told first and the date told last; ``moves`` counts the changes between."""

    id: int
    title: str
    original_on: dt.date | None
    due_on: dt.date | None
    moves: int
    done_on: dt.date | None


class NeedOut(Shape):
    """A decision need (Entscheidungsbedarf); open while ``closed_on`` is null."""

    id: int
    text: str
    opened_on: dt.date
    closed_on: dt.date | None
    closed_how: NeedEnd | None
    closed_reason: str


class StandingOut(Shape):
    """Where a project stands: what the latest status did not tell stands as it was told last."""

    as_of: dt.date | None
    light: Light | None
    light_as_of: dt.date | None
    light_since: dt.date | None
    light_before: Light | None
    light_schedule: Light | None
    light_cost: Light | None
    light_content: Light | None
    phase: Phase | None


class ProjectDetail(ProjectOut):
    """Everything about one project but its status reports, which are a list of their own."""

    funding: str
    source: str
    standing: StandingOut
    fields: list[Named]
    partners: list[Named]
    earlier_codes: list[EarlierCodeOut]
    predecessors: list[RelativeOut]
    successors: list[RelativeOut]
    leads: list[LeadOut]
    milestones: list[MilestoneOut]
    needs: list[NeedOut]


def project_out(line: ProjectLine, project: Project) -> ProjectOut:
    """A line of the list of projects, with the ids of its row."""
    return ProjectOut(
        id=line.id,
        version=line.version,
        url=f"{PREFIX}/projects/{line.id}",
        page=f"/projekte/{line.id}",
        code=line.code,
        title=line.title,
        period=project.period_id,
        period_name=line.period,
        field=project.field_id,
        field_name=line.field,
        cluster=project.cluster_id,
        cluster_name=line.cluster,
        lead=project.lead_id,
        lead_name=line.lead,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        as_of=line.as_of,
        light=line.light,
        light_as_of=line.light_as_of,
        phase=line.phase,
        progress=line.progress,
        need=line.need,
        invented=line.invented,
    )


def project_detail(view: ProjectView) -> ProjectDetail:
    """The values of the project's page."""
    project, now = view.project, view.standing
    told = (report.progress for report in view.reports if counts(report) and report.progress is not None)
    return ProjectDetail(
        id=ident(project),
        version=project.version,
        url=f"{PREFIX}/projects/{project.id}",
        page=f"/projekte/{project.id}",
        code=project.code,
        title=project.title,
        period=project.period_id,
        period_name=view.period,
        field=project.field_id,
        field_name=view.field,
        cluster=project.cluster_id,
        cluster_name=view.cluster,
        lead=project.lead_id,
        lead_name=view.lead,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        as_of=now.as_of,
        light=now.light,
        light_as_of=now.light_as_of,
        phase=now.phase,
        progress=next(told, None),
        need=view.open_need.text if view.open_need else None,
        invented=project.invented,
        funding=project.funding,
        source=project.source,
        standing=_standing(view),
        fields=[Named(id=key, name=name) for key, name in view.further_fields],
        partners=[Named(id=key, name=name) for key, name in view.partners],
        earlier_codes=[EarlierCodeOut(code=code, period=period) for code, period, _ in view.earlier_codes],
        predecessors=_relatives(view.predecessors),
        successors=_relatives(view.successors),
        leads=[
            LeadOut(person=one.person_id, name=one.name, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in view.leads
        ],
        milestones=[_milestone(one) for one in view.milestones],
        needs=[_need(one) for one in view.needs],
    )


def _standing(view: ProjectView) -> StandingOut:
    now = view.standing
    return StandingOut(
        as_of=now.as_of,
        light=now.light,
        light_as_of=now.light_as_of,
        light_since=view.course.since,
        light_before=view.course.before,
        light_schedule=now.light_schedule,
        light_cost=now.light_cost,
        light_content=now.light_content,
        phase=now.phase,
    )


def _relatives(found: Iterable[Relative]) -> list[RelativeOut]:
    return [
        RelativeOut(id=one.id, code=one.code, title=one.title, kind=one.kind, since_on=one.since_on) for one in found
    ]


def _milestone(view: MilestoneView) -> MilestoneOut:
    return MilestoneOut(
        id=ident(view.milestone),
        title=view.milestone.title,
        original_on=view.dating.original,
        due_on=view.dating.current,
        moves=view.dating.moves,
        done_on=view.milestone.done_on,
    )


def _need(need: NeedView) -> NeedOut:
    return NeedOut(
        id=need.id,
        text=need.text,
        opened_on=need.opened_on,
        closed_on=need.closed_on,
        closed_how=need.closed_how,
        closed_reason=need.closed_reason,
    )
