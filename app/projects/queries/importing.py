"""What an import has to know: the plan, all names of institutions, and the projects whose numbers a file names."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor, Role
from app.people.models import Organisation, OrganisationName
from app.projects.importing.state import (
    ExistingCluster,
    ExistingField,
    ExistingMilestone,
    ExistingName,
    ExistingPeriod,
    ExistingProject,
    ExistingStatus,
    State,
    StatusValues,
)
from app.projects.models import (
    Cluster,
    DecisionNeed,
    Milestone,
    MilestoneDate,
    PlanField,
    PlanPeriod,
    Project,
    ProjectCode,
    ProjectEnd,
    ProjectField,
    ProjectPartner,
    StatusReport,
)
from app.projects.queries.projects import counting_reports
from app.projects.rules.needs import BY_HAND, Closing
from app.visibility import steered_periods

BATCH = 500


def load_import_state(
    session: Session, actor: Actor, codes: Collection[str], *, today: dt.date, lock: bool = False
) -> State:
    """Everything that rows with these project numbers are compared with.

    Of projects only those that the actor's bodies steer. ``lock`` holds their rows until the commit (never in a
    session that only reads).
    """
    ids = sorted(_project_ids(session, actor, codes))
    if lock:
        for chunk in chunks(ids):
            session.execute(
                sa.select(col(Project.id)).where(col(Project.id).in_(chunk)).order_by("id").with_for_update()
            )
    return State(
        today=today,
        periods=tuple(
            ExistingPeriod(*row)
            for row in _all(session, PlanPeriod.id, PlanPeriod.name, PlanPeriod.starts_on, PlanPeriod.ends_on)
        ),
        fields=tuple(
            ExistingField(*row)
            for row in _all(session, PlanField.id, PlanField.period_id, PlanField.name, PlanField.ends_on)
        ),
        clusters=tuple(
            ExistingCluster(*row) for row in _all(session, Cluster.id, Cluster.field_id, Cluster.name, Cluster.ends_on)
        ),
        names=known_names(session),
        projects=tuple(project for chunk in chunks(ids) for project in _projects(session, chunk)),
    )


def load_imported(session: Session, project_ids: Collection[int]) -> dict[int, Project]:
    """The rows of these projects as they are now, by id, for changing them."""
    found: dict[int, Project] = {}
    for chunk in chunks(sorted(project_ids)):
        statement = select(Project).where(col(Project.id).in_(chunk)).execution_options(populate_existing=True)
        found |= {row.id: row for row in session.exec(statement) if row.id is not None}
    return found


def load_milestones(session: Session, ids: Collection[int]) -> dict[int, Milestone]:
    """These milestones by id, for changing them."""
    found: dict[int, Milestone] = {}
    for chunk in chunks(sorted(ids)):
        rows = session.exec(select(Milestone).where(col(Milestone.id).in_(chunk)))
        found |= {row.id: row for row in rows if row.id is not None}
    return found


def load_reports(session: Session, ids: Collection[int]) -> dict[int, StatusReport]:
    """These status reports by id, for replacing them."""
    found: dict[int, StatusReport] = {}
    for chunk in chunks(sorted(ids)):
        rows = session.exec(select(StatusReport).where(col(StatusReport.id).in_(chunk)))
        found |= {row.id: row for row in rows if row.id is not None}
    return found


def last_positions(session: Session) -> tuple[dict[int | None, int], dict[int | None, int]]:
    """The last place taken in the fields of each period, and in the clusters of each field."""
    fields = session.execute(
        sa.select(col(PlanField.period_id), sa.func.max(PlanField.position)).group_by(col(PlanField.period_id))
    ).all()
    clusters = session.execute(
        sa.select(col(Cluster.field_id), sa.func.max(Cluster.position)).group_by(col(Cluster.field_id))
    ).all()
    return {row[0]: row[1] for row in fields}, {row[0]: row[1] for row in clusters}


def chunks(keys: list[Any]) -> Iterator[list[Any]]:
    """*keys* in pieces that fit into one statement."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _all(session: Session, *columns: Any) -> Iterable[Any]:
    return session.execute(sa.select(*(col(column) for column in columns)).order_by(col(columns[0]))).all()


def _project_ids(session: Session, actor: Actor, codes: Collection[str]) -> set[int]:
    periods = steered_periods(actor, actor.bodies_of(Role.SECRETARIAT))
    allowed: sa.ColumnElement[bool] = sa.true()
    if periods is not None:
        allowed = sa.or_(col(Project.period_id).in_(sorted(periods)), col(Project.period_id).is_(None))
    found: set[int] = set()
    for chunk in chunks(sorted(set(codes))):
        earlier = sa.select(col(ProjectCode.project_id)).where(col(ProjectCode.code).in_(chunk))
        named = sa.or_(col(Project.code).in_(chunk), col(Project.id).in_(earlier))
        found |= set(session.execute(sa.select(col(Project.id)).where(named, allowed)).scalars())
    return found


