"""Tables of editing together: revisions of texts, and who has which object open."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class TextRevision(SQLModel, table=True):
    """What one writer wrote in one stretch into one field of one object; ``before`` stood there until then.

    Open while ``closed_at`` is empty: later saves of the same writer overwrite it. A closed one never changes again;
    the database refuses it. ``writer`` is one open form (a random id), ``sequence`` its last save, ``base_version`` the
    object's version that the writer had seen, ``version`` the one that the last save made.
    """

    __tablename__ = "text_revision"
    __table_args__ = (
        sa.Index(
            "uq_text_revision_open",
            "object_kind",
            "object_id",
            "field",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index("ix_text_revision_object", "object_kind", "object_id", "field", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    object_kind: str = Field(max_length=60)
    object_id: int
    field: str = Field(max_length=60)
    account_id: int | None = None
    writer_name: str = Field(default="", max_length=200)
    writer: str = Field(max_length=36)
    sequence: int
    base_version: int
    version: int
    before: str = ""
    content: str
    opened_at: dt.datetime
    saved_at: dt.datetime
    closed_at: dt.datetime | None = None


class EditPresence(SQLModel, table=True):
    """Somebody has an object open for editing; gone a minute after the form was last heard of. Nothing is kept."""

    __tablename__ = "edit_presence"
    __table_args__ = (sa.Index("ix_edit_presence_object", "object_kind", "object_id"),)

    writer: str = Field(primary_key=True, max_length=36)
    object_kind: str = Field(max_length=60)
    object_id: int
    account_id: int | None = None
    name: str = Field(default="", max_length=200)
    opened_at: dt.datetime
    seen_at: dt.datetime
