"""The frozen values of a released agenda: complete, canonical, hashed, with a reader for every format ever written."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.agenda.models import Edition, ItemKind, Level
from app.projects.models import Light, Phase

FORMAT = 2


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


class FrozenPaper(_Frozen):
    """A paper (Vorlage, Anlage, Tischvorlage) as it was enclosed: ``hash`` finds its bytes, ``size`` counts them."""

    id: int
    kind: str
    title: str
    version: int
    file_name: str
    media_type: str
    size: int
    hash: str
    level: Level = Level.INTERNAL


class FrozenGuest(_Frozen):
    """A person invited to an item, in words."""

    name: str
    function: str = ""


class Mark(StrEnum):
    """What a supplement did to an item."""

    NONE = ""
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class FrozenItem(_Frozen):
    """One TOP. ``number`` is fixed for ever ("4.1"); ``starts_at`` is the planned clock time (UTC).

    A withdrawn one (abgesetzt) keeps its number, with its reason; ``mark``: against the version before.
    """

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
    papers: tuple[FrozenPaper, ...] = ()
    guests: tuple[FrozenGuest, ...] = ()
    withdrawn: bool = False
    withdrawn_reason: str = ""
    mark: Mark = Mark.NONE


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
    """Time and place. ``label`` is "17. Sitzung" or "Sondersitzung"; ``sequence``, ``changed_at``: for calendars.

    ``entry`` tells how to get in (Hinweise zum Einlass).
    """

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
    entry: str = ""


class FrozenApproval(_Frozen):
    """The chair's yes before dispatch (Freigabe): by whom, when, how."""

    by: str
    on: dt.date
    how: str


class AgendaValues(_Frozen):
    """An agenda version as plain values; ``version`` 0 is an unreleased draft (then ``released_at`` is None).

    ``papers`` are those of the meeting as a whole; ``guest`` is the number of the one item of a guest's edition;
    ``supplement_reason`` says why there is a version after the first.
    """

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
    papers: tuple[FrozenPaper, ...] = ()
    guest: str = ""
    supplement_reason: str = ""


_PAPER_LEVELS: Mapping[Edition, frozenset[Level]] = {
    Edition.FULL: frozenset(Level),
    Edition.NON_CONFIDENTIAL: frozenset({Level.PUBLIC, Level.INTERNAL}),
    Edition.GUEST: frozenset({Level.PUBLIC, Level.INTERNAL}),
    Edition.PUBLIC: frozenset({Level.PUBLIC}),
}
"""Which papers each edition encloses (domain §6): attachments obey the edition."""


def enclosed(papers: tuple[FrozenPaper, ...], which: Edition) -> tuple[FrozenPaper, ...]:
    """The papers that the edition *which* encloses."""
    return tuple(paper for paper in papers if paper.level in _PAPER_LEVELS[which])


def with_enclosed(item: FrozenItem, which: Edition) -> FrozenItem:
    """The item with those of its papers that the edition encloses."""
    return item.model_copy(update={"papers": enclosed(item.papers, which)})


def edition(values: AgendaValues, which: Edition) -> AgendaValues:
    """What the readers of *which* get: without confidential items and papers, sections left empty, their minutes."""
    if which is Edition.FULL:
        return values.model_copy(update={"edition": which})
    sections = []
    for section in values.sections:
        items = tuple(with_enclosed(item, which) for item in section.items if item.level is not Level.CONFIDENTIAL)
        if items or section.standing:
            hidden = sum(item.minutes for item in section.items) - sum(item.minutes for item in items)
            minutes = max(section.minutes - hidden, 0)
            sections.append(section.model_copy(update={"items": items, "minutes": minutes}))
    papers = enclosed(values.papers, which)
    return values.model_copy(update={"edition": which, "sections": tuple(sections), "papers": papers})


def write_values(values: AgendaValues) -> str:
    """Canonical JSON: sorted keys, no white space, UTF-8. Equal values give equal text."""
    plain = values.model_dump(mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_values(text: str) -> str:
    """SHA-256 of the canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_values(text: str) -> AgendaValues:
    """The values written by any format so far; ValueError for a format this program does not know.

    Values of an older format lack what came later: writing them again gives another text, so what is kept is always
    shown with its stored text and hash.
    """
    plain: dict[str, Any] = json.loads(text)
    reader = _READERS.get(plain.get("format", 0))
    if reader is None:
        raise ValueError(f"unknown format {plain.get('format')} of agenda values")
    return reader(plain)


def _read_plain(plain: dict[str, Any]) -> AgendaValues:
    return AgendaValues.model_validate(plain)


_READERS = {1: _read_plain, 2: _read_plain}  # format 2 only added fields, each with a default
