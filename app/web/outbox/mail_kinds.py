"""All kinds of mails, gathered from those who own them."""

from collections.abc import Mapping

from app.credentials.mails import MAILS as ACCOUNT_MAILS
from app.invitations.mails import MAILS as INVITATION_MAILS
from app.notices.letters import MAILS as NOTICE_MAILS
from app.outbox.kinds import MailKind

KINDS: Mapping[str, MailKind] = {kind.name: kind for kind in (*ACCOUNT_MAILS, *INVITATION_MAILS, *NOTICE_MAILS)}
"""By the name of their folder under ``templates/mail``."""

_OTHER: Mapping[str, str] = {"feedback": "Rückmeldung an das Haus"}
"""Mails that people write themselves: they have no template."""


def kind_title(kind: str) -> str:
    """The German name of a mail's ``kind``: "account.reset" is account_reset, "notice.papers" one kind of notice."""
    found = KINDS.get(kind.replace(".", "_")) or KINDS.get(kind.partition(".")[0])
    return found.title if found else _OTHER.get(kind, kind)
