"""Tables of meetings: their life, time, place and deadlines."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column


class MeetingState(StrEnum):
    """Life of a meeting (domain §5)."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    DRAFT = "draft"
    RELEASED = "released"
    IN_SESSION = "in_session"
    HELD = "held"
    CANCELLED = "cancelled"


class Meeting(Versioned, table=True):
    """A meeting of a body. Its version rises with every change of its items.

    ``uid`` and ``sequence`` are the calendar's; ``calendar_changed_at`` is the last change that calendars show.
    ``special``: Sondersitzung; ``without_status``: no project statuses were shown ("ohne Projektstände");
    ``entered_afterwards``: Nacherfassung. ``entry_details``: how to get in (Einlass), "" = as the body's rule says.
    Members see a meeting from ``announced_at`` or its release on. ``sealed_at``: its minutes were approved; from then
    on the database refuses to change what they tell.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index(
            "uq_meeting_number",
            "body_id",
            "number",
            unique=True,
            sqlite_where=sa.text("number IS NOT NULL AND state <> 'cancelled'"),
            postgresql_where=sa.text("number IS NOT NULL AND state <> 'cancelled'"),
        ),
        sa.Index("ix_meeting_body_starts", "body_id", "starts_at", "id"),
        sa.CheckConstraint("ends_at > starts_at", name="span"),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="RESTRICT")
    number: int | None = None
    special: bool = False
    without_status: bool = False
    entered_afterwards: bool = False
    state: MeetingState = Field(default=MeetingState.PLANNED, sa_type=enum_column(MeetingState))
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str = Field(default="Europe/Berlin", max_length=40)
    place: str = Field(default="", max_length=300)
    main_topic: str = Field(default="", max_length=300)
    length_minutes: int = 120
    entry_details: str = ""
    announced_at: dt.datetime | None = None
    sealed_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    cancel_reason: str = Field(default="", max_length=500)
    uid: str = Field(max_length=200, unique=True)
    sequence: int = 0
    calendar_changed_at: dt.datetime
    changed_at: dt.datetime
    source: str = Field(default="", max_length=300)


class MeetingDeadline(SQLModel, table=True):
    """A deadline of a meeting; ends at 24:00 of ``due_on`` in Berlin. ``kept``: had passed when the meeting moved."""

    __tablename__ = "meeting_deadline"

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=40)
    due_on: dt.date
    kept: bool = False
    sequence: int = 0
    changed_at: dt.datetime


class MeetingPaper(SQLModel, table=True):
    """A paper of the meeting as a whole; a paper hangs at one place only."""

    __tablename__ = "meeting_paper"

    paper_id: int = Field(primary_key=True, foreign_key="paper.id", ondelete="RESTRICT")
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    position: int = 0


class Publication(SQLModel, table=True):
    """The act of publishing the public edition of a released version; it holds until it is revoked. One at a time.

    It lies here, below the agenda, because it decides who may know of the meeting.
    """

    __tablename__ = "publication"
    __table_args__ = (
        sa.Index(
            "uq_publication_holds",
            "meeting_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    version: int
    published_at: dt.datetime
    published_by: str = Field(default="", max_length=200)
    revoked_at: dt.datetime | None = None
    revoked_by: str = Field(default="", max_length=200)
    revoked_reason: str = Field(default="", max_length=500)


class MinutesPublication(SQLModel, table=True):
    """The act of publishing the public edition of approved minutes; it holds until it is revoked. One at a time.

    It lies here, below decisions and actions, because it decides who may read them.
    """

    __tablename__ = "minutes_publication"
    __table_args__ = (
        sa.Index(
            "uq_minutes_publication_holds",
            "meeting_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    version: int
    published_at: dt.datetime
    published_by: str = Field(default="", max_length=200)
    revoked_at: dt.datetime | None = None
    revoked_by: str = Field(default="", max_length=200)
    revoked_reason: str = Field(default="", max_length=500)
