"""Tables of the outbox: mails, one for each recipient, and what they carry."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import enum_column


class MailState(StrEnum):
    """What became of a mail.

    SENDING stands while a worker talks to the mail server. A worker that dies meanwhile leaves it behind: whether the
    server took the mail is then UNCERTAIN, and it is never sent again by itself. WITHHELD: no mail server is set up.
    REFUSED: the server said no for good. GIVEN_UP: it could not be reached often enough.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    UNCERTAIN = "uncertain"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


class Mail(SQLModel, table=True):
    """One mail to one recipient.

    ``kind`` names the occasion ("invitation", "notice.papers", "account.reset"); ``dedupe_key`` guards that an occasion
    gives a recipient one mail. Texts may hold ``rules.KEY_MARK`` where the key of ``link_id`` belongs: it is put in
    when the mail is sent, so that nobody reads it here. ``secret``: the texts are erased once it is sent.
    ``answer`` is the mail server's last word.

    ``attempts`` numbers the tries (``MailTry``), ``retries`` counts the failed ones since it was ordered (again).
    ``data_at`` stands while a try is past the point at which the server may have taken the mail. A waiting mail comes
    again at ``next_try_at``. The line stays when the texts are erased (``texts_erased_at``).
    """

    __tablename__ = "mail"
    __table_args__ = (
        sa.Index("ix_mail_meeting", "meeting_id", "id"),
        sa.Index("ix_mail_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=60)
    dedupe_key: str | None = Field(default=None, max_length=160, unique=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    body_id: int | None = Field(default=None, foreign_key="body.id", ondelete="SET NULL", index=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="SET NULL")
    link_id: int | None = Field(default=None, foreign_key="personal_link.id", ondelete="SET NULL")
    unsubscribe_id: int | None = Field(default=None, foreign_key="personal_link.id", ondelete="SET NULL")
    address: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    sender: str = Field(max_length=254)
    sender_name: str = Field(default="", max_length=200)
    reply_to: str = Field(default="", max_length=254)
    subject: str = Field(max_length=400)
    text: str
    html: str = ""
    calendar: str = ""
    calendar_method: str = Field(default="", max_length=20)
    calendar_name: str = Field(default="", max_length=80)
    message_id: str = Field(max_length=200, unique=True)
    secret: bool = False
    state: MailState = Field(default=MailState.WAITING, sa_type=enum_column(MailState))
    attempts: int = 0
    retries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    created_at: dt.datetime
    next_try_at: dt.datetime | None = None
    sending_at: dt.datetime | None = None
    data_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    texts_erased_at: dt.datetime | None = None
    answer: str = Field(default="", max_length=500)


class MailTry(SQLModel, table=True):
    """One try to send a mail: when, what became of it and the server's answer; open while ``ended_at`` is empty."""

    __tablename__ = "mail_try"

    mail_id: int = Field(primary_key=True, foreign_key="mail.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    began_at: dt.datetime
    ended_at: dt.datetime | None = None
    outcome: MailState = Field(default=MailState.SENDING, sa_type=enum_column(MailState, "mail_try_outcome"))
    answer: str = Field(default="", max_length=500)


class MailAttachment(SQLModel, table=True):
    """A file that a mail carries; its bytes lie in the file storage under ``file_key`` (SHA-256).

    The sweep of orphans keeps what a ``file_key`` names; it is emptied with the texts when they are no longer kept.
    """

    __tablename__ = "mail_attachment"

    mail_id: int = Field(primary_key=True, foreign_key="mail.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=120)
    file_key: str = Field(max_length=64, index=True)
