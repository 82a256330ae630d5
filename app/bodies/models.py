"""Tables of bodies: names, seats, memberships, addresses, sections, rules, closing days."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from app.db import Versioned, enum_column


class MembershipKind(StrEnum):
    """How a person stands to a seat."""

    MEMBER = "member"
    DEPUTY = "deputy"
    OFFICE = "office"


class AddressKind(StrEnum):
    """Why an address gets the seat's mail: the office works on it, or it is only informed."""

    OFFICE = "office"
    COPY = "copy"


class Body(Versioned, table=True):
    """A body. ``short_name`` is unique and names it in numbers and commands."""

    __tablename__ = "body"

    id: int | None = Field(default=None, primary_key=True)
    short_name: str = Field(max_length=40, unique=True)
    names: list["BodyName"] = Relationship(sa_relationship_kwargs={"lazy": "raise", "order_by": "BodyName.valid_from"})


class BodyName(SQLModel, table=True):
    """The full name of a body, valid from (None = always) to (inclusive; None = still)."""

    __tablename__ = "body_name"

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=300)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = Field(default="", max_length=300)


class Seat(Versioned, table=True):
    """A seat of an institution, in an order of protocol. ``chair``: this seat leads the body."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.Index(
            "uq_seat_chair",
            "body_id",
            unique=True,
            sqlite_where=sa.text("chair AND valid_to IS NULL"),
            postgresql_where=sa.text("chair AND valid_to IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="CASCADE", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    title: str = Field(default="", max_length=200)
    voting: bool = True
    chair: bool = False
    protocol_order: int = 0
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = Field(default="", max_length=300)


class Membership(Versioned, table=True):
    """A person holds a seat from–to: as member, deputy, or as its office (Büro; acts and reads, no vote).

    A seat has one member on a day; the index guards that only one of them has no end.
    """

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
        sa.Index(
            "uq_membership_member",
            "seat_id",
            unique=True,
            sqlite_where=sa.text("kind = 'member' AND valid_to IS NULL"),
            postgresql_where=sa.text("kind = 'member' AND valid_to IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    seat_id: int = Field(foreign_key="seat.id", ondelete="CASCADE", index=True)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    kind: MembershipKind = Field(sa_type=enum_column(MembershipKind))
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class SeatAddress(SQLModel, table=True):
    """A mailing address of a seat (Büro, nachrichtlich)."""

    __tablename__ = "seat_address"

    id: int | None = Field(default=None, primary_key=True)
    seat_id: int = Field(foreign_key="seat.id", ondelete="CASCADE", index=True)
    kind: AddressKind = Field(sa_type=enum_column(AddressKind))
    name: str = Field(default="", max_length=200)
    email: str = Field(max_length=254)


class Section(SQLModel, table=True):
    """A section of the body's agenda. ``minutes_in_all``: the minutes count once for the section, not per item.

    ``standing`` holds the points that belong to every agenda (one per line); a section with standing points is never
    left out.
    """

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("body_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="CASCADE", index=True)
    key: str = Field(max_length=40)
    title: str = Field(max_length=120)
    position: int
    minutes: int
    minutes_in_all: bool = False
    standing: str = ""


class BodyRule(SQLModel, table=True):
    """A setting of the body that differs from the default, as JSON text, with its provenance."""

    __tablename__ = "body_rule"

    body_id: int = Field(primary_key=True, foreign_key="body.id", ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=60)
    value: str
    provenance: str = Field(max_length=300)


class ClosingDay(SQLModel, table=True):
    """A day on which the body's house is closed; deadlines treat it like a holiday."""

    __tablename__ = "closing_day"

    body_id: int = Field(primary_key=True, foreign_key="body.id", ondelete="CASCADE")
    day: dt.date = Field(primary_key=True)
    label: str = Field(max_length=120)


class SpeakingGrant(SQLModel, table=True):
    """An account of the secretariat that the chair lets work on the speaking notes of the body (domain §6, "if named").

    It means something only while the account is the body's secretariat.
    """

    __tablename__ = "speaking_grant"

    body_id: int = Field(primary_key=True, foreign_key="body.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE", index=True)
    named_at: dt.datetime
    named_by: str = Field(default="", max_length=200)


class AuditAccess(SQLModel, table=True):
    """The Revision looks into confidential matters of a body, with its reason, from ``begins_at`` to ``ends_at``.

    ``closed_at``: given up earlier. It means something only while the account is the body's Revision; whoever needs
    longer gives a new reason, in a row of its own.
    """

    __tablename__ = "audit_access"
    __table_args__ = (
        sa.CheckConstraint("length(reason) >= 20", name="reason"),
        sa.CheckConstraint("ends_at > begins_at", name="span"),
        sa.Index("ix_audit_access_account", "account_id", "ends_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    body_id: int = Field(foreign_key="body.id", ondelete="RESTRICT", index=True)
    name: str = Field(max_length=200)
    reason: str = Field(max_length=1000)
    begins_at: dt.datetime
    ends_at: dt.datetime
    closed_at: dt.datetime | None = None


class BodyPeriod(SQLModel, table=True):
    """A plan period whose projects this body steers; a body without such rows steers all."""

    __tablename__ = "body_period"

    body_id: int = Field(primary_key=True, foreign_key="body.id", ondelete="CASCADE")
    period_id: int = Field(primary_key=True, foreign_key="plan_period.id", ondelete="CASCADE")
