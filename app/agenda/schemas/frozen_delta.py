"""The frozen values of the changes since the last meeting: a format of its own, canonical and hashed like an agenda."""

import datetime as dt
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.projects.models import Light, Phase

FORMAT = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeltaProject(_Frozen):
    """A project on both days.

    ``was`` and ``is_now``: whether it counted then and counts now (known, not ended, not taken over by a successor).
    ``move`` says why it came or went, ``text`` how light or phase changed ("" = nothing to tell); ``news``: no rule
    speaks of this change, the line itself is the news. ``since``: the Stand at which the change began.
    """

    id: int
    code: str
    title: str
    field: str = ""
    was: bool
    is_now: bool
    then_light: Light | None = None
    now_light: Light | None = None
    then_phase: Phase | None = None
    now_phase: Phase | None = None
    move: str = ""
    text: str = ""
    news: bool = False
    since: dt.date | None = None

    @property
    def came(self) -> bool:
        """Whether it counts now and did not then."""
        return self.is_now and not self.was

    @property
    def went(self) -> bool:
        """Whether it counted then and does not now."""
        return self.was and not self.is_now


class DeltaBody(_Frozen):
    """The body with the names of the meeting's date."""

    id: int
    short_name: str
    name: str


class DeltaMeeting(_Frozen):
    """A meeting: the one that is prepared, or the earlier one that the present is compared with."""

    id: int
    label: str
    on: dt.date


class DeltaValues(_Frozen):
    """What changed from the last meeting to the Stichtag ``as_of``; ``then`` is None at the first meeting of a body.

    ``version`` is that of the release it was frozen with, 0 before. ``projects`` stand in the order of the plan.
    """

    format: int = FORMAT
    demo: bool = False
    body: DeltaBody
    meeting: DeltaMeeting
    version: int = 0
    released_at: dt.datetime | None = None
    reference: str = ""
    sender: str = ""
    then: DeltaMeeting | None = None
    as_of: dt.date
    projects: tuple[DeltaProject, ...] = ()


def write_delta(values: DeltaValues) -> str:
    """Canonical JSON: sorted keys, no white space, UTF-8. Equal values give equal text."""
    return json.dumps(values.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_delta(text: str) -> DeltaValues:
    """The values written by any format so far; ValueError for a format this program does not know."""
    plain: dict[str, Any] = json.loads(text)
    if plain.get("format") != FORMAT:
        raise ValueError(f"unknown format {plain.get('format')} of delta values")
    return DeltaValues.model_validate(plain)
