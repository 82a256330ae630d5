"""Reading mails that anybody may have sent: sender, subject and the calendars' answers in them; pure, never trusting.

Whatever a mail holds, reading ends: parts, bytes and answers are counted, and what cannot be decoded is left out.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from itertools import islice

from app import text
from app.calendars.feed import MOST_REPLIES, read_replies
from app.calendars.schemas import Reply

MOST_BYTES = 10 * 1024 * 1024
"""A larger mail is no answer of a calendar; its beginning is enough to list it."""
MOST_HEAD = 256 * 1024
MOST_ENVELOPES, MOST_DASHES = 20, 1000
"""Of a mail with more multiparts, or more lines that may part it, the head alone is read: the rest takes minutes."""
MOST_HEADER = 2000
"""Letters of a header line that are read: the library needs minutes for very long ones."""
MOST_PARTS = 50
MOST_CALENDAR = 256 * 1024
MOST_CALENDARS = 5
"""A mail holds its answer once or twice: as a part and as a file."""
CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar")
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")


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
        whole = _is_simple(raw)
        message = message_from_bytes(raw if whole else _head(raw), policy=policy.compat32)
        replies = tuple(islice(_replies(message), MOST_REPLIES)) if whole else ()
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


def _is_simple(raw: bytes) -> bool:
    """Whether the mail is read in a moment, as every one with an answer is."""
    envelopes, dashes = raw.lower().count(b"multipart/"), raw.count(b"\n--")
    return len(raw) <= MOST_BYTES and envelopes <= MOST_ENVELOPES and dashes <= MOST_DASHES


def _head(raw: bytes) -> bytes:
    """The header lines alone."""
    return re.split(rb"\r?\n\r?\n", raw[:MOST_HEAD], maxsplit=1)[0] + b"\r\n\r\n"


def _replies(message: Message) -> Iterator[Reply]:
    """The answers in all calendar parts; the same answer twice (as part and as attachment) is one."""
    seen: set[tuple[str, str]] = set()
    parts = islice(message.walk(), MOST_PARTS)
    for part in islice((one for one in parts if _is_calendar(one)), MOST_CALENDARS):
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or len(content) > MOST_CALENDAR:
            continue
        for reply in read_replies(_in_utf8(content, part.get_content_charset())):
            if (reply.uid, reply.attendee) not in seen:
                seen.add((reply.uid, reply.attendee))
                yield reply


def _is_calendar(part: Message) -> bool:
    named = (part.get_filename() or "").lower().endswith(".ics")
    return not part.is_multipart() and (named or part.get_content_type() in CALENDARS)


def _in_utf8(content: bytes, charset: str | None) -> bytes:
    """Calendars are UTF-8; some programs say and write otherwise."""
    try:
        return content.decode(charset or "utf-8").encode()
    except (LookupError, ValueError):
        return content


def _sender(message: Message) -> str:
    """The one address of the one From line; several are a trick: each program, and DMARC, believes another one."""
    lines = [_ASIDE.sub(" ", str(line)[:MOST_HEADER]) for line in message.get_all("from") or []]
    found = _ADDRESS.findall(lines[0].lower()) if len(lines) == 1 else []
    plain = len(set(found)) == 1 and len(found) == lines[0].count("@") and found[0].isprintable()
    return found[0][:254] if plain else ""


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))[:MOST_HEADER]
    try:
        return text.one_line(str(make_header(decode_header(value))))
    except (LookupError, ValueError):
        return text.one_line(value.encode("ascii", "replace").decode())


def _is_automatic(message: Message) -> bool:
    told = str(message.get("auto-submitted", "no")).strip().lower()
    return told.startswith("auto-") or message.get_content_type() == "multipart/report"
