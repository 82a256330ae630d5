"""What people send about an agenda: new items, changes, rejections, outcomes, releases."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from app.agenda.models import ItemKind, Level, Outcome, SectionKey


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ItemIn(_Wish):
    """An item of one's own."""

    title: str = Field(min_length=1, max_length=500)
    section: SectionKey
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: str = Field(default="", max_length=300)
    occasion: str = Field(default="", max_length=5000)
    proposed_decision: str = Field(default="", max_length=10000)
    level: Level = Level.INTERNAL
    projects: list[int] = Field(default_factory=list, max_length=200)


class ItemChange(_Wish):
    """Fields to change; absent ones stay. ``position`` counts from 1 within the section."""

    title: str | None = Field(default=None, min_length=1, max_length=500)
    section: SectionKey | None = None
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: str | None = Field(default=None, max_length=300)
    occasion: str | None = Field(default=None, max_length=5000)
    proposed_decision: str | None = Field(default=None, max_length=10000)
    level: Level | None = None
    projects: list[int] | None = Field(default=None, max_length=200)
    position: int | None = Field(default=None, ge=1, le=1000)


class RejectIn(_Wish):
    """Why something does not come onto the agenda, and when it shall come back (None: next meeting)."""

    reason: str = Field(min_length=1, max_length=500)
    resume_on: dt.date | None = None


class OutcomeIn(_Wish):
    """What became of an item. ``resume_on`` for what was put off until a date."""

    outcome: Outcome
    note: str = Field(default="", max_length=5000)
    resume_on: dt.date | None = None


class ReleaseIn(_Wish):
    """The release form: the chair's yes (Freigabe), and the reason where the dispatch is late."""

    approved_by: str = Field(default="", max_length=200)
    approved_on: dt.date | None = None
    approved_how: str = Field(default="", max_length=40)
    late_reason: str = Field(default="", max_length=500)
