"""Mails about accounts: invitation, password reset, and notices of changes that only the owner should make.

They are composed before the transaction that posts them; the key of a link is put in when the mail is sent.
"""

import datetime as dt

from app import text
from app.config import Settings
from app.outbox.composing import compose
from app.outbox.rules import KEY_MARK, installation_mailbox
from app.outbox.schemas import Letter
from app.people.models import Account

INVITED_FOR = dt.timedelta(days=7)
RESET_FOR = dt.timedelta(hours=1)
"""How long the links work (eigene Festlegung)."""

_WHY = "Diese Mail betrifft Ihr Konto; sie lässt sich nicht abbestellen."


def link_address(settings: Settings) -> str:
    """Where the link of a mail leads; its key follows from the personal link."""
    return f"{settings.base_url}/konto/{KEY_MARK}"


def invitation_letter(settings: Settings, name: str, now: dt.datetime, *, inviter: str, demo: bool) -> Letter:
    """Somebody is asked to begin using their account."""
    until = text.moment(now + INVITED_FOR)
    return compose(
        "account_invited",
        demo=demo,
        sender_name=installation_mailbox(settings).name,
        why=_WHY,
        to_name=name,
        inviter=inviter,
        until=until,
        address=link_address(settings),
        base_url=settings.base_url,
        providers=text.joined([one.label for one in settings.oidc_providers]),
    )


def reset_letter(settings: Settings, name: str, *, demo: bool) -> Letter:
    """Somebody asked for a new password."""
    return compose(
        "account_reset",
        demo=demo,
        sender_name=installation_mailbox(settings).name,
        why=_WHY,
        to_name=name,
        address=link_address(settings),
    )


def change_letter(settings: Settings, account: Account, now: dt.datetime, *, what: str, demo: bool) -> Letter:
    """Something about the way in was changed; *what* is the sentence that says what."""
    return compose(
        "account_changed",
        demo=demo,
        sender_name=installation_mailbox(settings).name,
        why=_WHY,
        to_name=account.name,
        what=what,
        at=text.moment(now),
        address=f"{settings.base_url}/profil",
        forgotten=f"{settings.base_url}/anmelden/kennwort",
    )


APP_ADDED = "Für Ihr Konto wurde eine App für Einmalcodes eingerichtet."
APP_REMOVED = "Die App für Einmalcodes wurde von Ihrem Konto entfernt."
FACTORS_RESET = "Die Systemadministration hat alle zweiten Faktoren Ihres Kontos zurückgesetzt."
CHANGED_BY_OWNER = "Das Kennwort Ihres Kontos wurde unter „Profil“ geändert."
SET_BY_OFFICE = "Die Systemadministration hat für Ihr Konto ein neues Kennwort gesetzt."
PASSKEY_ADDED = "Für Ihr Konto wurde ein Passkey angelegt."
PASSKEY_REMOVED = "Ein Passkey wurde von Ihrem Konto entfernt."
