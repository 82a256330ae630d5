"""What is handed to the outbox: a mail to one recipient with its parts."""

from dataclasses import dataclass

from app.outbox.models import Mail


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
