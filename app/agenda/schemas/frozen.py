"""The frozen values of a released agenda: complete, canonical, hashed, with a reader for every format ever written."""

import datetime as dt
import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.agenda.models import Edition, ItemKind, Level
from app.projects.models import Light, Phase

FORMAT = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrozenProject(_Frozen):
    """A project as an item shows it: with its light as of the Stichtag (``None`` = no report)."""

    id: int
    code: str
    title: str
    light: Light | None = None
    phase: Phase | None = None
    as_of: dt.date | None = None


class FrozenItem(_Frozen):
    """One TOP. ``number`` is fixed for ever ("4.1"); ``starts_at`` is the planned clock time (UTC)."""

    id: int
    number: str
    title: str
    kind: ItemKind
    minutes: int
    starts_at: dt.datetime
    presenter: str = ""
    occasion: str = ""
    proposed_decision: str = ""
    level: Level = Level.INTERNAL
    projects: tuple[FrozenProject, ...] = ()


class FrozenSection(_Frozen):
    """A section: its standing points (``standing``, words only) and its items. ``minutes`` counts the whole section."""

    number: str
    key: str
    title: str
    minutes: int
    starts_at: dt.datetime
    standing: tuple[str, ...] = ()
    items: tuple[FrozenItem, ...] = ()


class FrozenBody(_Frozen):
    """The body with the names of the meeting's date."""

    id: int
    short_name: str
    name: str
    chair_title: str


class FrozenMeeting(_Frozen):
    """Time and place. ``label`` is "17. Sitzung" or "Sondersitzung"; ``sequence``, ``changed_at``: for calendars."""

    id: int
    uid: str
    sequence: int
    changed_at: dt.datetime
    label: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    place: str
    main_topic: str = ""


class FrozenApproval(_Frozen):
    """The chair's yes before dispatch (Freigabe): by whom, when, how."""

    by: str
    on: dt.date
    how: str


class AgendaValues(_Frozen):
    """An agenda version as plain values; ``version`` 0 is an unreleased draft (then ``released_at`` is None)."""

    format: int = FORMAT
    demo: bool = False
    body: FrozenBody
    meeting: FrozenMeeting
    version: int
    edition: Edition = Edition.FULL
    as_of: dt.date | None
    released_at: dt.datetime | None
    approval: FrozenApproval | None = None
    late_reason: str = ""
    reference: str = ""
    letterhead: tuple[str, ...] = ()
    sender: str = ""
    invitation: str = ""
    length_minutes: int = 120
    sections: tuple[FrozenSection, ...] = ()


def edition(values: AgendaValues, which: Edition) -> AgendaValues:
    """What the readers of *which* get: without confidential items, sections left empty by that, and their minutes."""
    if which is Edition.FULL:
        return values.model_copy(update={"edition": which})
    sections = []
    for section in values.sections:
        items = tuple(item for item in section.items if item.level is not Level.CONFIDENTIAL)
        if items or section.standing:
            hidden = sum(item.minutes for item in section.items) - sum(item.minutes for item in items)
            minutes = max(section.minutes - hidden, 0)
            sections.append(section.model_copy(update={"items": items, "minutes": minutes}))
    return values.model_copy(update={"edition": which, "sections": tuple(sections)})


def write_values(values: AgendaValues) -> str:
    """Canonical JSON: sorted keys, no white space, UTF-8. Equal values give equal text."""
    plain = values.model_dump(mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_values(text: str) -> str:
    """SHA-256 of the canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_values(text: str) -> AgendaValues:
    """The values written by any format so far; ValueError for a format this program does not know."""
    plain: dict[str, Any] = json.loads(text)
    reader = _READERS.get(plain.get("format", 0))
    if reader is None:
        raise ValueError(f"unknown format {plain.get('format')} of agenda values")
    return reader(plain)


def _read_format_1(plain: dict[str, Any]) -> AgendaValues:
    return AgendaValues.model_validate(plain)


_READERS = {1: _read_format_1}
