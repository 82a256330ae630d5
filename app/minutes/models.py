"""Tables of minutes: the record of a meeting, notes per item, versions, objections, addenda, text blocks."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column
from app.meetings.models import MinutesPublication as MinutesPublication
from app.visibility import Level


class MinutesState(StrEnum):
    """Life of minutes: Entwurf, zur Prüfung versandt, genehmigt."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"


class ApprovalWay(StrEnum):
    """How minutes were approved: in a meeting, or by silence after the objection period."""

    MEETING = "meeting"
    SILENCE = "silence"


class ReleaseKind(StrEnum):
    """What a version of the minutes was made for: the review, or the approval."""

    REVIEW = "review"
    APPROVAL = "approval"


class ObjectionState(StrEnum):
    """What became of an objection: offen, übernommen, teilweise übernommen, nicht übernommen."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    DECLINED = "declined"


class Minutes(Versioned, table=True):
    """The minutes (Niederschrift) of a meeting: one each. ``opening`` and ``closing`` frame the items.

    ``objections_until``: the last day of the objection period of the latest dispatch. ``approved_in_id``: the meeting
    that approved them. Once approved nothing of it changes; the database refuses it.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        sa.CheckConstraint("state <> 'approved' OR approved_on IS NOT NULL", name="approved"),
        sa.CheckConstraint("state <> 'review' OR objections_until IS NOT NULL", name="review"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT", unique=True)
    state: MinutesState = Field(default=MinutesState.DRAFT, sa_type=enum_column(MinutesState))
    keeper: str = Field(default="", max_length=200)
    opening: str = ""
    closing: str = ""
    sent_at: dt.datetime | None = None
    objections_until: dt.date | None = None
    approved_on: dt.date | None = None
    approved_way: ApprovalWay | None = Field(default=None, sa_type=enum_column(ApprovalWay))
    approved_in_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class MinuteNote(Versioned, table=True):
    """The course of deliberation of one item, kept apart from its result, and when the item began and ended."""

    __tablename__ = "minute_note"
    __table_args__ = (
        sa.CheckConstraint("ended_at IS NULL OR (started_at IS NOT NULL AND ended_at >= started_at)", name="span"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="agenda_item.id", ondelete="RESTRICT", unique=True)
    note: str = ""
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class MinutesRelease(SQLModel, table=True):
    """A version of minutes that left the house, for review or as approved; its values are frozen. Append only.

    ``released_…``: the chair's yes before the dispatch: by whom, when, how. ``late_reason``: why it was sent after the
    deadline for minutes.
    """

    __tablename__ = "minutes_release"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    version: int
    kind: ReleaseKind = Field(sa_type=enum_column(ReleaseKind))
    objections_until: dt.date | None = None
    released_by: str = Field(default="", max_length=200)
    released_on: dt.date | None = None
    released_how: str = Field(default="", max_length=40)
    late_reason: str = Field(default="", max_length=500)
    made_at: dt.datetime
    made_by: str = Field(default="", max_length=200)


class Objection(Versioned, table=True):
    """A wish to correct the minutes (Einwendung), to one item or to the whole, and its answer. ``by`` names who."""

    __tablename__ = "objection"

    id: int | None = Field(default=None, primary_key=True)
    minutes_id: int = Field(foreign_key="minutes.id", ondelete="RESTRICT", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    seat_id: int | None = Field(default=None, foreign_key="seat.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    by: str = Field(max_length=400)
    text: str
    late: bool = False
    raised_at: dt.datetime
    state: ObjectionState = Field(default=ObjectionState.OPEN, sa_type=enum_column(ObjectionState))
    answer: str = ""
    answered_at: dt.datetime | None = None
    answered_by: str = Field(default="", max_length=200)


class Addendum(SQLModel, table=True):
    """A dated addendum (Nachtrag) to approved minutes. Append only."""

    __tablename__ = "addendum"
    __table_args__ = (sa.UniqueConstraint("minutes_id", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    minutes_id: int = Field(foreign_key="minutes.id", ondelete="RESTRICT")
    serial: int
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    added_on: dt.date
    text: str
    added_at: dt.datetime
    added_by: str = Field(default="", max_length=200)


class TextBlock(Versioned, table=True):
    """A text block (Textbaustein) of a body for its minutes."""

    __tablename__ = "text_block"
    __table_args__ = (sa.UniqueConstraint("body_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=120)
    text: str
    position: int = 0
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)
