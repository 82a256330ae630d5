"""What drafting takes in and gives out: frozen plain values, without tables, sessions or clocks."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from app.agenda.models import ItemKind, Level, Outcome, ProposalState, SectionKey
from app.agenda.schemas.frozen_delta import DeltaProject
from app.projects.models import Light, LineageKind, Phase


class Rule(StrEnum):
    """The names of the rules, as domain §4 writes them; their meaning stands in ``rules/table.py``."""

    DECISION_NEEDED = "decision_needed"
    PROJECT_PROPOSED = "project_proposed"
    TURNED_RED = "turned_red"
    STILL_RED = "still_red"
    STOPPED = "stopped"
    MILESTONE_OVERDUE = "milestone_overdue"
    WORSENED = "worsened"
    PART_RED = "part_red"
    IMPROVED = "improved"
    STILL_YELLOW = "still_yellow"
    RECOVERED = "recovered"
    COMPLETED = "completed"
    TRANSFERRED = "transferred"
    REPORT_MISSING = "report_missing"
    ITEM_DEFERRED = "item_deferred"
    BACKLOG = "backlog"
    ITEM_REGISTERED = "item_registered"
    DECISION_DUE = "decision_due"
    ACTION_OVERDUE = "action_overdue"
    MINUTES_PENDING = "minutes_pending"
    CIRCULAR_FAILED = "circular_failed"
    CIRCULAR_DONE = "circular_done"


# --- what goes in -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Status:
    """An accepted, valid status report. At most one per project and Stand (``as_of``); ``None`` = not mentioned."""

    as_of: dt.date
    light: Light | None = None
    light_schedule: Light | None = None
    light_cost: Light | None = None
    light_content: Light | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A decision need. ``closed_on``: Stand of the status that withdrew it, or day of the decision or closing."""

    text: str
    opened_on: dt.date
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Dating:
    """A date as somebody told it: ``told_on`` (the Stand of that report) says it is due on ``due_on`` (None: open)."""

    told_on: dt.date
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone with every date it ever had."""

    title: str
    datings: tuple[Dating, ...]
    done_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """One predecessor of a project; ``since`` is the day the lineage took effect, if known."""

    project_id: int
    kind: LineageKind
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A main Handlungsfeld and its place in the plan; fields of one name in several periods count as one."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Everything the rules know about one project.

    ``ends``: every project end ever told. ``plan_ends_on``: last day of its plan period.
    """

    id: int
    code: str
    title: str
    field: Field | None = None
    statuses: tuple[Status, ...] = ()
    needs: tuple[Need, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    ends: tuple[Dating, ...] = ()
    predecessors: tuple[Lineage, ...] = ()
    plan_ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class FrozenLight:
    """A project as a release froze it. ``as_of`` is the Stand of the latest status then (None = there was none).

    ``code``, ``title`` and ``field`` name it where the project itself is no longer among those the body steers.
    """

    light: Light | None = None
    phase: Phase | None = None
    light_schedule: Light | None = None
    light_cost: Light | None = None
    light_content: Light | None = None
    as_of: dt.date | None = None
    code: str = ""
    title: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class EarlierMeeting:
    """A held meeting of the body before this one.

    ``frozen``: the rows of its last agenda version, empty if nothing was frozen. ``own_items``: ids of projects that
    had an item of their own there (lines of grouped items do not count). ``settled``: ids of projects an item about
    which got a settled outcome. ``shows_status`` is False for a Sondersitzung "ohne Projektstände".
    """

    id: int
    on: dt.date
    frozen: Mapping[int, FrozenLight] = field(default_factory=lambda: MappingProxyType({}))
    own_items: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()
    shows_status: bool = True


@dataclass(frozen=True, slots=True)
class DeferredItem:
    """An item of an earlier meeting that has no successor yet (or only one on this very agenda).

    ``outcome`` None: its meeting was cancelled. ``resume_on`` is its Wiedervorlage, ``note`` what it waits for (or to
    whom it was referred), ``reported_on`` the day the receiver of a referral reported. ``minutes`` None = the
    section's usual time. ``meeting_label``: "17. Sitzung". ``grouped``: it was a grouped item, so it takes no reasons.
    ``occasion``: its Anlass where hands wrote it.
    """

    item_id: int
    title: str
    section: SectionKey
    kind: ItemKind
    outcome: Outcome | None
    meeting_label: str
    meeting_on: dt.date
    minutes: int | None = None
    level: Level = Level.INTERNAL
    proposed_decision: str = ""
    project_ids: tuple[int, ...] = ()
    resume_on: dt.date | None = None
    note: str = ""
    reported_on: dt.date | None = None
    grouped: bool = False
    presenter: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class BacklogEntry:
    """An open topic of the Themenspeicher, or one used by this very agenda.

    ``resume_on`` None = the next meeting; never that of ``from_meeting_id``, whose drafting put it away. ``grouped``:
    it was a grouped proposal, so it takes no reasons. ``occasion``: its Anlass where hands wrote it.
    """

    topic_id: int
    title: str
    section: SectionKey
    kind: ItemKind
    why: str
    stored_on: dt.date
    minutes: int | None = None
    level: Level = Level.INTERNAL
    proposed_decision: str = ""
    project_ids: tuple[int, ...] = ()
    resume_on: dt.date | None = None
    from_meeting_id: int | None = None
    grouped: bool = False
    presenter: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredTopic:
    """A topic that ``by`` registered. A late one needs ``urgency`` (Eilbedarf) and the chair's consent.

    ``occasion``: the Begründung that came with it.
    """

    registration_id: int
    title: str
    section: SectionKey
    kind: ItemKind
    by: str
    registered_at: dt.datetime
    minutes: int | None = None
    level: Level = Level.INTERNAL
    proposed_decision: str = ""
    project_ids: tuple[int, ...] = ()
    urgency: str = ""
    chair_consented: bool = False
    presenter: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class FollowedThing:
    """A decision or an action as it stood on the Stichtag: one line of the table that lists all of them.

    ``key`` is "decision:12"; ``rule`` the rule that lists it; ``taken_on`` the day it was taken or given. ``state``:
    in words, with what belongs to it. ``closed_on``: it is over since that day, and no held meeting has carried that.
    ``at_next``: without a date of its own (``due_on``) it is due at the next meeting.
    """

    key: str
    rule: Rule
    number: str
    title: str
    taken_on: dt.date
    state: str
    due_on: dt.date | None = None
    closed_on: dt.date | None = None
    at_next: bool = False
    level: Level = Level.INTERNAL


@dataclass(frozen=True, slots=True)
class EndedCircular:
    """A circular procedure that ended: ``adopted`` as the resolution ``number`` (Umlaufbeschluss), or failed.

    ``ended_on`` is the day of its end, ``note`` says why it was adopted or failed, ``grounds`` came with its text.
    """

    circular_id: int
    title: str
    adopted: bool
    ended_on: dt.date
    note: str = ""
    number: str = ""
    wording: str = ""
    grounds: str = ""
    level: Level = Level.INTERNAL
    project_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingMinutes:
    """Minutes of an earlier meeting that are not approved; ``until``: the last day for objections, once it was sent."""

    meeting_id: int
    label: str
    held_on: dt.date
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where something already is: another coming agenda of this body or a running circular procedure.

    ``label``: "Tagesordnung der 18. Sitzung am 12.11.2026" or "Umlaufverfahren „Satzung“". ``project_ids``: the
    projects it is about (lines of grouped items do not count). ``keys``: carried proposals it took up.
    """

    label: str
    project_ids: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item that stands on this agenda already. ``keys``: the proposals it came from, empty for one typed by hand.

    ``mandatory``: a deferred or duly registered item (decisions, Regularien and Schwerpunktthema are so anyway).
    """

    title: str
    section: SectionKey
    minutes: int
    keys: tuple[str, ...] = ()
    project_ids: tuple[int, ...] = ()
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The meeting the agenda is for. ``registration_closes_on``: last day (24:00 Europe/Berlin) to register topics."""

    id: int
    on: dt.date
    main_topic: str = ""
    registration_closes_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SectionTime:
    """Minutes of a section: per item, or once ``in_all``; ``always``: it has standing points and is never left out."""

    minutes: int
    in_all: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True)
class BodyRules:
    """The body's settings for drafting; every default is an own definition ([O] in domain §4).

    ``weights`` and ``times`` override the defaults of ``rules/table.py``. ``length`` is the meeting's, in minutes.
    Days are calendar days.
    """

    weights: Mapping[Rule, int] = field(default_factory=lambda: MappingProxyType({}))
    times: Mapping[SectionKey, SectionTime] = field(default_factory=lambda: MappingProxyType({}))
    length: int = 120
    further_rule: int = 5
    still_red_step: int = 15
    still_yellow_from: int = 3
    late_days: int = 30
    moved_days: int = 90
    moved_times: int = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is proposed: the rule, one German sentence, the project's code, and the day it holds since.

    ``gone`` marks a reason of an earlier draft that no longer holds; its text then begins with "entfallen". ``thing``:
    the decision or action ("decision:12") of which it is the line, ``closed`` whether that line says that it is over.
    """

    rule: Rule
    text: str
    project: str | None = None
    since: dt.date | None = None
    gone: bool = False
    thing: str | None = None
    closed: bool = False

    @property
    def name(self) -> tuple[Rule, str | None, str | None]:
        """What makes it the same reason in another draft, whatever its words."""
        return self.rule, self.project, self.thing


def sentences_of(reasons: Iterable[Reason], many: bool) -> str:
    """The reasons that hold, one sentence each; where *many* projects are named, each says which it is about.

    Why something lay in the Themenspeicher is for secretariat and chair (domain §4), so it is left out. Decisions and
    actions are lines of a table: one below the other.
    """
    reasons = tuple(reasons)
    if any(reason.thing for reason in reasons):
        return "\n".join(reason.text for reason in reasons if reason.thing and not reason.gone)
    texts = [
        f"{reason.project}: {reason.text}" if many and reason.project else reason.text
        for reason in reasons
        if not reason.gone and reason.rule is not Rule.BACKLOG
    ]
    return " ".join(said if said.endswith(("?", "!", "…")) else f"{said}." for said in texts)


@dataclass(frozen=True, slots=True)
class ProjectRef:
    """A project as a proposal names it."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed item. ``key`` is stable: "project:12", "item:55", "topic:7", "registration:3", "circular:4",
    "minutes:5" (the meeting they are of), "missing", "red", or one of those of rules/followed.py.

    ``minutes`` is 0 where the section has one time in all. ``mandatory``: it always stays, whatever the length.
    ``fits``: it has its place in the meeting's length. ``taken_by``: where its project or topic already is; then it
    cannot be accepted a second time. ``text``: the Anlass that it brings with it, else its reasons make one.
    """

    key: str
    section: SectionKey
    kind: ItemKind
    title: str
    minutes: int
    score: int
    reasons: tuple[Reason, ...]
    projects: tuple[ProjectRef, ...] = ()
    mandatory: bool = False
    fits: bool = True
    taken_by: str = ""
    level: Level = Level.INTERNAL
    proposed_decision: str = ""
    presenter: str = ""
    text: str = ""

    @property
    def acceptable(self) -> bool:
        """False when it is already on a coming agenda or in a running circular."""
        return not self.taken_by

    @property
    def rules(self) -> frozenset[tuple[Rule, str | None, str | None]]:
        """The rules that hold, each with its project's code, or its decision or action."""
        return frozenset(reason.name for reason in self.reasons if not reason.gone)

    @property
    def gone(self) -> bool:
        """True when an earlier draft proposed this and nothing of it holds any more."""
        return all(reason.gone for reason in self.reasons)

    @property
    def occasion(self) -> str:
        """A first wording of the printed Anlass: what it brings with it, else the sentences of its reasons."""
        if self.text:
            return self.text
        return sentences_of(self.reasons, len(self.projects) > 1)


@dataclass(frozen=True, slots=True)
class ExistingProposal:
    """A proposal of an earlier draft as it is stored. ``edited``: changed by hand, so never touched again."""

    proposal: Proposal
    state: ProposalState = ProposalState.OPEN
    edited: bool = False


@dataclass(frozen=True, slots=True)
class DraftInputs:
    """All that drafting looks at. The order of the tuples means nothing.

    ``circulars``: those that this meeting must hear of; ``resolved``: (project, day) of every resolution in writing.
    ``projects`` are those of the periods the body steers. ``rounds``: the days its monitoring rounds opened.
    """

    as_of: dt.date
    meeting: MeetingFacts
    projects: tuple[ProjectFacts, ...] = ()
    earlier: tuple[EarlierMeeting, ...] = ()
    rounds: tuple[dt.date, ...] = ()
    deferred: tuple[DeferredItem, ...] = ()
    backlog: tuple[BacklogEntry, ...] = ()
    registered: tuple[RegisteredTopic, ...] = ()
    followed: tuple[FollowedThing, ...] = ()
    circulars: tuple[EndedCircular, ...] = ()
    resolved: tuple[tuple[int, dt.date], ...] = ()
    minutes: tuple[PendingMinutes, ...] = ()
    placements: tuple[Placement, ...] = ()
    agenda: tuple[PlacedItem, ...] = ()
    existing: tuple[ExistingProposal, ...] = ()
    rules: BodyRules = field(default_factory=BodyRules)


# --- what comes out -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes of the planned agenda. ``sentence`` is empty while everything fits."""

    length: int
    mandatory: int
    planned: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """Veränderungen seit der letzten Sitzung: every project that was or is, in the order of the plan.

    ``then_on`` and ``then_id`` are None when there was no earlier meeting; ``agenda.rules.delta_sums`` makes the sums.
    """

    then_on: dt.date | None
    then_id: int | None
    as_of: dt.date
    projects: tuple[DeltaProject, ...]

    @property
    def lines(self) -> tuple[DeltaProject, ...]:
        """The projects with something to tell: light or phase changed, or red in between."""
        return tuple(project for project in self.projects if project.text)


@dataclass(frozen=True, slots=True)
class LaterStatus:
    """A report "nach dem Stichtag": listed, never used."""

    project: ProjectRef
    as_of: dt.date
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A carried thing whose time has not come: its key, title, and what it waits for."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The result: proposals in the order of the agenda, time, delta page, later reports, and what still waits."""

    as_of: dt.date
    previous_id: int | None
    proposals: tuple[Proposal, ...]
    budget: Budget
    delta: Delta
    later: tuple[LaterStatus, ...]
    waiting: tuple[Waiting, ...]


class ChangeKind(StrEnum):
    """What drafting again does to a stored proposal."""

    ADDED = "added"
    UPDATED = "updated"
    REOPENED = "reopened"
    VANISHED = "vanished"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Change:
    """One step of drafting again. ``proposal`` is what to store from now on.

    For DIFFERS that is the stored one, untouched, and ``difference`` says in German what drafting found today.
    """

    kind: ChangeKind
    key: str
    proposal: Proposal
    difference: str = ""
