"""Tables of papers and their versions; the links to items, meetings, projects and topics belong to their owners."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column
from app.visibility import Level


class PaperKind(StrEnum):
    """What a paper is: Vorlage, Anlage, Tischvorlage."""

    SUBMISSION = "submission"
    ANNEX = "annex"
    TABLED = "tabled"


class Paper(Versioned, table=True):
    """A paper. Its inherited ``version`` counts changes of this row; its files stand in PaperVersion.

    ``subject`` to ``reference`` are the further fields of a Beschlussvorlage: Gegenstand, Begründung, finanzielle
    Auswirkungen, Mitzeichnung, Geschäftszeichen. A withdrawn paper keeps its place and says why.
    """

    __tablename__ = "paper"
    __table_args__ = (sa.CheckConstraint("NOT withdrawn OR withdrawn_reason <> ''", name="withdrawn_reason"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: PaperKind = Field(default=PaperKind.ANNEX, sa_type=enum_column(PaperKind))
    title: str = Field(max_length=300)
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    subject: str = ""
    grounds: str = ""
    costs: str = ""
    cosigned: str = ""
    reference: str = Field(default="", max_length=200)
    withdrawn: bool = False
    withdrawn_reason: str = Field(default="", max_length=500)
    created_at: dt.datetime
    created_by: str = Field(default="", max_length=200)
    changed_at: dt.datetime
    changed_by: str = Field(default="", max_length=200)


class PaperVersion(SQLModel, table=True):
    """One file of a paper: 1, 2, 3 … ``file_key`` is its SHA-256 and its place in the storage. Append only."""

    __tablename__ = "paper_version"
    __table_args__ = (
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("size > 0", name="size"),
    )

    paper_id: int = Field(primary_key=True, foreign_key="paper.id", ondelete="RESTRICT")
    version: int = Field(primary_key=True)
    file_key: str = Field(max_length=64, index=True)
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    uploaded_at: dt.datetime
    uploaded_by: str = Field(default="", max_length=200)
