"""Shapes of meetings, with their field checks."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class MeetingIn(BaseModel):
    """A wish for a new meeting. Without ``number`` it gets the next one where the body counts its meetings."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    body: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str = Field(default="", max_length=300)
    number: int | None = Field(default=None, ge=1, le=9999)
    special: bool = False
    without_status: bool = False
    main_topic: str = Field(default="", max_length=300)
    length_minutes: int | None = Field(default=None, ge=15, le=600)
    source: str = Field(default="", max_length=300)


class MeetingChange(BaseModel):
    """What may be changed without moving the meeting; absent fields stay."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    number: int | None = Field(default=None, ge=1, le=9999)
    special: bool | None = None
    without_status: bool | None = None
    main_topic: str | None = Field(default=None, max_length=300)
    length_minutes: int | None = Field(default=None, ge=15, le=600)


class MoveIn(BaseModel):
    """A new time and place; an absent place stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str | None = Field(default=None, max_length=300)


class CancelIn(BaseModel):
    """Why a meeting does not take place."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(default="", max_length=500)


class Deadline(BaseModel):
    """A deadline as pages show it. ``kept``: it had passed before the meeting was moved."""

    model_config = ConfigDict(frozen=True)

    kind: str
    title: str
    due_on: dt.date
    kept: bool
    passed: bool
