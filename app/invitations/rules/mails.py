"""Reading mails that anybody may have sent: sender, subject and the calendars' answers in them; pure, never trusting.

Whatever a mail holds, reading ends: parts, bytes and answers are counted, and what cannot be decoded is left out.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from itertools import islice

from app import text
from app.calendars.feed import MOST_REPLIES, read_replies
from app.calendars.schemas import Reply

MOST_BYTES = 10 * 1024 * 1024
"""A larger mail is no answer of a calendar; its beginning is enough to list it."""
MOST_PARTS = 50
MOST_CALENDAR = 256 * 1024
CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar")


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What is taken of a mail. ``message_id`` is its own, else it follows from its bytes.

    ``sender`` is the one address of its From line in lower case, "" where there are several; ``automatic``: no person
    wrote it.
    """

    message_id: str
    sender: str
    subject: str
    replies: tuple[Reply, ...]
    automatic: bool


def read_mail(raw: bytes) -> ReadMail:
    """The mail *raw* as it came from the server."""
    own = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    try:
        message = message_from_bytes(raw[:MOST_BYTES], policy=policy.compat32)
        replies = tuple(islice(_replies(message), MOST_REPLIES)) if len(raw) <= MOST_BYTES else ()
    except (RecursionError, ValueError, LookupError):
        return ReadMail(own, "", "", (), automatic=False)
    named = _header(message, "message-id")
    return ReadMail(
        message_id=named if 3 <= len(named) <= 200 else own,
        sender=_sender(message),
        subject=_header(message, "subject")[:300],
        replies=replies,
        automatic=_is_automatic(message),
    )


def _replies(message: Message) -> Iterator[Reply]:
    """The answers in all calendar parts; the same answer twice (as part and as attachment) is one."""
    seen: set[tuple[str, str]] = set()
    for part in islice(message.walk(), MOST_PARTS):
        name = (part.get_filename() or "").lower()
        if part.is_multipart() or (part.get_content_type() not in CALENDARS and not name.endswith(".ics")):
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or len(content) > MOST_CALENDAR:
            continue
        for reply in read_replies(_in_utf8(content, part.get_content_charset())):
            if (reply.uid, reply.attendee) not in seen:
                seen.add((reply.uid, reply.attendee))
                yield reply


def _in_utf8(content: bytes, charset: str | None) -> bytes:
    """Calendars are UTF-8; some programs say and write otherwise."""
    try:
        return content.decode(charset or "utf-8").encode()
    except (LookupError, ValueError):
        return content


def _sender(message: Message) -> str:
    """The address of the one From line; two of them are a trick."""
    lines = message.get_all("from") or []
    if len(lines) != 1:
        return ""
    address = parseaddr(str(lines[0]))[1].strip().lower()
    return address[:254] if address.count("@") == 1 else ""


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))
    try:
        return text.one_line(str(make_header(decode_header(value))))
    except (LookupError, ValueError):
        return text.one_line(value.encode("ascii", "replace").decode())


def _is_automatic(message: Message) -> bool:
    told = str(message.get("auto-submitted", "no")).strip().lower()
    return told.startswith("auto-") or message.get_content_type() == "multipart/report"
