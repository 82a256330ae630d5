"""What people send about action items, and the shapes in which lists show them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from app.actions.models import ActionState
from app.validation import Day, Line, Prose, RowId
from app.visibility import Level


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ActionIn(_Wish):
    """A new action item. It needs an institution or a person.

    ``given_on`` absent: the day of the item's meeting, else today. ``level`` and ``projects`` absent: those of the item
    or clause from which it comes.
    """

    title: Line = Field(min_length=1, max_length=500)
    details: Prose = Field(default="", max_length=10000)
    organisation: RowId | None = None
    person: RowId | None = None
    level: Level | None = None
    given_on: Day | None = None
    due_on: Day | None = None
    projects: list[RowId] | None = Field(default=None, max_length=200)


class ActionChange(_Wish):
    """Fields to change; absent ones stay. State and due date change by a report."""

    title: Line | None = Field(default=None, min_length=1, max_length=500)
    details: Prose | None = Field(default=None, max_length=10000)
    organisation: RowId | None = None
    person: RowId | None = None
    level: Level | None = None
    projects: list[RowId] | None = Field(default=None, max_length=200)


class ProgressIn(_Wish):
    """A dated step: what was done (``text``), a new state, or a new due date with its ``reason``.

    ``as_of`` is the day of the report (default: today).
    """

    state: ActionState | None = None
    as_of: Day | None = None
    text: Prose = Field(default="", max_length=5000)
    due_on: Day | None = None
    reason: Line = Field(default="", max_length=1000)


class Timing(StrEnum):
    """By what people look for actions: overdue ones, those that still run, those that are over."""

    OVERDUE = "overdue"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a list shows. ``mine``: own and one's institution's; ``q``: words of number, title, details."""

    q: str = ""
    mine: bool = False
    timing: Timing | None = None
    state: ActionState | None = None
    body_id: int | None = None
    organisation_id: int | None = None
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A project as a line names it."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as lists, documents and calendars show it.

    ``late_days``: for how many days it is overdue today, 0 where it is not. ``mine``: own or one's institution's.
    """

    id: int
    version: int
    body_id: int
    body: str
    number: str
    title: str
    details: str
    organisation_id: int | None
    organisation: str
    organisation_short: str
    person_id: int | None
    person: str
    level: Level
    state: ActionState
    given_on: dt.date
    first_due_on: dt.date | None
    due_on: dt.date | None
    done_on: dt.date | None
    item_id: int | None
    clause_id: int | None
    reported_in_id: int | None
    changed_at: dt.datetime
    changed_by: str
    projects: tuple[Named, ...] = ()
    late_days: int = 0
    mine: bool = False
    last_text: str = ""

    @property
    def who(self) -> str:
        """The institution (short) and the person who answer for it."""
        return ", ".join(part for part in (self.organisation_short, self.person) if part)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """A page of a list, the cursors of its neighbours, and how many there are by timing."""

    lines: list[ActionLine]
    counts: Mapping[str, int]
    previous: str | None
    next: str | None
