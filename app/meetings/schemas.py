"""Shapes of meetings, with their field checks."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from app.validation import Line, Prose, RowId


def _in_our_time(moment: dt.datetime) -> dt.datetime:
    if not 1990 <= moment.year < 2200:
        raise ValueError("Bitte geben Sie ein Jahr zwischen 1990 und 2199 an.")
    return moment


When = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment with its offset, in a year for which deadlines can be counted."""


class MeetingIn(BaseModel):
    """A wish for a new meeting. Without ``number`` it gets the next one where the body counts its meetings."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    body: RowId
    starts_at: When
    ends_at: When
    place: Line = Field(default="", max_length=300)
    number: int | None = Field(default=None, ge=1, le=9999)
    special: bool = False
    without_status: bool = False
    main_topic: Line = Field(default="", max_length=300)
    length_minutes: int | None = Field(default=None, ge=15, le=600)
    entry_details: Prose = Field(default="", max_length=2000)
    source: Line = Field(default="", max_length=300)


class MeetingChange(BaseModel):
    """What may be changed without moving the meeting; absent fields stay."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    number: int | None = Field(default=None, ge=1, le=9999)
    special: bool | None = None
    without_status: bool | None = None
    main_topic: Line | None = Field(default=None, max_length=300)
    length_minutes: int | None = Field(default=None, ge=15, le=600)
    entry_details: Prose | None = Field(default=None, max_length=2000)


class MoveIn(BaseModel):
    """A new time and place; an absent place stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    starts_at: When
    ends_at: When
    place: Line | None = Field(default=None, max_length=300)


class CancelIn(BaseModel):
    """Why a meeting does not take place."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Prose = Field(default="", max_length=500)


class Deadline(BaseModel):
    """A deadline as pages show it. ``kept``: it had passed before the meeting was moved."""

    model_config = ConfigDict(frozen=True)

    kind: str
    title: str
    due_on: dt.date
    kept: bool
    passed: bool
