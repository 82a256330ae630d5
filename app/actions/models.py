"""Tables of action items: the action, its projects, and its dated steps."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column
from app.visibility import Level


class ActionState(StrEnum):
    """How far an action is: offen, in Arbeit, erledigt, aufgehoben."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


class Action(Versioned, table=True):
    """An action item (Arbeitsauftrag). ``number`` is "" while the meeting in which it arose is not closed.

    It comes from a clause (``clause_id``), from an item by hand (``item_id``), or from neither. ``first_due_on`` is the
    date it had at first, ``due_on`` the present one; ``reported_in_id`` the held meeting that carried it as done.
    ``folded``: its texts as lists search them.
    """

    __tablename__ = "action"
    __table_args__ = (
        sa.UniqueConstraint("body_id", "year", "serial"),
        sa.Index(
            "uq_action_number",
            "body_id",
            "number",
            unique=True,
            sqlite_where=sa.text("number <> ''"),
            postgresql_where=sa.text("number <> ''"),
        ),
        sa.Index("ix_action_body_state", "body_id", "state", "due_on"),
        sa.CheckConstraint("(year IS NULL) = (serial IS NULL)", name="series"),
        sa.CheckConstraint("serial IS NULL OR (serial > 0 AND number <> '')", name="serial"),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="RESTRICT")
    year: int | None = None
    serial: int | None = None
    number: str = Field(default="", max_length=60)
    title: str = Field(max_length=500)
    details: str = ""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    state: ActionState = Field(default=ActionState.OPEN, sa_type=enum_column(ActionState))
    given_on: dt.date
    first_due_on: dt.date | None = None
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    clause_id: int | None = Field(default=None, foreign_key="clause.id", ondelete="RESTRICT", unique=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    reported_in_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    folded: str = Field(default="", sa_column_kwargs={"server_default": ""})
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class ActionProject(SQLModel, table=True):
    """A project that an action is about."""

    __tablename__ = "action_project"

    action_id: int = Field(primary_key=True, foreign_key="action.id", ondelete="CASCADE")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="RESTRICT", index=True)
    position: int = 0


class ActionStep(SQLModel, table=True):
    """A dated step of an action: progress, a new state, or a new due date with its reason. Append only."""

    __tablename__ = "action_step"

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", ondelete="RESTRICT", index=True)
    state: ActionState = Field(sa_type=enum_column(ActionState))
    as_of: dt.date
    text: str = ""
    reason: str = Field(default="", max_length=1000)
    due_before: dt.date | None = None
    due_on: dt.date | None = None
    entered_at: dt.datetime
    entered_by: str = Field(default="", max_length=200)
