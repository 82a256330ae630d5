"""Pure rules of the outbox: the mark of a personal key, message ids, German words for what became of a mail."""

import secrets
from collections.abc import Mapping

from app.outbox.models import MailState

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
