"""Tables of the agenda: items, proposals, topic backlog, releases with their frozen editions and statuses."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column
from app.projects.models import Light, Phase
from app.visibility import Level as Level


class SectionKey(StrEnum):
    """The sections of an agenda; their titles and minutes are the body's."""

    FORMALITIES = "regularien"
    IMPLEMENTATION = "umsetzungsstand"
    MAIN_TOPIC = "schwerpunktthema"
    DECISION = "beschlussfassung"
    DEBATE = "beratung"
    CONSENT = "ohne-aussprache"
    MISCELLANEOUS = "verschiedenes"


class ItemKind(StrEnum):
    """What a body does with an item."""

    FORMALITY = "formality"
    DECISION = "decision"
    DEBATE = "debate"
    NOTE = "note"
    REPORT = "report"


class Edition(StrEnum):
    """The readers' versions (Fassungen) of a released document."""

    FULL = "vollstaendig"
    NON_CONFIDENTIAL = "ohne-vertrauliches"
    GUEST = "gast"
    PUBLIC = "oeffentlich"


class DocumentKind(StrEnum):
    """What is frozen: the agenda, the sheet of its changes, the delta since the previous meeting; the minutes.

    ``ADDENDUM``: a dated addendum to approved minutes; its version is its serial.
    """

    AGENDA = "agenda"
    CHANGES = "changes"
    DELTA = "delta"
    MINUTES = "minutes"
    ADDENDUM = "addendum"


class Outcome(StrEnum):
    """What became of an item (domain §5)."""

    ADOPTED = "adopted"
    ADOPTED_CHANGED = "adopted_changed"
    CONFIRMED = "confirmed"
    NOTED = "noted"
    REJECTED = "rejected"
    ADJOURNED = "adjourned"
    DEFERRED = "deferred"
    REFERRED = "referred"
    NOT_REACHED = "not_reached"
    REMOVED = "removed"
    RETRACTED = "retracted"


class ItemOrigin(StrEnum):
    """How an item came onto the agenda."""

    PROPOSAL = "proposal"
    OWN = "own"


class ProposalState(StrEnum):
    """What the secretariat did with a proposal; a vanished one has lost its reasons ("entfallen")."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VANISHED = "vanished"


class TopicState(StrEnum):
    """Whether a topic of the backlog still waits."""

    OPEN = "open"
    USED = "used"
    CLOSED = "closed"


class RegistrationState(StrEnum):
    """What became of a registered topic: eingegangen, vorgesehen, nicht vorgesehen, zurückgezogen."""

    RECEIVED = "received"
    PLANNED = "scheduled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AgendaItem(Versioned, table=True):
    """An item (TOP) of the working copy. ``number`` is "" until a release fixes it; a withdrawn item keeps its own."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.Index("ix_agenda_item_meeting", "meeting_id", "section", "position"),
        sa.Index(
            "uq_agenda_item_number",
            "meeting_id",
            "number",
            unique=True,
            sqlite_where=sa.text("number <> ''"),
            postgresql_where=sa.text("number <> ''"),
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    section: SectionKey = Field(sa_type=enum_column(SectionKey))
    position: int
    number: str = Field(default="", max_length=20)
    title: str = Field(max_length=500)
    kind: ItemKind = Field(sa_type=enum_column(ItemKind))
    minutes: int
    presenter: str = Field(default="", max_length=300)
    occasion: str = ""
    proposed_decision: str = ""
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    origin: ItemOrigin = Field(default=ItemOrigin.OWN, sa_type=enum_column(ItemOrigin))
    mandatory: bool = False
    grouped: bool = False
    withdrawn: bool = False
    withdrawn_reason: str = Field(default="", max_length=500)
    carried_from_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    outcome: Outcome | None = Field(default=None, sa_type=enum_column(Outcome))
    outcome_note: str = ""
    resume_on: dt.date | None = None
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class AgendaItemProject(SQLModel, table=True):
    """A project that an item is about. ``answers_need``: a settled outcome closes the project's decision need."""

    __tablename__ = "agenda_item_project"

    item_id: int = Field(primary_key=True, foreign_key="agenda_item.id", ondelete="CASCADE")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="RESTRICT", index=True)
    position: int = 0
    answers_need: bool = False