def known_names(session: Session) -> tuple[ExistingName, ...]:
    """Every dated name of every institution; those of merged ones lead to what they are now."""
    rows = session.execute(
        sa.select(
            sa.func.coalesce(Organisation.merged_into_id, Organisation.id),
            col(OrganisationName.long),
            col(OrganisationName.short),
            col(OrganisationName.valid_from),
            col(OrganisationName.valid_to),
            col(Organisation.merged_into_id).is_not(None),
        )
        .join(Organisation, col(Organisation.id) == OrganisationName.organisation_id)
        .order_by(col(OrganisationName.organisation_id), col(OrganisationName.id))
    ).all()
    return tuple(ExistingName(*row) for row in rows)


def _projects(session: Session, ids: list[int]) -> list[ExistingProject]:
    further = _grouped(session, ids, ProjectField.project_id, ProjectField.field_id, order=ProjectField.position)
    partners = _grouped(
        session, ids, ProjectPartner.project_id, ProjectPartner.organisation_id, order=ProjectPartner.position
    )
    earlier = _grouped(session, ids, ProjectCode.project_id, ProjectCode.code, ProjectCode.period_id)
    ends = _grouped(session, ids, ProjectEnd.project_id, ProjectEnd.told_on, ProjectEnd.ends_on)
    statuses, milestones, closings = _statuses(session, ids), _milestones(session, ids), _closings(session, ids)
    rows = session.execute(
        sa.select(
            *(
                col(getattr(Project, name))
                for name in ("id", "period_id", "code", "title", "field_id", "cluster_id", "lead_id", "starts_on")
            ),
            col(Project.ends_on),
            col(Project.stated_on),
        )
        .where(col(Project.id).in_(ids))
        .order_by(col(Project.id))
    ).all()
    return [
        ExistingProject(
            id=row.id,
            period_id=row.period_id,
            code=row.code,
            title=row.title,
            field_id=row.field_id,
            further_ids=tuple(found[0] for found in further[row.id]),
            cluster_id=row.cluster_id,
            lead_id=row.lead_id,
            partner_ids=tuple(found[0] for found in partners[row.id]),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            stated_on=row.stated_on,
            earlier=tuple((code, period_id) for code, period_id in earlier[row.id]),
            ends=dict(ends[row.id]),
            statuses=tuple(statuses[row.id]),
            milestones=tuple(milestones[row.id]),
            closings=tuple(closings[row.id]),
        )
        for row in rows
    ]


def _grouped(session: Session, ids: list[int], owner: Any, *columns: Any, order: Any = None) -> dict[int, list[Any]]:
    statement = sa.select(col(owner), *(col(column) for column in columns)).where(col(owner).in_(ids))
    statement = statement.order_by(*([] if order is None else [col(order)]), col(columns[0]))
    found: dict[int, list[Any]] = defaultdict(list)
    for key, *values in session.execute(statement).all():
        found[key].append(values)
    return found


def _statuses(session: Session, ids: list[int]) -> dict[int, list[ExistingStatus]]:
    found: dict[int, list[ExistingStatus]] = defaultdict(list)
    for row in session.exec(counting_reports(ids).order_by(col(StatusReport.as_of), col(StatusReport.id))):
        values = StatusValues(
            light=row.light,
            light_schedule=row.light_schedule,
            light_cost=row.light_cost,
            light_content=row.light_content,
            phase=row.phase,
            progress=row.progress,
            summary=row.summary,
            next_steps=row.next_steps,
            risks=row.risks,
            decision_need=row.decision_need,
        )
        found[row.project_id].append(ExistingStatus(row.id or 0, row.as_of, values))
    return found


def _milestones(session: Session, ids: list[int]) -> dict[int, list[ExistingMilestone]]:
    rows = session.execute(
        sa.select(col(Milestone.project_id), col(Milestone.id), col(Milestone.title), col(Milestone.done_on))
        .where(col(Milestone.project_id).in_(ids))
        .order_by(col(Milestone.position), col(Milestone.id))
    ).all()
    dates: dict[int, dict[dt.date, dt.date | None]] = defaultdict(dict)
    told = session.execute(
        sa.select(col(MilestoneDate.milestone_id), col(MilestoneDate.told_on), col(MilestoneDate.due_on))
        .join(Milestone, col(Milestone.id) == col(MilestoneDate.milestone_id))
        .where(col(Milestone.project_id).in_(ids))
    ).all()
    for milestone_id, told_on, due_on in told:
        dates[milestone_id][told_on] = due_on
    found: dict[int, list[ExistingMilestone]] = defaultdict(list)
    for project_id, milestone_id, title, done_on in rows:
        found[project_id].append(ExistingMilestone(milestone_id, title, done_on, dates[milestone_id]))
    return found


def _closings(session: Session, ids: list[int]) -> dict[int, list[Closing]]:
    rows = session.exec(
        select(DecisionNeed).where(
            col(DecisionNeed.project_id).in_(ids), col(DecisionNeed.closed_how).in_(sorted(BY_HAND))
        )
    )
    found: dict[int, list[Closing]] = defaultdict(list)
    for row in rows:
        if row.closed_on is not None and row.closed_how is not None:
            found[row.project_id].append(Closing(row.closed_on, row.closed_how, row.closed_reason, row.text))
    return found
