"""The table of the search index. Its grams (pieces of three letters) are kept by triggers and named in no model."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import enum_column
from app.visibility import Level


class EntryKind(StrEnum):
    """What an entry holds. Texts that different people read are entries of their own (draft, released, public)."""

    PROJECT = "project"
    STATUS = "status"
    PROJECT_PAPER = "project_paper"
    MEETING = "meeting"
    ITEM = "item"
    ITEM_DRAFT = "item_draft"
    ITEM_PUBLIC = "item_public"
    PAPER = "paper"
    PAPER_DRAFT = "paper_draft"
    PAPER_PUBLIC = "paper_public"
    NOTE = "note"
    MINUTES_FULL = "minutes_full"
    MINUTES_INSIDE = "minutes_inside"
    MINUTES_PUBLIC = "minutes_public"
    DECISION = "decision"
    ACTION = "action"
    CIRCULAR = "circular"
    TOPIC = "topic"
    REGISTRATION = "registration"


class Root(StrEnum):
    """What is indexed as a whole: an object with everything below it."""

    PROJECT = "project"
    MEETING = "meeting"
    DECISION = "decision"
    ACTION = "action"
    CIRCULAR = "circular"
    TOPIC = "topic"
    REGISTRATION = "registration"


class SearchEntry(SQLModel, table=True):
    """One text as it can be found. Who may read it is asked anew at every search, of the object's own package.

    ``id`` is made of day, kind and object (``rules.places.place``), so that later days come first when it runs down.
    ``object_id`` is the row's id: of an item for ITEM…, of a meeting for MINUTES…. ``version``: of the release or
    publication it was taken from; ``level`` and ``project_ids`` (" 3 17 ") as they were released. ``folded`` is what is
    searched: title, text and further spellings, a line for each.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        sa.Index("ix_search_entry_thing", "kind", "object_id"),
        sa.Index("ix_search_entry_root", "root", "root_id"),
    )

    id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    kind: EntryKind = Field(sa_type=enum_column(EntryKind))
    object_id: int
    root: Root = Field(sa_type=enum_column(Root))
    root_id: int
    happened_on: dt.date
    body_id: int | None = None
    meeting_id: int | None = None
    item_id: int | None = None
    project_id: int | None = None
    project_ids: str = ""
    level: Level = Field(default=Level.INTERNAL, sa_type=enum_column(Level))
    version: int = 0
    title: str
    text: str
    folded: str
