"""Pure rules of the outbox: the mark of a personal key, message ids, German words for what became of a mail."""

import secrets
from collections.abc import Mapping
from email.utils import parseaddr

from app.config import Settings
from app.outbox.models import MailState
from app.outbox.schemas import Mailbox

KEY_MARK = "~persoenlicher-schluessel~"
"""Stands in a mail's texts where the key of its personal link belongs."""

STATE_WORDS: Mapping[MailState, str] = {
    MailState.WAITING: "wartet auf Versand",
    MailState.SENDING: "wird versandt",
    MailState.SENT: "dem Mailserver übergeben",
    MailState.REFUSED: "vom Mailserver abgelehnt",
    MailState.GIVEN_UP: "nicht zugestellt, Mailserver nicht erreichbar",
    MailState.UNCERTAIN: "ungewiss: die Verbindung brach während der Übergabe ab",
    MailState.WITHHELD: "nicht versandt, es ist kein Mailserver eingerichtet",
    MailState.CANCELLED: "zurückgezogen",
}


def message_id(sender: str) -> str:
    """A Message-ID that is unique for ever, in the sender's domain (RFC 5322 §3.6.4)."""
    return f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2] or 'localhost'}>"


NO_MAILBOX = "postfach-fehlt@skip.invalid"
"""Stands where neither the body nor the installation has an address: nothing is ever sent from it (RFC 2606)."""


def installation_mailbox(settings: Settings) -> Mailbox:
    """Whose mails about accounts are: ``SKIP_MAIL_FROM``, else :data:`NO_MAILBOX` (then nothing is sent)."""
    name, address = parseaddr(settings.mail_from)
    return Mailbox(address, name) if "@" in address else Mailbox(NO_MAILBOX, name)


def is_real(mailbox: Mailbox) -> bool:
    """Whether mails can be sent from this mailbox and answers reach it."""
    return mailbox.address != NO_MAILBOX