class AgendaItemPaper(SQLModel, table=True):
    """A paper of an item; a paper hangs at one place only. Items with papers cannot be deleted."""

    __tablename__ = "agenda_item_paper"

    paper_id: int = Field(primary_key=True, foreign_key="paper.id", ondelete="RESTRICT")
    item_id: int = Field(foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    position: int = 0


class GuestRole(StrEnum):
    """As what a person is invited to an item: Gast, or for a talk (Impuls, Vortrag)."""

    GUEST = "guest"
    SPEAKER = "speaker"


class AgendaItemGuest(SQLModel, table=True):
    """A person invited to one item. ``topic`` is the subject of the talk, where there is one."""

    __tablename__ = "agenda_item_guest"

    item_id: int = Field(primary_key=True, foreign_key="agenda_item.id", ondelete="CASCADE")
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="RESTRICT", index=True)
    role: GuestRole = Field(default=GuestRole.GUEST, sa_type=enum_column(GuestRole))
    topic: str = Field(default="", max_length=300)


class SpeakingNote(Versioned, table=True):
    """The chair's own texts about one item (Sprechzettel): Ziel, Kernbotschaften, Reaktiv."""

    __tablename__ = "speaking_note"

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="agenda_item.id", ondelete="CASCADE", unique=True)
    goal: str = ""
    key_messages: str = ""
    reactive: str = ""
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class SpeakingFrame(Versioned, table=True):
    """What the chair says at the beginning and at the end of a meeting (Begrüßung, Schluss)."""

    __tablename__ = "speaking_frame"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="CASCADE", unique=True)
    opening: str = ""
    closing: str = ""
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class AgendaDraft(SQLModel, table=True):
    """The last drafting of a meeting: its Stichtag and when it was made."""

    __tablename__ = "agenda_draft"

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    as_of: dt.date
    drafted_at: dt.datetime


class Proposal(Versioned, table=True):
    """A proposal of the drafting. ``key`` says what it is about and finds it when drafting again.

    ``reasons`` is a JSON list of {rule, text, project, since, gone}; ``grouped``: it lists many projects; ``taken_by``
    says where its project already is ("" = nowhere); ``difference`` what drafting again found for an accepted or
    ``edited`` one. Accepted proposals of one item were joined. ``topic_id``: the entry of the backlog it came from,
    or that it became. The key "registration:7" names the registered topic it came from.
    """

    __tablename__ = "proposal"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="CASCADE")
    key: str = Field(max_length=80)
    section: SectionKey = Field(sa_type=enum_column(SectionKey))
    kind: ItemKind = Field(sa_type=enum_column(ItemKind))
    title: str = Field(max_length=500)
    minutes: int
    score: int
    position: int = 0
    fits: bool = True
    mandatory: bool = False
    grouped: bool = False
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    reasons: str
    presenter: str = Field(default="", max_length=300)
    occasion: str = ""
    proposed_decision: str = ""
    taken_by: str = Field(default="", max_length=300)
    difference: str = ""
    edited: bool = False
    state: ProposalState = Field(default=ProposalState.OPEN, sa_type=enum_column(ProposalState))
    reject_reason: str = Field(default="", max_length=500)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="SET NULL", index=True)
    carried_from_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT")
    topic_id: int | None = Field(default=None, foreign_key="topic.id", ondelete="SET NULL", index=True)


class ProposalProject(SQLModel, table=True):
    """A project that a proposal names."""

    __tablename__ = "proposal_project"

    proposal_id: int = Field(primary_key=True, foreign_key="proposal.id", ondelete="CASCADE")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE", index=True)
    position: int = 0
    answers_need: bool = False


