"""Tables of the plan and its projects: periods, fields, projects, dated status reports, needs, milestones."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column, key_column


class Light(StrEnum):
    """The traffic light (Ampel) of a status report."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Phase(StrEnum):
    """Where a project stands in its life (domain §3, own definition)."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    ABORTED = "aborted"
    TRANSFERRED = "transferred"
    UNKNOWN = "unknown"


class StatusState(StrEnum):
    """Life of a status report; only accepted ones count."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class StatusSource(StrEnum):
    """Where a status report came from."""

    IMPORT = "import"
    SECRETARIAT = "secretariat"
    LEAD = "lead"


class LineageKind(StrEnum):
    """How a project goes on in another one."""

    CONTINUED = "continued"
    MERGED = "merged"
    SPLIT = "split"


class NeedEnd(StrEnum):
    """How a decision need was closed."""

    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class PlanPeriod(Versioned, table=True):
    """A plan period (Planperiode), e.g. "2022–2026". ``invented``: of the demo, beside the real ones."""

    __tablename__ = "plan_period"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    source: str = Field(default="", max_length=300)
    invented: bool = False


class PlanField(Versioned, table=True):
    """A field of action (Handlungsfeld) of a period; ``position`` is its place in the plan, from 1.

    After ``ends_on`` no project comes into it any more; those in it stay.
    """

    __tablename__ = "plan_field"
    __table_args__ = (
        sa.Index(
            "uq_plan_field_name",
            "period_id",
            "name",
            unique=True,
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_plan_field_name_alone",
            "name",
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int | None = Field(default=None, foreign_key="plan_period.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=200)
    position: int = 0
    ends_on: dt.date | None = None


class Cluster(Versioned, table=True):
    """A cluster of topics (Themencluster) in a field; ``position`` and ``ends_on`` as for a field."""

    __tablename__ = "cluster"
    __table_args__ = (
        sa.Index(
            "uq_cluster_name",
            "field_id",
            "name",
            unique=True,
            sqlite_where=sa.text("field_id IS NOT NULL"),
            postgresql_where=sa.text("field_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_cluster_name_alone",
            "name",
            unique=True,
            sqlite_where=sa.text("field_id IS NULL"),
            postgresql_where=sa.text("field_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    field_id: int | None = Field(default=None, foreign_key="plan_field.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=200)
    position: int = 0
    ends_on: dt.date | None = None


class Project(Versioned, table=True):
    """A project of the plan. ``code`` is its number within the period; ``code_key`` and ``title_key`` sort it.

    ``ends_on`` is the present end; every end ever told stands in ProjectEnd. ``stated_on`` is the day on which these
    fields were said (Stand of the import, today for a form): an import of an older Stand leaves them alone.
    """

    __tablename__ = "project"
    __table_args__ = (
        sa.Index(
            "uq_project_code",
            "period_id",
            "code",
            unique=True,
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_project_code_alone",
            "code",
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        ),
        sa.Index("ix_project_code_key", "code_key", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int | None = Field(default=None, foreign_key="plan_period.id", ondelete="RESTRICT", index=True)
    code: str = Field(max_length=60, index=True)
    code_key: str = Field(sa_type=key_column())
    title: str = Field(max_length=500)
    title_key: str = Field(sa_type=key_column())
    field_id: int | None = Field(default=None, foreign_key="plan_field.id", ondelete="RESTRICT", index=True)
    cluster_id: int | None = Field(default=None, foreign_key="cluster.id", ondelete="RESTRICT")
    lead_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    stated_on: dt.date | None = None
    funding: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=600)
    invented: bool = False


class ProjectCode(SQLModel, table=True):
    """An earlier number of a project: stays findable, and the import accepts it."""

    __tablename__ = "project_code"

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", ondelete="CASCADE", index=True)
    code: str = Field(max_length=60, index=True)
    period_id: int | None = Field(default=None, foreign_key="plan_period.id", ondelete="SET NULL")


class ProjectField(SQLModel, table=True):
    """A further field to which a project belongs beside its main one."""

    __tablename__ = "project_field"

    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE")
    field_id: int = Field(primary_key=True, foreign_key="plan_field.id", ondelete="CASCADE", index=True)
    position: int = 0


class ProjectPartner(SQLModel, table=True):
    """A partner institution of a project."""

    __tablename__ = "project_partner"

    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE")
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    position: int = 0


class ProjectLead(SQLModel, table=True):
    """A person who leads the project (Projektleitung), from–to: reads and reports on it."""

    __tablename__ = "project_lead"

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", ondelete="CASCADE", index=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class ProjectLineage(SQLModel, table=True):
    """``from_id`` goes on in ``to_id`` since ``since_on``: fortgeführt als, zusammengeführt mit, geteilt in."""

    __tablename__ = "project_lineage"
    __table_args__ = (sa.CheckConstraint("from_id <> to_id", name="not_itself"),)

    from_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE")
    to_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE", index=True)
    kind: LineageKind = Field(sa_type=enum_column(LineageKind))
    since_on: dt.date


class ProjectEnd(SQLModel, table=True):
    """The end of a project as told on a date (Stand); the same end may be told again: only a change is a move."""

    __tablename__ = "project_end"

    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE")
    told_on: dt.date = Field(primary_key=True)
    ends_on: dt.date | None = None


class StatusReport(SQLModel, table=True):
    """A dated status of a project (Sachstandsmeldung); ``as_of`` is its Stand.

    One valid, accepted report per project and Stand: a correction is a new row (``corrects_id``, with its reason) and
    sets ``valid`` of the old one to false. ``light`` None leaves the last light standing. ``decision_need``: a text
    opens or keeps a need, "" withdraws it, None is silent. ``rejection_reason`` is told to who submitted it.
    """

    __tablename__ = "status_report"
    __table_args__ = (
        sa.Index(
            "uq_status_report_valid",
            "project_id",
            "as_of",
            unique=True,
            sqlite_where=sa.text("valid AND state = 'accepted'"),
            postgresql_where=sa.text("valid AND state = 'accepted'"),
        ),
        sa.CheckConstraint("progress IS NULL OR progress BETWEEN 0 AND 100", name="progress"),
        sa.CheckConstraint("corrects_id IS NULL OR correction_reason <> ''", name="correction_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", ondelete="CASCADE", index=True)
    as_of: dt.date
    light: Light | None = Field(default=None, sa_type=enum_column(Light))
    light_schedule: Light | None = Field(default=None, sa_type=enum_column(Light, "light_schedule"))
    light_cost: Light | None = Field(default=None, sa_type=enum_column(Light, "light_cost"))
    light_content: Light | None = Field(default=None, sa_type=enum_column(Light, "light_content"))
    phase: Phase | None = Field(default=None, sa_type=enum_column(Phase))
    progress: int | None = None
    summary: str = ""
    next_steps: str = ""
    risks: str = ""
    decision_need: str | None = None
    state: StatusState = Field(default=StatusState.ACCEPTED, sa_type=enum_column(StatusState))
    source: StatusSource = Field(sa_type=enum_column(StatusSource))
    valid: bool = True
    corrects_id: int | None = Field(default=None, foreign_key="status_report.id", ondelete="RESTRICT")
    correction_reason: str = Field(default="", max_length=500)
    rejection_reason: str = Field(default="", max_length=500)
    created_at: dt.datetime
    created_by: str = Field(default="", max_length=200)


class DecisionNeed(SQLModel, table=True):
    """A need for a decision (Entscheidungsbedarf), opened by the status of ``opened_on``."""

    __tablename__ = "decision_need"
    __table_args__ = (
        sa.UniqueConstraint("project_id", "opened_on"),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_how IS NULL)", name="closing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", ondelete="CASCADE")
    opened_on: dt.date
    text: str
    closed_on: dt.date | None = None
    closed_how: NeedEnd | None = Field(default=None, sa_type=enum_column(NeedEnd))
    closed_reason: str = Field(default="", max_length=500)


class Milestone(SQLModel, table=True):
    """A milestone of a project. Its dates as told over time stand in MilestoneDate (first original, last current)."""

    __tablename__ = "milestone"
    __table_args__ = (sa.UniqueConstraint("project_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", ondelete="CASCADE")
    title: str = Field(max_length=300)
    done_on: dt.date | None = None
    position: int = 0


class MilestoneDate(SQLModel, table=True):
    """When a milestone was due, as told on a date (Stand; None = date withdrawn). Only a change is a move."""

    __tablename__ = "milestone_date"

    milestone_id: int = Field(primary_key=True, foreign_key="milestone.id", ondelete="CASCADE")
    told_on: dt.date = Field(primary_key=True)
    due_on: dt.date | None = None


class ProjectPaper(SQLModel, table=True):
    """A paper of a project; a paper hangs at one place only."""

    __tablename__ = "project_paper"

    paper_id: int = Field(primary_key=True, foreign_key="paper.id", ondelete="RESTRICT")
    project_id: int = Field(foreign_key="project.id", ondelete="RESTRICT", index=True)
    position: int = 0
