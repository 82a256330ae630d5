"""What people send about an agenda: new items, changes, rejections, outcomes, releases."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app import text
from app.agenda.models import ItemKind, Level, Outcome, SectionKey
from app.validation import Line, Prose, RowId


def _day(value: Any) -> Any:
    """German and ISO dates; anything else is left to the usual check."""
    try:
        return text.parse_date(value) if isinstance(value, str) else value
    except ValueError:
        return value


Day = Annotated[dt.date, BeforeValidator(_day), Field(ge=dt.date(1900, 1, 1), lt=dt.date(2200, 1, 1))]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ItemIn(_Wish):
    """An item of one's own."""

    title: Line = Field(min_length=1, max_length=500)
    section: SectionKey
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line = Field(default="", max_length=300)
    occasion: Prose = Field(default="", max_length=5000)
    proposed_decision: Prose = Field(default="", max_length=10000)
    level: Level = Level.INTERNAL
    projects: list[RowId] = Field(default_factory=list, max_length=200)


class ItemChange(_Wish):
    """Fields to change; absent ones stay. ``position`` counts from 1 within the section."""

    title: Line | None = Field(default=None, min_length=1, max_length=500)
    section: SectionKey | None = None
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line | None = Field(default=None, max_length=300)
    occasion: Prose | None = Field(default=None, max_length=5000)
    proposed_decision: Prose | None = Field(default=None, max_length=10000)
    level: Level | None = None
    projects: list[RowId] | None = Field(default=None, max_length=200)
    position: int | None = Field(default=None, ge=1, le=1000)


class PlaceIn(_Wish):
    """Where an item shall stand: the section and the place in it, counted from 1."""

    section: SectionKey
    position: int = Field(ge=1, le=1000)


class RejectIn(_Wish):
    """Why something does not come onto the agenda, and when it shall come back (None: next meeting)."""

    reason: Line = Field(min_length=1, max_length=500)
    resume_on: Day | None = None


class OutcomeIn(_Wish):
    """What became of an item. ``resume_on`` for what was put off until a date."""

    outcome: Outcome
    note: Prose = Field(default="", max_length=5000)
    resume_on: Day | None = None


class SpeakingNoteIn(_Wish):
    """The chair's own texts about an item; absent ones stay."""

    goal: Prose | None = Field(default=None, max_length=5000)
    key_messages: Prose | None = Field(default=None, max_length=10000)
    reactive: Prose | None = Field(default=None, max_length=10000)


class SpeakingFrameIn(_Wish):
    """What the chair says at the beginning and at the end; absent texts stay."""

    opening: Prose | None = Field(default=None, max_length=10000)
    closing: Prose | None = Field(default=None, max_length=10000)


class ReleaseIn(_Wish):
    """The release form: the chair's yes (Freigabe), and the reason where the dispatch is late."""

    approved_by: Line = Field(default="", max_length=200)
    approved_on: Day | None = None
    approved_how: Line = Field(default="", max_length=40)
    late_reason: Line = Field(default="", max_length=500)
