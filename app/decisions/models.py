"""Tables of decisions: number series, decisions with clauses and projects, and their dated follow-up."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.agenda.models import Outcome
from app.db import Versioned, enum_column
from app.visibility import Level


class SeriesKind(StrEnum):
    """What a body numbers without gaps in a year: Beschlüsse, Aufträge."""

    DECISION = "decision"
    ACTION = "action"


class Taking(StrEnum):
    """How a decision is taken: im Konsens, mit Stimmen, im Umlaufverfahren."""

    CONSENSUS = "consensus"
    VOTES = "votes"
    CIRCULAR = "circular"


class Verb(StrEnum):
    """What a body does in a clause (domain §5)."""

    NOTES = "notes"
    AGREES = "agrees"
    LAYS_DOWN = "lays_down"
    CHARGES = "charges"
    ASKS = "asks"
    RECOMMENDS = "recommends"


class FollowUpState(StrEnum):
    """What became of a decision (Beschlusskontrolle, domain §5)."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ONGOING = "ongoing"
    DELAYED = "delayed"
    DONE = "done"
    NOT_DONE = "not_done"
    REPEALED = "repealed"
    REPLACED = "replaced"


class NumberSeries(SQLModel, table=True):
    """The last number given in a body's series of a year; its row is locked by whoever takes the next."""

    __tablename__ = "number_series"
    __table_args__ = (sa.CheckConstraint("last >= 0", name="last"),)

    body_id: int = Field(primary_key=True, foreign_key="body.id", ondelete="RESTRICT")
    kind: SeriesKind = Field(primary_key=True, sa_type=enum_column(SeriesKind))
    year: int = Field(primary_key=True)
    last: int = 0


class Decision(Versioned, table=True):
    """A decision. ``number`` is "" while it is provisional: until the meeting is closed or the circular has ended.

    ``year`` and ``serial`` are its place in the series of the body; a taken-over decision has a number and neither. The
    ``outcome`` of the item is copied here with the number. ``proposed_wording``: what had been proposed. ``present``:
    voting seats present at ``taken_at`` of ``entitled``; ``quorum`` says in words whether that sufficed.
    ``chair_vote``: a tie was decided by the chair. ``statuses``: the canonical JSON of its projects' statuses at that
    time. ``state``, ``due_on`` (Wiedervorlage or next report) and ``done_on`` are the latest follow-up's;
    ``reported_in_id`` the held meeting that carried it as done. ``void_reason``: a number that was not given (nicht
    vergeben). ``folded``: its texts as the register searches them.
    """

    __tablename__ = "decision"
    __table_args__ = (
        sa.UniqueConstraint("body_id", "year", "serial"),
        sa.Index(
            "uq_decision_number",
            "body_id",
            "number",
            unique=True,
            sqlite_where=sa.text("number <> ''"),
            postgresql_where=sa.text("number <> ''"),
        ),
        sa.Index("ix_decision_body_state", "body_id", "state", "due_on"),
        sa.Index("ix_decision_decided", "decided_on", "id"),
        sa.CheckConstraint("(year IS NULL) = (serial IS NULL)", name="series"),
        sa.CheckConstraint("serial IS NULL OR (serial > 0 AND number <> '')", name="serial"),
        sa.CheckConstraint("number = '' OR decided_on IS NOT NULL", name="dated"),
        sa.CheckConstraint("yes >= 0 AND no >= 0 AND abstentions >= 0", name="votes"),
        sa.CheckConstraint("replaces_id <> id", name="replaces"),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id", ondelete="RESTRICT")
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", ondelete="RESTRICT", unique=True)
    year: int | None = None
    serial: int | None = None
    number: str = Field(default="", max_length=60)
    title: str = Field(max_length=500)
    decided_on: dt.date | None = None
    taken_at: dt.datetime | None = None
    outcome: Outcome | None = Field(default=None, sa_type=enum_column(Outcome))
    wording: str = ""
    proposed_wording: str = ""
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    taking: Taking = Field(default=Taking.CONSENSUS, sa_type=enum_column(Taking))
    yes: int | None = None
    no: int | None = None
    abstentions: int | None = None
    chair_vote: bool = False
    present: int | None = None
    entitled: int | None = None
    quorum: str = Field(default="", max_length=300)
    statuses: str = "[]"
    state: FollowUpState = Field(default=FollowUpState.OPEN, sa_type=enum_column(FollowUpState))
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    reported_in_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="RESTRICT", index=True)
    replaces_id: int | None = Field(default=None, foreign_key="decision.id", ondelete="RESTRICT", index=True)
    void_reason: str = Field(default="", max_length=500)
    source: str = Field(default="", max_length=300)
    folded: str = Field(default="", sa_column_kwargs={"server_default": ""})
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class Clause(SQLModel, table=True):
    """A numbered clause (Ziffer) of a decision; one that charges or asks an institution until a day makes an action."""

    __tablename__ = "clause"
    __table_args__ = (
        sa.UniqueConstraint("decision_id", "position"),
        sa.CheckConstraint("position > 0", name="position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", ondelete="CASCADE")
    position: int
    verb: Verb = Field(sa_type=enum_column(Verb))
    text: str
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    due_on: dt.date | None = None


class DecisionProject(SQLModel, table=True):
    """A project that a decision is about. ``answers_need``: it closes the project's decision need."""

    __tablename__ = "decision_project"

    decision_id: int = Field(primary_key=True, foreign_key="decision.id", ondelete="CASCADE")
    project_id: int = Field(primary_key=True, foreign_key="project.id", ondelete="RESTRICT", index=True)
    position: int = 0
    answers_need: bool = False


class FollowUp(SQLModel, table=True):
    """A dated entry of the Beschlusskontrolle: state, text, reason of a delay, new date, who. Append only."""

    __tablename__ = "follow_up"

    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", ondelete="RESTRICT", index=True)
    state: FollowUpState = Field(sa_type=enum_column(FollowUpState))
    as_of: dt.date
    text: str = ""
    reason: str = Field(default="", max_length=1000)
    due_before: dt.date | None = None
    due_on: dt.date | None = None
    entered_at: dt.datetime
    entered_by: str = Field(default="", max_length=200)
