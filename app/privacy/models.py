"""Tables of the public pages: the versions of their texts, and what people wrote about barriers."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import Versioned, enum_column


class TextName(StrEnum):
    """The public pages whose text the operator writes; the value is the address."""

    ACCESSIBILITY = "barrierefreiheit"
    PRIVACY = "datenschutz"
    IMPRINT = "impressum"


class PublicText(SQLModel, table=True):
    """A version of a public page's text (Markdown). The last one is shown; earlier ones stay. Who wrote it: history."""

    __tablename__ = "public_text"
    __table_args__ = (sa.Index("ix_public_text_name", "name", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: TextName = Field(sa_type=enum_column(TextName))
    content: str
    made_at: dt.datetime


class Feedback(Versioned, table=True):
    """What somebody reported about a barrier. ``reply_to`` "" where they left no address."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    made_at: dt.datetime = Field(index=True)
    message: str = Field(max_length=4000)
    place: str = Field(default="", max_length=300)
    reply_to: str = Field(default="", max_length=254)
    answered_at: dt.datetime | None = None
    note: str = Field(default="", max_length=1000)
