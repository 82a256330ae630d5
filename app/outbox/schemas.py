"""What is handed to the outbox: a mail to one recipient with its parts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.outbox.models import Mail, MailState


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with a name; the name may be empty."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file whose bytes lie already in the file storage under ``hash``."""

    name: str
    media_type: str
    hash: str


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iTIP message: ``text`` with ``method`` inside it; ``name`` is its file name as an attachment."""

    text: str
    method: str
    name: str = "einladung.ics"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: subject, plain text and the same as HTML ("" = text only)."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that a worker holds for one try: its row as it stood, its files, and the nonces of its links."""

    mail: Mail
    mail_id: int
    number: int
    files: tuple[AttachedFile, ...]
    link_nonce: str
    unsubscribe_nonce: str


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What the delivery log shows; None leaves a question open."""

    body_id: int | None = None
    meeting_id: int | None = None
    kind: str = ""
    state: MailState | None = None


@dataclass(frozen=True, slots=True)
class MailLine:
    """One line of the delivery log; mails about accounts tell no subject."""

    id: int
    kind: str
    subject: str
    name: str
    address: str
    body_id: int | None
    meeting_id: int | None
    state: MailState
    attempts: int
    created_at: dt.datetime
    sent_at: dt.datetime | None
    next_try_at: dt.datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """A page of the log, how many of the wished mails stand in each state, and the cursors beside it."""

    lines: tuple[MailLine, ...]
    counts: Mapping[MailState, int]
    previous: str | None
    next: str | None
