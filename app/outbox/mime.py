"""A mail as the bytes that travel: its MIME structure (standards §3), its headers, the keys put into its texts."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

import idna

from app.outbox.models import Mail
from app.outbox.rules import KEY_MARK, UNSUBSCRIBE_PATH
from app.outbox.schemas import AttachedFile

_OCTETS = 75
"""Of a line of a calendar, without its end (RFC 5545 §3.1)."""


class Unsendable(ValueError):
    """The mail cannot be put into a form that mail servers take; the text is a German sentence."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What is put where ``KEY_MARK`` stands: keys of the personal link and of unsubscribing, "" where there is none."""

    base_url: str
    link: str = ""
    unsubscribe: str = ""

    def put_into(self, words: str) -> str:
        """*words* with keys in addresses of this installation; a mark anywhere else is taken out."""
        address = re.compile(rf"({re.escape(self.base_url)}/[\w./?=&;-]*){re.escape(KEY_MARK)}")
        return address.sub(self._with_key, words).replace(KEY_MARK, "")

    def _with_key(self, found: re.Match[str]) -> str:
        stops = found[1] == self.base_url + UNSUBSCRIBE_PATH
        return found[1] + (self.unsubscribe if stops else self.link)


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header of ASCII that stays in one line: folding would encode a long address and nobody would find it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    """Everything is written in seven bits, so that any server on the way takes it."""
    registry = HeaderRegistry()
    for name in ("message-id", "list-unsubscribe", "list-unsubscribe-post"):
        registry.map_to_type(name, _Verbatim)
    return SMTP.clone(cte_type="7bit", header_factory=registry)


_POLICY = _policy()


def to_bytes(mail: Mail, files: Sequence[tuple[AttachedFile, bytes]], keys: Keys, *, date: dt.datetime) -> bytes:
    """The whole mail, lines ended with CRLF; Unsendable where an address cannot be written.

    ``multipart/mixed{ multipart/alternative{ text/plain, text/html, text/calendar }, files, application/ics }``; what
    the mail lacks is left out together with the envelope that it would need.
    """
    body = _alternative(mail, keys)
    calendar = put_into_calendar(mail.calendar, keys).encode()
    if files or calendar:
        whole = EmailMessage(policy=_POLICY)
        whole.make_mixed()
        whole.attach(_as_part(body))
        for file, content in files:
            main, _, sub = file.media_type.partition("/")
            whole.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
        if calendar:
            whole.add_attachment(calendar, maintype="application", subtype="ics", filename=mail.calendar_name)
    else:
        whole = body
    _write_headers(whole, mail, keys, date)
    return whole.as_bytes()


def put_into_calendar(calendar: str, keys: Keys) -> str:
    """The calendar with its keys: its lines are unfolded for that and folded again (RFC 5545 §3.1)."""
    if not calendar:
        return ""
    lines = re.sub(r"\r?\n[ \t]", "", calendar).splitlines()
    return "".join(f"{_folded(keys.put_into(line))}\r\n" for line in lines)


def ascii_address(address: str) -> str:
    """The address as servers take it: its domain in ASCII (IDNA 2008); Unsendable for letters that need SMTPUTF8."""
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise Unsendable(
            f"Die Adresse {address} hat Umlaute oder fremde Zeichen vor dem @. Solche Adressen nehmen die meisten "
            "Mailserver nicht an; bitte tragen Sie eine andere ein."
        )
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        domain = ""
    found = f"{local}@{domain}"
    if (
        not local
        or not domain
        or re.search(r"[\s\x00-\x1f\x7f<>()\[\],;:\\\"]", found)
        or not _stands_in_headers(found)
    ):
        raise Unsendable(f"{address or 'Die leere Angabe'} ist keine Adresse, an die sich eine Mail senden lässt.")
    return found


def _stands_in_headers(address: str) -> bool:
    """Whether the header of a mail can hold it: dots at the ends or in a row, as in a..b@example.org, it cannot."""
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    return True


def _alternative(mail: Mail, keys: Keys) -> EmailMessage:
    made = EmailMessage(policy=_POLICY)
    made.set_content(keys.put_into(mail.text), cte="quoted-printable")
    if mail.html:
        made.add_alternative(keys.put_into(mail.html), subtype="html", cte="quoted-printable")
    if mail.calendar:
        calendar = put_into_calendar(mail.calendar, keys)
        params = {"method": mail.calendar_method}
        made.add_alternative(calendar, subtype="calendar", charset="UTF-8", params=params, cte="base64")
    return made


def _as_part(message: EmailMessage) -> EmailMessage:
    """The message without the headers that only a whole mail has."""
    del message["MIME-Version"]
    return message


def _write_headers(whole: EmailMessage, mail: Mail, keys: Keys, date: dt.datetime) -> None:
    whole["From"] = _mailbox(mail.sender_name, mail.sender)
    whole["To"] = _mailbox(mail.name, mail.address)
    if mail.reply_to:
        whole["Reply-To"] = _mailbox("", mail.reply_to)
    whole["Subject"] = _as_typed(mail.subject)
    whole["Date"] = date
    whole["Message-ID"] = mail.message_id
    whole["Auto-Submitted"] = "auto-generated"
    whole["Content-Language"] = "de"
    if keys.unsubscribe:
        whole["List-Unsubscribe"] = f"<{keys.base_url}{UNSUBSCRIBE_PATH}{keys.unsubscribe}>"
        whole["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _mailbox(name: str, address: str) -> Address:
    return Address(display_name=_as_typed(name), addr_spec=ascii_address(address))


def _as_typed(words: str) -> str:
    """Words that read as an encoded word (RFC 2047) would be decoded on the way, line breaks in them included."""
    return words.replace("=?", "= ?")


def _folded(line: str) -> str:
    """A line of a calendar broken after at most 75 octets, never within a letter."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _OCTETS - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
