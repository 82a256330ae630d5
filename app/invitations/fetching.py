"""Fetching answers from a mailbox (IMAP): every mail is read once, flagged, and left where it is.

A mail gets its flag after its answer is stored; if that fails it comes again and is known by its Message-ID. One that
cannot be stored holds no other up. Servers that keep no flags of ours (Exchange) give the mails of the last days each
time; those known already are passed over.
"""

import datetime as dt
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import OperationalError, TimeoutError

from app import clock
from app.db import Database
from app.errors import SkipError
from app.invitations.rules.mails import MOST_BYTES
from app.invitations.service.receiving import receive_mail

log = logging.getLogger("skip.fetching")

FLAG = "SkipRead"
"""A keyword of our own: people who look into the mailbox change what counts as read."""
AT_ONCE = 200
UNFLAGGED_FOR = dt.timedelta(days=3)
"""How far back is read where the server keeps no flag: a mailbox that was out of reach over a weekend loses nothing."""
PATIENCE_SECONDS = 30
FETCH_JOB = "invitations.fetch"
EVERY_MINUTES = 5


class Unreachable(SkipError):
    """The mailbox cannot be read."""

    status = 503


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """``imaps://NAME:KENNWORT@SERVER:PORT/ORDNER``; ``imap://`` goes on encrypted (STARTTLS)."""

    secure: bool
    host: str
    port: int
    user: str
    password: str
    folder: str


def read_address(url: str) -> MailboxAddress:
    """The parts of ``SKIP_IMAP_URL``; SkipError with a sentence that never repeats the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SkipError("SKIP_IMAP_URL ist keine Adresse der Form imaps://NAME:KENNWORT@SERVER/ORDNER.") from None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise SkipError("SKIP_IMAP_URL ist keine Adresse der Form imaps://NAME:KENNWORT@SERVER/ORDNER.")
    secure = parts.scheme == "imaps"
    return MailboxAddress(
        secure=secure,
        host=parts.hostname,
        port=port or (993 if secure else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def fetch_mails(database: Database, url: str) -> int:
    """Read what is new in the mailbox, at most 200 mails; how many there were. Unreachable with the reason."""
    with _opened(read_address(url)) as box:
        found = 0
        for uid in _new(box):
            raw = _read(box, uid)
            if raw is not None:
                if not _is_stored(database, raw, uid):
                    continue
                found += 1
            box.uid("STORE", uid, "+FLAGS", f"({FLAG})")
        return found


def _is_stored(database: Database, raw: bytes, uid: str) -> bool:
    """Whether the mail was read; what is wrong with it is told without a word of it. A database that is down raises."""
    try:
        receive_mail(database, raw)
    except (OperationalError, TimeoutError):
        raise
    except Exception as error:
        log.warning("mail %s of the mailbox is not read: %s", uid, type(error).__name__)
        return False
    return True


def check_mailbox(url: str) -> str:
    """A word on the mailbox for ``skip check``: how many mails wait. Unreachable with the reason."""
    with _opened(read_address(url), readonly=True) as box:
        return f"erreichbar, {len(_new(box))} ungelesene Mails"


@contextmanager
def _opened(address: MailboxAddress, *, readonly: bool = False) -> Iterator[imaplib.IMAP4]:
    """The folder, opened; whatever the server does wrong is Unreachable, without its words about the sign-in."""
    box: imaplib.IMAP4 | None = None
    try:
        box = _connected(address)
        box.login(address.user, address.password)
        open_folder = box.select
        state, _ = open_folder(_quoted(address.folder), readonly=readonly)
        if state != "OK":
            raise Unreachable(f"Den Ordner {address.folder} gibt es in diesem Postfach nicht.")
        yield box
    except imaplib.IMAP4.error:
        raise Unreachable("Das Postfach hat die Anmeldung oder einen Befehl abgelehnt.") from None
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(f"Der Server des Postfachs ist nicht erreichbar ({type(error).__name__}).") from None
    finally:
        if box is not None:
            _leave(box)


def _connected(address: MailboxAddress) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if address.secure:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=PATIENCE_SECONDS)
    box = imaplib.IMAP4(address.host, address.port, timeout=PATIENCE_SECONDS)
    if address.host not in ("127.0.0.1", "::1", "localhost"):
        box.starttls(context)
    return box


def _leave(box: imaplib.IMAP4) -> None:
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error):
        return


def _new(box: imaplib.IMAP4) -> list[str]:
    """The mails without our flag, the oldest 200; where there is no such flag the newest 200 of the last days."""
    if _keeps_flags(box):
        _, found = box.uid("SEARCH", "UNKEYWORD", FLAG)
        return _listed(found)[:AT_ONCE]
    _, day, month, year, *_ = format_datetime(clock.now() - UNFLAGGED_FOR).split()
    _, found = box.uid("SEARCH", "SINCE", f"{int(day)}-{month}-{year}")
    return _listed(found)[-AT_ONCE:]


def _keeps_flags(box: imaplib.IMAP4) -> bool:
    """Whether flags of our own last (RFC 3501 §7.1, PERMANENTFLAGS); a server that does not say keeps them."""
    _, told = box.response("PERMANENTFLAGS")
    words = b" ".join(one for one in told if isinstance(one, bytes))
    return not words.strip(b"() ") or b"\\*" in words or FLAG.lower().encode() in words.lower()


def _listed(found: list[Any]) -> list[str]:
    return found[0].decode().split() if found and found[0] else []


def _read(box: imaplib.IMAP4, uid: str) -> bytes | None:
    """The bytes of a mail, read without marking it as seen; of a huge one the beginning, None if it is gone."""
    _, found = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    return next((one[1] for one in found if isinstance(one, tuple) and isinstance(one[1], bytes)), None)


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'
