"""What people send about an agenda: new items, changes, rejections, outcomes, releases."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app import text
from app.agenda.models import DispatchWay, GuestRole, ItemKind, Level, Outcome, SectionKey
from app.validation import Line, Prose, RowId


def _day(value: Any) -> Any:
    """German and ISO dates; anything else is left to the usual check."""
    try:
        return text.parse_date(value) if isinstance(value, str) else value
    except ValueError:
        return value


Day = Annotated[dt.date, BeforeValidator(_day), Field(ge=dt.date(1900, 1, 1), lt=dt.date(2200, 1, 1))]


OCCASION = 20_000
"""Characters of an Anlass: the tables of decisions and actions are lines of it."""


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ItemIn(_Wish):
    """An item of one's own."""

    title: Line = Field(min_length=1, max_length=500)
    section: SectionKey
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line = Field(default="", max_length=300)
    occasion: Prose = Field(default="", max_length=OCCASION)
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
    occasion: Prose | None = Field(default=None, max_length=OCCASION)
    proposed_decision: Prose | None = Field(default=None, max_length=10000)
    level: Level | None = None
    projects: list[RowId] | None = Field(default=None, max_length=200)
    position: int | None = Field(default=None, ge=1, le=1000)


class PlaceIn(_Wish):
    """Where an item shall stand: the section and the place in it, counted from 1."""

    section: SectionKey
    position: int = Field(ge=1, le=1000)


class RejectIn(_Wish):
    """Why something does not come onto the agenda, and when it shall come back (None: next meeting).

    ``told``: what those who registered the topic are told; needed for registered topics, while the reason is internal.
    """

    reason: Line = Field(min_length=1, max_length=500)
    resume_on: Day | None = None
    told: Prose = Field(default="", max_length=2000)


class ProposalChange(_Wish):
    """What hands edit on an open proposal before accepting it; absent fields stay."""

    title: Line | None = Field(default=None, min_length=1, max_length=500)
    section: SectionKey | None = None
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line | None = Field(default=None, max_length=300)
    occasion: Prose | None = Field(default=None, max_length=OCCASION)
    proposed_decision: Prose | None = Field(default=None, max_length=10000)
    level: Level | None = None


class JoinIn(ProposalChange):
    """The proposals that become one item, and how it begins; absent fields are put together from theirs."""

    proposals: list[RowId] = Field(min_length=2, max_length=50)


class OtherMeetingIn(_Wish):
    """The coming meeting that something is put onto."""

    meeting: RowId


class TopicIn(_Wish):
    """An entry of one's own for the topic backlog."""

    body: RowId
    title: Line = Field(min_length=1, max_length=500)
    section: SectionKey
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line = Field(default="", max_length=300)
    occasion: Prose = Field(default="", max_length=OCCASION)
    proposed_decision: Prose = Field(default="", max_length=10000)
    level: Level = Level.INTERNAL
    projects: list[RowId] = Field(default_factory=list, max_length=200)
    why: Line = Field(min_length=1, max_length=500)
    resume_on: Day | None = None


class TopicChange(_Wish):
    """Fields of an entry to change; absent ones stay, ``resume_on`` null means the next meeting."""

    title: Line | None = Field(default=None, min_length=1, max_length=500)
    section: SectionKey | None = None
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line | None = Field(default=None, max_length=300)
    occasion: Prose | None = Field(default=None, max_length=OCCASION)
    proposed_decision: Prose | None = Field(default=None, max_length=10000)
    level: Level | None = None
    projects: list[RowId] | None = Field(default=None, max_length=200)
    why: Line | None = Field(default=None, min_length=1, max_length=500)
    resume_on: Day | None = None


class CloseTopicIn(_Wish):
    """Why an entry needs no meeting any more."""

    reason: Line = Field(min_length=1, max_length=500)


class OutcomeIn(_Wish):
    """What became of an item. ``resume_on`` for what was put off until a date."""

    outcome: Outcome
    note: Prose = Field(default="", max_length=5000)
    resume_on: Day | None = None


class GuestIn(_Wish):
    """Somebody known who comes to an item, as what, and the topic of the talk."""

    person: RowId
    role: GuestRole = GuestRole.GUEST
    topic: Line = Field(default="", max_length=300)


class GuestChange(_Wish):
    """What changes about a guest; absent fields stay."""

    role: GuestRole | None = None
    topic: Line | None = Field(default=None, max_length=300)


