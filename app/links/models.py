"""Table of personal links."""

import datetime as dt

from sqlmodel import Field, SQLModel


class PersonalLink(SQLModel, table=True):
    """A key that somebody got by mail.

    The key is stored nowhere: it follows from ``nonce`` and the secret of the installation (``rules.link_key``), so
    that a mail can be written later; ``token_hash`` finds the row again.

    ``purpose`` names what it opens (``rules.Purpose``); the references say for whom and about what. It works until
    ``expires_at`` (None: until revoked) and, where the purpose is done once, until ``used_at``.
    """

    __tablename__ = "personal_link"

    id: int | None = Field(default=None, primary_key=True)
    purpose: str = Field(max_length=40)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="CASCADE", index=True)
    seat_id: int | None = Field(default=None, foreign_key="seat.id", ondelete="CASCADE")
    detail: str = Field(default="", max_length=120)
    nonce: str = Field(max_length=64)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    used_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
