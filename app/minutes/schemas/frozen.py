"""The frozen values of minutes and of addenda: complete, canonical, hashed, with a reader for every format."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.agenda.models import Edition, ItemKind, Level, Outcome
from app.agenda.schemas.frozen import FrozenApproval, FrozenBody, FrozenMeeting, FrozenProject, FrozenValues
from app.attendance.models import PresenceRole
from app.decisions.models import Taking, Verb
from app.minutes.models import MinutesState

FORMAT = 1
EDITIONS = (Edition.FULL, Edition.NON_CONFIDENTIAL, Edition.PUBLIC)
"""The editions of minutes; guests get none (domain §6: their items end with the closing of the meeting)."""


class Attended(FrozenValues):
    """Somebody who was there from–to (``until_at`` None: to the end), or (``item``: its number) for one item only."""

    name: str
    role: PresenceRole
    remote: bool = False
    from_at: dt.datetime | None = None
    until_at: dt.datetime | None = None
    item: str = ""


class SeatLine(FrozenValues):
    """A seat of the meeting's date in order of protocol; nobody ``present``: ``absence`` says how (entschuldigt)."""

    institution: str
    title: str = ""
    voting: bool = True
    chair: bool = False
    members: tuple[str, ...] = ()
    present: tuple[Attended, ...] = ()
    absence: str = ""


class Led(FrozenValues):
    """Who led the meeting from–to."""

    name: str
    from_at: dt.datetime
    until_at: dt.datetime | None = None


class FrozenClause(FrozenValues):
    """A numbered clause; ``institution`` and ``person``: whom it charges or asks, by the names of the day."""

    position: int
    verb: Verb
    text: str
    institution: str = ""
    person: str = ""
    due_on: dt.date | None = None


class FrozenDecision(FrozenValues):
    """A decision as taken. ``number`` is "" before the meeting is closed (vorläufig)."""

    number: str = ""
    title: str = ""
    level: Level = Level.INTERNAL
    outcome: Outcome | None = None
    wording: str = ""
    taking: Taking = Taking.CONSENSUS
    yes: int | None = None
    no: int | None = None
    abstentions: int | None = None
    chair_vote: bool = False
    present: int | None = None
    entitled: int | None = None
    quorum: str = ""
    clauses: tuple[FrozenClause, ...] = ()


class FrozenAction(FrozenValues):
    """An action item as it was given."""

    number: str
    title: str
    level: Level = Level.INTERNAL
    institution: str = ""
    person: str = ""
    due_on: dt.date | None = None


class MinutesItem(FrozenValues):
    """One TOP as it was held: course of deliberation (``note``, Markdown) apart from its result.

    ``proposed``: what had been proposed; ``excluded``: who took no part, with the reason in the whole edition only.
    """

    id: int
    number: str
    title: str
    kind: ItemKind
    level: Level = Level.INTERNAL
    presenter: str = ""
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    note: str = ""
    proposed: str = ""
    outcome: Outcome | None = None
    outcome_note: str = ""
    resume_on: dt.date | None = None
    decision: FrozenDecision | None = None
    actions: tuple[FrozenAction, ...] = ()
    projects: tuple[FrozenProject, ...] = ()
    guests: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    withdrawn: bool = False
    withdrawn_reason: str = ""


class MinutesSection(FrozenValues):
    """A section of the agenda with its standing points and its items."""

    number: str
    key: str
    title: str
    standing: tuple[str, ...] = ()
    items: tuple[MinutesItem, ...] = ()


class MinutesValues(FrozenValues):
    """Minutes as plain values; ``version`` 0 is the working copy. ``made_at``: when this version was made.

    ``agenda_version``: of the agenda that was released last. ``results_only``: the course of deliberation was left out.
    ``approved_how``: in which meeting, or by silence. ``signatures``: the block at the end, as text.
    """

    format: int = FORMAT
    demo: bool = False
    body: FrozenBody
    meeting: FrozenMeeting
    version: int
    edition: Edition = Edition.FULL
    state: MinutesState = MinutesState.DRAFT
    made_at: dt.datetime | None = None
    objections_until: dt.date | None = None
    approval: FrozenApproval | None = None
    late_reason: str = ""
    approved_on: dt.date | None = None
    approved_how: str = ""
    agenda_version: int | None = None
    keeper: str = ""
    began_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    opening: str = ""
    closing: str = ""
    seats: tuple[SeatLine, ...] = ()
    others: tuple[Attended, ...] = ()
    chairs: tuple[Led, ...] = ()
    sections: tuple[MinutesSection, ...] = ()
    results_only: bool = False
    course_for_others: bool = True
    reference: str = ""
    letterhead: tuple[str, ...] = ()
    sender: str = ""
    signatures: tuple[str, ...] = ()


class AddendumValues(FrozenValues):
    """A dated addendum (Nachtrag) to the approved minutes whose version and hash it names."""

    format: int = FORMAT
    demo: bool = False
    body: FrozenBody
    meeting: FrozenMeeting
    edition: Edition = Edition.FULL
    serial: int
    item: str = ""
    item_title: str = ""
    level: Level = Level.INTERNAL
    text: str
    added_on: dt.date
    added_at: dt.datetime
    added_by: str = ""
    minutes_version: int
    minutes_hash: str
    approved_on: dt.date | None = None
    reference: str = ""
    letterhead: tuple[str, ...] = ()
    sender: str = ""