class Topic(Versioned, table=True):
    """An entry of the topic backlog (Themenspeicher): what did not make the agenda, with its reason.

    ``resume_on`` None means "next meeting"; ``key`` is that of the proposal it came from, ``carried_from_id`` the
    earlier item that it carries on; ``closed_reason`` says why it needs no meeting any more.
    """

    __tablename__ = "topic"
    __table_args__ = (sa.Index("ix_topic_body_state", "body_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="CASCADE")
    from_meeting_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="SET NULL")
    key: str = Field(default="", max_length=80)
    carried_from_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT")
    title: str = Field(max_length=500)
    section: SectionKey = Field(sa_type=enum_column(SectionKey))
    kind: ItemKind = Field(sa_type=enum_column(ItemKind))
    minutes: int
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    presenter: str = Field(default="", max_length=300)
    occasion: str = ""
    proposed_decision: str = ""
    reasons: str = "[]"
    grouped: bool = False
    why: str = Field(max_length=500)
    resume_on: dt.date | None = None
    state: TopicState = Field(default=TopicState.OPEN, sa_type=enum_column(TopicState))
    closed_reason: str = Field(default="", max_length=500)
    created_at: dt.datetime
    created_by: str = Field(default="", max_length=200)


class TopicProject(SQLModel, table=True):
    """A project that a topic of the backlog names."""

    __tablename__ = "topic_project"

    topic_id: int = Field(primary_key=True, foreign_key="topic.id", ondelete="CASCADE")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="CASCADE", index=True)
    position: int = 0


