"""Pure rules of the outbox: the mark of a personal key, message ids, German words for what became of a mail."""

import datetime as dt
import secrets
from collections.abc import Mapping
from email.utils import parseaddr

from app.actor import Actor, Role
from app.config import Settings
from app.outbox.models import Mail, MailState
from app.outbox.schemas import Mailbox

KEY_MARK = "~persoenlicher-schluessel~"
"""Stands in a mail's texts where the key of a personal link belongs.

It is put in at sending, and only in addresses of this installation (``f"{base_url}/antwort/{KEY_MARK}"``): under
``UNSUBSCRIBE_PATH`` the key of the mail's ``unsubscribe_id``, else that of its ``link_id``.
"""

UNSUBSCRIBE_PATH = "/abbestellen/"
"""Where notices are stopped: this path and the key. GET asks, POST does it (RFC 8058)."""

STATE_WORDS: Mapping[MailState, str] = {
    MailState.WAITING: "wartet auf Versand",
    MailState.SENDING: "wird versandt",
    MailState.SENT: "dem Mailserver übergeben",
    MailState.REFUSED: "vom Mailserver abgelehnt",
    MailState.GIVEN_UP: "nicht zugestellt, Mailserver nicht erreichbar",
    MailState.UNCERTAIN: "ungewiss: die Verbindung brach während der Übergabe ab",
    MailState.WITHHELD: "nicht versandt: Mailserver oder Postfach fehlt",
    MailState.CANCELLED: "zurückgezogen",
}


def needs_link(words: str) -> bool:
    """Whether the key of a personal link belongs into these words (one for unsubscribing is not meant)."""
    return KEY_MARK in words.replace(UNSUBSCRIBE_PATH + KEY_MARK, "")


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


DELAYS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120, 240, 360, 360, 360))
"""How long a mail waits after its first, second … failed try: a day and two hours in all, then it is given up."""

HOLD = dt.timedelta(minutes=15)
"""A mail that is SENDING for longer was left behind by a worker that died: no try lasts that long."""

SENT_ANEW = frozenset({MailState.REFUSED, MailState.GIVEN_UP, MailState.UNCERTAIN, MailState.WITHHELD})
"""The states in which the secretariat may order a mail again; UNCERTAIN only with its confirmation."""


def next_try(retries: int, now: dt.datetime) -> dt.datetime | None:
    """When a mail comes again after its failed try number *retries* (1, 2, …); None: it is given up."""
    return now + DELAYS[retries - 1] if retries <= len(DELAYS) else None


def may_act(actor: Actor, mail: Mail) -> bool:
    """Whether the actor decides about this mail: the secretariat of its body, for accounts the administration."""
    return actor.is_admin if mail.body_id is None else actor.has(Role.SECRETARIAT, mail.body_id)


def may_read_texts(actor: Actor, mail: Mail) -> bool:
    """Whether the actor reads what the mail says: never that of mails about accounts, nor of secret ones."""
    return mail.body_id is not None and not mail.secret and actor.has(Role.SECRETARIAT, mail.body_id)
