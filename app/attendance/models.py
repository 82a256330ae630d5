"""Tables of attendance: announcements, presence from–to, exclusions, the person in the chair, second invitations."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column


class Answer(StrEnum):
    """What a seat announced before the meeting: nothing yet, zugesagt, abgesagt, vertreten durch."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPRESENTED = "represented"


class PresenceRole(StrEnum):
    """As what a person is there: member, deputy or ad-hoc representative of a seat, guest, or staff without a seat."""

    MEMBER = "member"
    DEPUTY = "deputy"
    AD_HOC = "ad_hoc"
    GUEST = "guest"
    STAFF = "staff"


class Announcement(Versioned, table=True):
    """What a seat announced for a meeting. ``deputy_id`` or, for one meeting only, ``deputy_name`` represents it.

    ``excused``: the absence is excused (entschuldigt), whatever was announced.
    """

    __tablename__ = "announcement"

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    seat_id: int = Field(primary_key=True, foreign_key="seat.id", ondelete="RESTRICT", index=True)
    answer: Answer = Field(default=Answer.OPEN, sa_type=enum_column(Answer))
    deputy_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    deputy_name: str = Field(default="", max_length=200)
    excused: bool = False
    note: str = Field(default="", max_length=500)
    answered_at: dt.datetime
    answered_by: str = Field(default="", max_length=200)


class Presence(Versioned, table=True):
    """A person was there from–to (``until_at`` None: still), or for the one item ``item_id``.

    ``seat_id`` is the seat for which a member, deputy or ad-hoc representative is there. ``name`` is the name at the
    time, with the institution where there is no seat. ``remote``: by video.
    """

    __tablename__ = "presence"
    __table_args__ = (
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name="span"),
        sa.CheckConstraint("(seat_id IS NOT NULL) = (role IN ('member', 'deputy', 'ad_hoc'))", name="seat"),
        sa.Index("ix_presence_meeting", "meeting_id", "from_at"),
        sa.Index(
            "uq_presence_open",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL AND item_id IS NULL AND person_id IS NOT NULL"),
            postgresql_where=sa.text("until_at IS NULL AND item_id IS NULL AND person_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    seat_id: int | None = Field(default=None, foreign_key="seat.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    name: str = Field(max_length=330)
    role: PresenceRole = Field(sa_type=enum_column(PresenceRole))
    remote: bool = False
    from_at: dt.datetime
    until_at: dt.datetime | None = None


class Exclusion(SQLModel, table=True):
    """A person takes no part in an item (Befangenheit); the seat's vote is not counted unless a deputy stands in."""

    __tablename__ = "exclusion"

    item_id: int = Field(primary_key=True, foreign_key="agenda_item.id", ondelete="CASCADE")
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="RESTRICT", index=True)
    reason: str = Field(max_length=500)
    recorded_at: dt.datetime
    recorded_by: str = Field(default="", max_length=200)


class Chairing(SQLModel, table=True):
    """A person leads the meeting from–to (``until_at`` None: still); one at a time."""

    __tablename__ = "chairing"
    __table_args__ = (
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name="span"),
        sa.Index(
            "uq_chairing_open",
            "meeting_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    name: str = Field(max_length=330)
    from_at: dt.datetime
    until_at: dt.datetime | None = None


class SecondInvitation(SQLModel, table=True):
    """A meeting repeats one that was not quorate; ``says_so``: its invitation states that it is quorate regardless."""

    __tablename__ = "second_invitation"
    __table_args__ = (sa.CheckConstraint("meeting_id <> first_meeting_id", name="other"),)

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    first_meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    says_so: bool = False
    recorded_at: dt.datetime
    recorded_by: str = Field(default="", max_length=200)
