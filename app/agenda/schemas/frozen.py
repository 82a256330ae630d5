"""The frozen values of a released agenda: complete, canonical, hashed, with a reader for every format ever written."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.agenda.models import Edition, ItemKind, Level
from app.projects.models import Light, Phase

FORMAT = 3


class FrozenValues(BaseModel):
    """Values that never change and know every field they hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FrozenProject(FrozenValues):
    """A project as an item shows it: with its light as of the Stichtag (``None`` = no report)."""

    id: int
    code: str
    title: str
    light: Light | None = None
    phase: Phase | None = None
    as_of: dt.date | None = None


class FrozenPaper(FrozenValues):
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


class FrozenGuest(FrozenValues):
    """A person invited to an item, in words; ``topic`` is the subject of the talk (Impuls), where there is one.

    ``person`` is their id: what they may read follows from what was released. Formats 1 and 2 do not know it.
    """

    name: str
    function: str = ""
    topic: str = ""
    person: int | None = None


class Mark(StrEnum):
    """What a supplement did to an item."""

    NONE = ""
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class FrozenItem(FrozenValues):
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


class FrozenSection(FrozenValues):
    """A section: its standing points (``standing``, words only) and its items. ``minutes`` counts the whole section."""

    number: str
    key: str
    title: str
    minutes: int
    starts_at: dt.datetime
    standing: tuple[str, ...] = ()
    items: tuple[FrozenItem, ...] = ()


class FrozenBody(FrozenValues):
    """The body with the names of the meeting's date."""

    id: int
    short_name: str
    name: str
    chair_title: str


class FrozenMeeting(FrozenValues):
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


class FrozenApproval(FrozenValues):
    """The chair's yes before dispatch (Freigabe): by whom, when, how."""

    by: str
    on: dt.date
    how: str


class AgendaValues(FrozenValues):
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
    """What the readers of *which* get; a guest's edition is of one item: ``guest_edition``.

    Without confidential items, papers, sections left empty by that, and their minutes. The public edition has public
    items only and of them number, title, kind, proposed decision and public papers.
    """
    if which is Edition.FULL:
        return values.model_copy(update={"edition": which})
    if which is Edition.PUBLIC:
        return _public_edition(values)
    if which is Edition.GUEST:
        raise ValueError("a guest's edition is of one item")
    sections = []
    for section in values.sections:
        items = tuple(with_enclosed(item, which) for item in section.items if item.level is not Level.CONFIDENTIAL)
        if items or section.standing:
            minutes = max(section.minutes - _minutes(section.items) + _minutes(items), 0)
            sections.append(section.model_copy(update={"items": items, "minutes": minutes}))
    papers = enclosed(values.papers, which)
    return values.model_copy(update={"edition": which, "sections": tuple(sections), "papers": papers})


def guest_edition(values: AgendaValues, number: str) -> AgendaValues | None:
    """What a guest of TOP *number* gets: the meeting's facts and that item alone; None for unknown and confidential.

    No other title, number or sum stands in it: the section counts this item only and begins with it.
    """
    for section in values.sections:
        for item in section.items:
            if item.number == number and item.level is not Level.CONFIDENTIAL:
                alone = {
                    "items": (with_enclosed(item, Edition.GUEST),),
                    "standing": (),
                    "minutes": _minutes((item,)),
                    "starts_at": item.starts_at,
                }
                return values.model_copy(
                    update={
                        "edition": Edition.GUEST,
                        "guest": number,
                        "sections": (section.model_copy(update=alone),),
                        "meeting": values.meeting.model_copy(update={"main_topic": ""}),
                        **_NOT_FOR_OTHERS,
                    }
                )
    return None


def number_of(values: AgendaValues, item_id: int) -> str:
    """The number of an item in *values*, empty for one that does not stand there."""
    return next((item.number for section in values.sections for item in section.items if item.id == item_id), "")


def _public_edition(values: AgendaValues) -> AgendaValues:
    sections = []
    begin = values.meeting.starts_at
    for section in values.sections:
        items = tuple(_public(item, begin) for item in section.items if item.level is Level.PUBLIC)
        if items:
            alone = {"items": items, "standing": (), "minutes": 0, "starts_at": begin}
            sections.append(section.model_copy(update=alone))
    return values.model_copy(
        update={
            "edition": Edition.PUBLIC,
            "sections": tuple(sections),
            "as_of": None,
            "meeting": values.meeting.model_copy(update={"main_topic": "", "entry": ""}),
            **_NOT_FOR_OTHERS,
            "papers": enclosed(values.papers, Edition.PUBLIC),
        }
    )


_NOT_FOR_OTHERS: dict[str, Any] = {
    "papers": (),
    "invitation": "",
    "approval": None,
    "late_reason": "",
    "supplement_reason": "",
}


def _public(item: FrozenItem, begin: dt.datetime) -> FrozenItem:
    """Number, title, kind, proposed decision, public papers; clock times would tell of what stands between."""
    return FrozenItem(
        id=item.id,
        number=item.number,
        title=item.title,
        kind=item.kind,
        minutes=0,
        starts_at=begin,
        proposed_decision=item.proposed_decision,
        level=item.level,
        papers=enclosed(item.papers, Edition.PUBLIC),
        withdrawn=item.withdrawn,
    )


def _minutes(items: Iterable[FrozenItem]) -> int:
    """The minutes that items take; withdrawn ones take none."""
    return sum(item.minutes for item in items if not item.withdrawn)


def write_values(values: AgendaValues) -> str:
    """The canonical text of an agenda: what is frozen and hashed."""
    return canonical(values)


def canonical(values: BaseModel) -> str:
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


_READERS = {1: _read_plain, 2: _read_plain, 3: _read_plain}  # later formats only added fields, each with a default
