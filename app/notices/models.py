"""Tables of notices: one row for each recipient and occasion, and what people chose about each kind."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import enum_column


class NoticeWay(StrEnum):
    """How somebody is told: sofort, einmal täglich gesammelt, nicht per Mail."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


class NoticeState(StrEnum):
    """WAITING for its mail; SENT = in the outbox; LISTED = without a mail; DROPPED: not for this person any more."""

    WAITING = "waiting"
    SENT = "sent"
    LISTED = "listed"
    DROPPED = "dropped"


class Notice(SQLModel, table=True):
    """That one person is told of one occasion. It holds no words: they are told anew whenever somebody looks.

    ``kind`` is one of ``rules.kinds``; ``subject_id`` the thing it is about (what table follows from the kind) and
    ``detail`` what else names the occasion, such as a date. Notices of one ``bundle`` go in one mail. ``person_id``
    stands for people without an account, who get the duties only.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_state_bundle", "state", "bundle"),
        sa.Index("ix_notice_account_at", "account_id", "at"),
        sa.CheckConstraint("(account_id IS NULL) <> (person_id IS NULL)", name="recipient"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    body_id: int | None = Field(default=None, foreign_key="body.id", ondelete="CASCADE", index=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="CASCADE", index=True)
    subject_id: int
    detail: str = Field(default="", max_length=60)
    bundle: str = Field(max_length=60)
    way: NoticeWay = Field(sa_type=enum_column(NoticeWay))
    state: NoticeState = Field(default=NoticeState.WAITING, sa_type=enum_column(NoticeState))
    at: dt.datetime
    mail_id: int | None = Field(default=None, foreign_key="mail.id", ondelete="SET NULL", index=True)
    dedupe_key: str = Field(max_length=160, unique=True)


class NoticeChoice(SQLModel, table=True):
    """How an account wants to be told of one kind, where that is not the default."""

    __tablename__ = "notice_choice"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=40)
    way: NoticeWay = Field(sa_type=enum_column(NoticeWay))
