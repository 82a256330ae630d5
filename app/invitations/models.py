"""Tables of invitations: what was sent to whom, what guests answered, and every answer that came by link or mail."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.attendance.models import Answer
from app.db import enum_column


class DispatchMethod(StrEnum):
    """What a mail asks for: come (also: anew, after a change), or do not come."""

    REQUEST = "request"
    CANCEL = "cancel"


class RecipientRole(StrEnum):
    """As what somebody is told: with the seat, as its office, for information, as guest of items, as secretariat."""

    MEMBER = "member"
    DEPUTY = "deputy"
    OFFICE = "office"
    COPY = "copy"
    GUEST = "guest"
    SECRETARIAT = "secretariat"


class InvitationDispatch(SQLModel, table=True):
    """One act of sending: the state of the meeting that was told, so that the next one can say what changed.

    ``serial`` counts the dispatches of a meeting; ``sequence`` is the calendar's; ``version`` that of the agenda (None:
    before the release). ``subject`` says in words why; ``preview`` is the fingerprint of what was confirmed.
    """

    __tablename__ = "invitation_dispatch"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", ondelete="RESTRICT")
    serial: int
    method: DispatchMethod = Field(sa_type=enum_column(DispatchMethod))
    sequence: int
    version: int | None = None
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str = Field(default="", max_length=300)
    subject: str = Field(default="", max_length=1000)
    note: str = Field(default="", max_length=2000)
    preview: str = Field(max_length=64)
    dispatched_at: dt.datetime
    dispatched_by: str = Field(default="", max_length=200)


class InvitationRecipient(SQLModel, table=True):
    """One recipient of a dispatch with the mail that was written. ``edition`` as addresses name it, "" = none yet.

    ``answers``: an answer is asked for, and ``link_id`` gives it. ``method`` is CANCEL for who is no longer invited.
    """

    __tablename__ = "invitation_recipient"
    __table_args__ = (sa.UniqueConstraint("dispatch_id", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    dispatch_id: int = Field(foreign_key="invitation_dispatch.id", ondelete="CASCADE")
    method: DispatchMethod = Field(sa_type=enum_column(DispatchMethod))
    role: RecipientRole = Field(sa_type=enum_column(RecipientRole))
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    seat_id: int | None = Field(default=None, foreign_key="seat.id", ondelete="SET NULL", index=True)
    name: str = Field(default="", max_length=300)
    address: str = Field(max_length=254)
    edition: str = Field(default="", max_length=40)
    answers: bool = False
    link_id: int | None = Field(default=None, foreign_key="personal_link.id", ondelete="SET NULL", index=True)
    mail_id: int | None = Field(default=None, foreign_key="mail.id", ondelete="SET NULL", index=True)


class GuestAnswer(SQLModel, table=True):
    """What a guest answered for a meeting."""

    __tablename__ = "guest_answer"

    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    answer: Answer = Field(sa_type=enum_column(Answer))
    note: str = Field(default="", max_length=500)
    answered_at: dt.datetime
    answered_by: str = Field(default="", max_length=200)


class ReplyWay(StrEnum):
    """How an answer came."""

    LINK = "link"
    MAIL = "mail"


class ReplyOutcome(StrEnum):
    """What was done with an answer.

    TAKEN: it counts. NOTED: kept without effect (vielleicht). OUTDATED: something later counts already. REFUSED: a rule
    said no. UNMATCHED: nobody it could be from; NO_REPLY: a mail without an answer in it, for people to read.
    """

    TAKEN = "taken"
    NOTED = "noted"
    OUTDATED = "outdated"
    REFUSED = "refused"
    UNMATCHED = "unmatched"
    NO_REPLY = "no_reply"


class InvitationReply(SQLModel, table=True):
    """An answer as it came. ``message_id`` guards that a mail is read once; ``place`` counts the answers in it.

    ``stamped_at`` is when it was given by its own word; ``why`` says what was done in a sentence; ``settled_at``: the
    secretariat looked after one that could not be matched.
    """

    __tablename__ = "invitation_reply"
    __table_args__ = (sa.UniqueConstraint("message_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: str | None = Field(default=None, max_length=200)
    place: int = 0
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", ondelete="SET NULL", index=True)
    recipient_id: int | None = Field(
        default=None, foreign_key="invitation_recipient.id", ondelete="SET NULL", index=True
    )
    way: ReplyWay = Field(sa_type=enum_column(ReplyWay))
    received_at: dt.datetime
    stamped_at: dt.datetime | None = None
    sequence: int | None = None
    partstat: str = Field(default="", max_length=40)
    comment: str = Field(default="", max_length=500)
    sender: str = Field(default="", max_length=254)
    subject: str = Field(default="", max_length=300)
    outcome: ReplyOutcome = Field(sa_type=enum_column(ReplyOutcome))
    why: str = Field(default="", max_length=500)
    settled_at: dt.datetime | None = None
    settled_by: str = Field(default="", max_length=200)