class Registration(Versioned, table=True):
    """A topic that somebody registered for a meeting (TOP-Anmeldung): for a seat, or (without one) for led projects.

    ``meeting_id`` None means the next meeting. ``chosen_at`` is the moment at which that meeting was chosen: the
    deadline looks at it. ``consent_…``: the chair's yes to a late one. ``answer`` is what the registrant is told where
    the topic is not taken up; ``item_id`` the item that it became.
    """

    __tablename__ = "registration"
    __table_args__ = (
        sa.Index("ix_registration_body_state", "body_id", "state"),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 0 AND 600", name="minutes"),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="CASCADE")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="SET NULL", index=True)
    seat_id: int | None = Field(default=None, foreign_key="seat.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="SET NULL", index=True)
    by: str = Field(max_length=400)
    title: str = Field(max_length=500)
    section: SectionKey = Field(sa_type=enum_column(SectionKey))
    kind: ItemKind = Field(sa_type=enum_column(ItemKind))
    minutes: int | None = None
    presenter: str = Field(default="", max_length=300)
    occasion: str = ""
    proposed_decision: str = ""
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    papers_follow: bool = False
    papers_on: dt.date | None = None
    urgency: str = ""
    consent_by: str = Field(default="", max_length=200)
    consent_on: dt.date | None = None
    consent_how: str = Field(default="", max_length=40)
    state: RegistrationState = Field(default=RegistrationState.RECEIVED, sa_type=enum_column(RegistrationState))
    answer: str = ""
    registered_at: dt.datetime
    chosen_at: dt.datetime
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class RegistrationProject(SQLModel, table=True):
    """A project that a registered topic is about."""

    __tablename__ = "registration_project"

    registration_id: int = Field(primary_key=True, foreign_key="registration.id", ondelete="CASCADE")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="RESTRICT", index=True)
    position: int = 0


class RegistrationPaper(SQLModel, table=True):
    """A paper of a registered topic, until it goes on with the item or the entry of the backlog that this becomes."""

    __tablename__ = "registration_paper"

    paper_id: int = Field(primary_key=True, foreign_key="paper.id", ondelete="RESTRICT")
    registration_id: int = Field(foreign_key="registration.id", ondelete="RESTRICT", index=True)
    position: int = 0


class TopicPaper(SQLModel, table=True):
    """A paper that waits with its topic in the backlog."""

    __tablename__ = "topic_paper"

    paper_id: int = Field(primary_key=True, foreign_key="paper.id", ondelete="RESTRICT")
    topic_id: int = Field(foreign_key="topic.id", ondelete="RESTRICT", index=True)
    position: int = 0


class AgendaRelease(SQLModel, table=True):
    """A released version of an agenda; ``reason``: of a supplement. Append only: the database refuses every change."""

    __tablename__ = "agenda_release"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    version: int
    as_of: dt.date
    released_at: dt.datetime
    released_by: str = Field(default="", max_length=200)
    approved_by: str = Field(default="", max_length=200)
    approved_on: dt.date | None = None
    approved_how: str = Field(default="", max_length=40)
    late_reason: str = Field(default="", max_length=500)
    reason: str = Field(default="", max_length=500)


_WHOLE, _ITEM = sa.text("item_id IS NULL"), sa.text("item_id IS NOT NULL")
_DOCUMENT = ("meeting_id", "kind", "version", "edition")


class FrozenDocument(SQLModel, table=True):
    """One edition of a document of a released version: its canonical values and their hash. Append only.

    ``item_id`` names the item of a guest's edition and is None for all others.
    """

    __tablename__ = "frozen_document"
    __table_args__ = (
        sa.Index("uq_frozen_document_whole", *_DOCUMENT, unique=True, sqlite_where=_WHOLE, postgresql_where=_WHOLE),
        sa.Index(
            "uq_frozen_document_item", *_DOCUMENT, "item_id", unique=True, sqlite_where=_ITEM, postgresql_where=_ITEM
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    kind: DocumentKind = Field(sa_type=enum_column(DocumentKind))
    version: int
    edition: Edition = Field(sa_type=enum_column(Edition))
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT")
    content: str
    hash: str = Field(max_length=64, index=True)
    frozen_at: dt.datetime


class FrozenStatus(SQLModel, table=True):
    """What the body was shown about a project with a release: its status as of the Stichtag. Append only."""

    __tablename__ = "frozen_status"

    release_id: int = Field(primary_key=True, foreign_key="agenda_release.id", ondelete="RESTRICT")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="RESTRICT", index=True)
    status_id: int | None = Field(default=None, foreign_key="status_report.id", ondelete="RESTRICT")
    as_of: dt.date | None = None
    light: Light | None = Field(default=None, sa_type=enum_column(Light))
    light_schedule: Light | None = Field(default=None, sa_type=enum_column(Light, "light_schedule"))
    light_cost: Light | None = Field(default=None, sa_type=enum_column(Light, "light_cost"))
    light_content: Light | None = Field(default=None, sa_type=enum_column(Light, "light_content"))
    phase: Phase | None = Field(default=None, sa_type=enum_column(Phase))
    code: str = Field(max_length=60)
    title: str = Field(max_length=500)
    field: str = Field(default="", max_length=200)


class DispatchWay(StrEnum):
    """How a letter left the house: Post, E-Mail, Bote."""

    POST = "post"
    EMAIL = "email"
    MESSENGER = "messenger"


class LetterDispatch(SQLModel, table=True):
    """A letter to one person that was sent: its canonical values with their hash, when, how and by whom. Append only.

    ``version`` is that of the agenda it invites to; ``name`` the recipient's at the time; ``recorded_by`` who said so.
    """

    __tablename__ = "letter_dispatch"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    version: int
    name: str = Field(max_length=330)
    content: str
    hash: str = Field(max_length=64, index=True)
    way: DispatchWay = Field(sa_type=enum_column(DispatchWay))
    sent_on: dt.date
    sent_by: str = Field(max_length=200)
    recorded_at: dt.datetime
    recorded_by: str = Field(default="", max_length=200)


class LetterRevocation(SQLModel, table=True):
    """The mark of a dispatch was wrong, and why. Append only."""

    __tablename__ = "letter_revocation"

    dispatch_id: int = Field(primary_key=True, foreign_key="letter_dispatch.id", ondelete="RESTRICT")
    reason: str = Field(max_length=500)
    revoked_at: dt.datetime
    revoked_by: str = Field(default="", max_length=200)


class KeptDocument(SQLModel, table=True):
    """Rendered bytes of frozen values, kept for ever: their place in the storage. Append only."""

    __tablename__ = "kept_document"

    values_hash: str = Field(primary_key=True, max_length=64)
    file_key: str = Field(max_length=64)
    size: int
    made_at: dt.datetime


class MeetingPack(SQLModel, table=True):
    """The last pack (Sitzungsmappe) of an edition of a version: what it was made of, and where its bytes lie.

    One with another ``content_hash`` takes its place; version 0 is the draft. ``edition`` as addresses name it.
    """

    __tablename__ = "meeting_pack"

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    edition: str = Field(primary_key=True, max_length=60)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content_hash: str = Field(max_length=64)
    file_key: str = Field(max_length=64)
    size: int
    made_at: dt.datetime