class NewGuestIn(_Wish):
    """Somebody who is not stored yet, with what they are where; an unknown ``organisation`` is created."""

    last_name: Line = Field(min_length=1, max_length=120)
    first_name: Line = Field(default="", max_length=120)
    title: Line = Field(default="", max_length=80)
    salutation: Line = Field(default="", max_length=40)
    email: Line = Field(default="", max_length=254)
    function: Line = Field(default="", max_length=200)
    organisation: Line = Field(default="", max_length=300)
    role: GuestRole = GuestRole.GUEST
    topic: Line = Field(default="", max_length=300)


class SpeakingNoteIn(_Wish):
    """The chair's own texts about an item; absent ones stay."""

    goal: Prose | None = Field(default=None, max_length=5000)
    key_messages: Prose | None = Field(default=None, max_length=10000)
    reactive: Prose | None = Field(default=None, max_length=10000)


class SpeakingFrameIn(_Wish):
    """What the chair says at the beginning and at the end; absent texts stay."""

    opening: Prose | None = Field(default=None, max_length=10000)
    closing: Prose | None = Field(default=None, max_length=10000)


class WithdrawIn(_Wish):
    """Why a released item is withdrawn (abgesetzt); the reason is printed."""

    reason: Line = Field(min_length=1, max_length=300)


class RevokeIn(_Wish):
    """Why a publication is revoked; readers who lose the document are not told, the history is."""

    reason: Line = Field(min_length=1, max_length=500)


class ReleaseIn(_Wish):
    """The release form: the chair's yes (Freigabe), and the reason where the dispatch is late.

    ``reason`` is a supplement's and printed in it; a first version has none.
    """

    approved_by: Line = Field(default="", max_length=200)
    approved_on: Day | None = None
    approved_how: Line = Field(default="", max_length=40)
    late_reason: Line = Field(default="", max_length=500)
    reason: Line = Field(default="", max_length=500)


class DispatchIn(_Wish):
    """Letters that left the house: to whom, how, on which day and by whom."""

    persons: list[RowId] = Field(max_length=500)
    way: DispatchWay
    sent_on: Day
    sent_by: Line = Field(min_length=1, max_length=200)


class RegistrationIn(_Wish):
    """A topic that somebody registers. ``seat`` null: for led projects; ``meeting`` null: the next meeting.

    ``urgency`` (Eilbedarf) is needed where the meeting's deadline is over; ``papers_on``: when the papers follow.
    """

    body: RowId
    meeting: RowId | None = None
    seat: RowId | None = None
    title: Line = Field(min_length=1, max_length=500)
    section: SectionKey = SectionKey.DEBATE
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line = Field(default="", max_length=300)
    occasion: Prose = Field(min_length=1, max_length=5000)
    proposed_decision: Prose = Field(default="", max_length=10000)
    level: Level = Level.INTERNAL
    projects: list[RowId] = Field(default_factory=list, max_length=200)
    papers_follow: bool = False
    papers_on: Day | None = None
    urgency: Prose = Field(default="", max_length=2000)


class RegistrationChange(_Wish):
    """Fields of a registration to change while it is eingegangen; absent ones stay. Seat and body stay for good."""

    meeting: RowId | None = None
    title: Line | None = Field(default=None, min_length=1, max_length=500)
    section: SectionKey | None = None
    kind: ItemKind | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    presenter: Line | None = Field(default=None, max_length=300)
    occasion: Prose | None = Field(default=None, min_length=1, max_length=5000)
    proposed_decision: Prose | None = Field(default=None, max_length=10000)
    level: Level | None = None
    projects: list[RowId] | None = Field(default=None, max_length=200)
    papers_follow: bool | None = None
    papers_on: Day | None = None
    urgency: Prose | None = Field(default=None, max_length=2000)


class ConsentIn(_Wish):
    """The chair's consent to a late topic: from whom, when, how (im System, E-Mail, mündlich)."""

    consent_by: Line = Field(min_length=1, max_length=200)
    consent_on: Day
    consent_how: Line = Field(min_length=1, max_length=40)


class DeclineIn(_Wish):
    """Why a registered topic is not taken up: the internal reason, what is told, and perhaps a Wiedervorlage."""

    reason: Line = Field(min_length=1, max_length=500)
    told: Prose = Field(min_length=1, max_length=2000)
    resume_on: Day | None = None
