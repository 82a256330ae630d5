"""Tables of circular procedures: the procedure, the seats it asks, and their answers."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column


class CircularState(StrEnum):
    """Life of a circular procedure: Entwurf, läuft, beschlossen, gescheitert, zurückgezogen."""

    DRAFT = "draft"
    RUNNING = "running"
    ADOPTED = "adopted"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class BallotRole(StrEnum):
    """As what somebody answers for a seat: its member, its deputy, or on its behalf (im Auftrag, with a reason)."""

    MEMBER = "member"
    DEPUTY = "deputy"
    ON_BEHALF = "on_behalf"


class Vote(StrEnum):
    """The answer to the matter itself."""

    YES = "yes"
    NO = "no"
    ABSTENTION = "abstention"


class Circular(Versioned, table=True):
    """A circular procedure (Umlaufverfahren). Its text, clauses, projects and level are those of its decision row.

    ``decision_id``: that decision is provisional until the procedure has ended with a result. Answers count until
    ``ends_at`` (24:00 in Berlin of ``ends_on``). ``item_id`` or ``topic_id``: the item or the entry of the backlog it
    took over. ``rules``: the body's rules as they stood when it began, as JSON. ``outcome_note`` says in words why it
    was adopted, failed or withdrawn; ``reported_in_id`` is the held meeting that was told of its resolution.
    """

    __tablename__ = "circular"
    __table_args__ = (
        sa.CheckConstraint("state = 'draft' OR (started_at IS NOT NULL AND ends_at IS NOT NULL)", name="started"),
        sa.Index("ix_circular_body_state", "body_id", "state", "ends_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="RESTRICT")
    decision_id: int = Field(foreign_key="decision.id", ondelete="RESTRICT", unique=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", index=True)
    topic_id: int | None = Field(default=None, foreign_key="topic.id", ondelete="RESTRICT", index=True)
    grounds: str = ""
    rules: str = "{}"
    state: CircularState = Field(default=CircularState.DRAFT, sa_type=enum_column(CircularState))
    ends_on: dt.date | None = None
    started_at: dt.datetime | None = None
    started_by: str = Field(default="", max_length=200)
    ends_at: dt.datetime | None = None
    established_at: dt.datetime | None = None
    established_by: str = Field(default="", max_length=200)
    outcome_note: str = Field(default="", max_length=1000)
    reported_in_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class CircularSeat(SQLModel, table=True):
    """A voting seat that a running procedure asks, as it stood when it began."""

    __tablename__ = "circular_seat"

    circular_id: int = Field(primary_key=True, foreign_key="circular.id", ondelete="CASCADE")
    seat_id: int = Field(primary_key=True, foreign_key="seat.id", ondelete="RESTRICT", index=True)
    chair: bool = False
    protocol_order: int = 0


class Ballot(SQLModel, table=True):
    """One answer for a seat: to the procedure and to the matter. Append only; which of them counts is a rule."""

    __tablename__ = "ballot"

    id: int | None = Field(default=None, primary_key=True)
    circular_id: int = Field(foreign_key="circular.id", ondelete="RESTRICT", index=True)
    seat_id: int = Field(foreign_key="seat.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    role: BallotRole = Field(sa_type=enum_column(BallotRole))
    procedure_agreed: bool
    vote: Vote = Field(sa_type=enum_column(Vote))
    remark: str = Field(default="", max_length=1000)
    reason: str = Field(default="", max_length=500)
    cast_at: dt.datetime
    cast_by: str = Field(default="", max_length=200)