_LEVELS: Mapping[Edition, frozenset[Level]] = {
    Edition.FULL: frozenset(Level),
    Edition.NON_CONFIDENTIAL: frozenset({Level.PUBLIC, Level.INTERNAL}),
    Edition.PUBLIC: frozenset({Level.PUBLIC}),
}
"""What each edition tells of (domain §6)."""


def edition(values: MinutesValues, which: Edition) -> MinutesValues:
    """What the readers of *which* get.

    Without confidential items, decisions, actions and who was there for those alone. The public edition has public
    items only, of them results and wording, and no participants; where the body's rule says so, the edition without
    confidential items carries results only, too. ValueError for a guest's edition: there is none.
    """
    if which is Edition.FULL:
        return values.model_copy(update={"edition": which})
    if which is Edition.GUEST:
        raise ValueError("minutes have no edition for guests")
    public = which is Edition.PUBLIC
    levels, course = _LEVELS[which], values.course_for_others and not public
    sections = []
    for section in values.sections:
        items = tuple(
            _item(item, levels, course=course, public=public) for item in section.items if item.level in levels
        )
        if items or (section.standing and not public):
            standing = () if public else section.standing
            sections.append(section.model_copy(update={"items": items, "standing": standing}))
    numbers = {item.number for section in sections for item in section.items} | {""}
    here: dict[str, Any] = {
        "seats": tuple(_seat(seat, numbers) for seat in values.seats),
        "others": tuple(one for one in values.others if one.item in numbers),
    }
    if public:
        here = _NOT_PUBLIC
    if not course:
        here = {**here, "opening": "", "closing": "", "results_only": True}
    return values.model_copy(update={"edition": which, "sections": tuple(sections), **here})


_NOT_PUBLIC: dict[str, Any] = {
    "seats": (),
    "others": (),
    "chairs": (),
    "keeper": "",
    "signatures": (),
    "approval": None,
    "late_reason": "",
    "objections_until": None,
}


def _seat(seat: SeatLine, told: Iterable[str]) -> SeatLine:
    return seat.model_copy(update={"present": tuple(one for one in seat.present if one.item in told)})


def _item(item: MinutesItem, levels: frozenset[Level], *, course: bool, public: bool) -> MinutesItem:
    decision = item.decision if item.decision is not None and item.decision.level in levels else None
    hidden = item.decision is not None and decision is None
    less: dict[str, Any] = {
        "decision": decision,
        "actions": tuple(action for action in item.actions if action.level in levels),
        "excluded": tuple(name.partition(" (")[0] for name in item.excluded),
    }
    if hidden:
        less |= {"proposed": "", "outcome_note": ""}
    if not course:
        less |= {"note": ""}
    if public:
        less |= {"presenter": "", "guests": (), "excluded": (), "projects": (), "started_at": None, "ended_at": None}
        less |= {"outcome_note": "", "withdrawn_reason": ""}
        less["decision"] = _public(decision) if decision is not None else None
        less["actions"] = tuple(action.model_copy(update={"person": ""}) for action in less["actions"])
    return item.model_copy(update=less)


def _public(decision: FrozenDecision) -> FrozenDecision:
    """Without who was there, and naming institutions only."""
    clauses = tuple(one.model_copy(update={"person": ""}) for one in decision.clauses)
    return decision.model_copy(update={"present": None, "entitled": None, "quorum": "", "clauses": clauses})


def essence(values: MinutesValues) -> MinutesValues:
    """What was written, without state, version and the names and titles of the day: two are equal where no text,
    result, vote or presence was changed between them.
    """
    sections = tuple(
        section.model_copy(update={"items": tuple(item.model_copy(update={"projects": ()}) for item in section.items)})
        for section in values.sections
    )
    return MinutesValues(
        body=values.body.model_copy(update={"name": "", "short_name": "", "chair_title": ""}),
        meeting=values.meeting.model_copy(update={"sequence": 0, "changed_at": values.meeting.starts_at}),
        version=0,
        opening=values.opening,
        closing=values.closing,
        seats=values.seats,
        others=values.others,
        chairs=values.chairs,
        sections=sections,
    )


def write_minutes(values: MinutesValues | AddendumValues) -> str:
    """The canonical text: what is frozen and hashed. Equal values give equal text."""
    plain = values.model_dump(mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_minutes(text: str) -> MinutesValues:
    """The values written by any format so far; ValueError for one that this program does not know."""
    plain: dict[str, Any] = json.loads(text)
    if plain.get("format", 0) != FORMAT:
        raise ValueError(f"unknown format {plain.get('format')} of minutes")
    return MinutesValues.model_validate(plain)


def read_addendum(text: str) -> AddendumValues:
    """The values of an addendum; ValueError for a format that this program does not know."""
    plain: dict[str, Any] = json.loads(text)
    if plain.get("format", 0) != FORMAT:
        raise ValueError(f"unknown format {plain.get('format')} of an addendum")
    return AddendumValues.model_validate(plain)
