"""Tables of the history: entries in a chain, their erasable details, and the head of the chain."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import enum_column


class Reach(StrEnum):
    """Who may read an entry: like interna of the body, like its drafts, like its confidential items, or accounts."""

    INTERNAL = "internal"
    DRAFT = "draft"
    CONFIDENTIAL = "confidential"
    ACCOUNT = "account"


class HistoryEntry(SQLModel, table=True):
    """One change. It names no person and no content: these lie in HistoryDetail, whose salted digest stands here.

    ``id`` is the place in the chain (1, 2, 3 … without gaps); ``hash`` covers everything else and the previous hash.
    """

    __tablename__ = "history_entry"
    __table_args__ = (sa.Index("ix_history_entry_object", "object_kind", "object_id", "id"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: dt.datetime = Field(index=True)
    verb: str = Field(max_length=60)
    object_kind: str = Field(max_length=60)
    object_id: int
    body_id: int | None = Field(default=None, index=True)
    reach: Reach = Field(sa_type=enum_column(Reach))
    digest: str = Field(max_length=64)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class HistoryDetail(SQLModel, table=True):
    """Who did it and what stood there before and after: the erasable part of an entry, with its salt."""

    __tablename__ = "history_detail"

    entry_id: int = Field(primary_key=True, foreign_key="history_entry.id", sa_column_kwargs={"autoincrement": False})
    salt: str = Field(max_length=32)
    account_id: int | None = Field(default=None, index=True)
    content: str


class HistoryErasure(SQLModel, table=True):
    """The permission to erase one detail, with its reason: without such a row the database refuses the deletion."""

    __tablename__ = "history_erasure"

    entry_id: int = Field(primary_key=True, foreign_key="history_entry.id", sa_column_kwargs={"autoincrement": False})
    at: dt.datetime
    reason: str = Field(max_length=400)


class HistoryHead(SQLModel, table=True):
    """The end of the chain; its one row is locked while entries are added."""

    __tablename__ = "history_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    last_id: int = 0
    last_hash: str = Field(default="", max_length=64)


class HistoryFollower(SQLModel, table=True):
    """Somebody who reads the history as it grows: every entry up to ``last_id`` is read."""

    __tablename__ = "history_follower"

    name: str = Field(primary_key=True, max_length=60)
    last_id: int = 0
