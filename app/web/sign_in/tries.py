"""Counting wrong passwords and codes: strangers wait ever longer, a browser that was signed in before does not.

Tries from unknown browsers count for the account and for the network address; tries from a browser in which the account
was signed in before count for that browser alone. So nobody who guesses shuts the owner out.
"""

import math
from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session

from app import clock
from app.config import Settings
from app.credentials import queries as credentials
from app.db import Database
from app.errors import Throttled
from app.people import queries, rules, service
from app.people.models import Account, SignInEventKind
from app.web.sign_in.entering import BROWSER_COOKIE


@dataclass(frozen=True, slots=True)
class Tries:
    """Under which keys a try is counted: ``key`` slows down, ``address`` ("" = not counted) has a limit.

    ``account_id``: whose account it is, for the security log; None where it is nobody's.
    """

    key: str
    address: str = ""
    account_id: int | None = None


def tries_of(
    session: Session, request: Request, settings: Settings, kind: str, subject: str, account_id: int | None
) -> Tries:
    """How a try of this browser at *subject* (an address typed, an account's number) counts."""
    browser = request.cookies.get(BROWSER_COOKIE, "")
    if account_id is not None and browser and credentials.find_browser(session, account_id, browser) is not None:
        known = f"{subject}:{rules.key_hash(browser)}"
        return Tries(rules.try_key(f"{kind} known", known, settings.signing_key), account_id=account_id)
    host = rules.address_block(request.client.host if request.client else "")
    by_address = rules.try_key("address", host, settings.signing_key)
    return Tries(rules.try_key(kind, subject, settings.signing_key), by_address, account_id)


def require_patience(session: Session, tries: Tries) -> None:
    """Throttled, with the time to wait, while a further try is too early."""
    since = clock.now() - rules.ADDRESS_WINDOW
    if tries.address and queries.count_failures(session, tries.address, since) >= rules.TRIES_PER_ADDRESS:
        raise Throttled()
    until = credentials.waits_until(session, tries.key)
    if until is not None:
        raise Throttled(_words(math.ceil((until - clock.now()).total_seconds())))


def count(database: Database, tries: Tries) -> None:
    """Remember that a try was wrong, in a transaction of its own; the security log tells it, and when a wait begins."""
    with database.write() as session:
        service.count_failure(session, *(key for key in (tries.key, tries.address) if key))
        service.note_at_door(session, SignInEventKind.FAILED, tries.account_id)
        session.flush()
        if credentials.waits_until(session, tries.key) is not None:
            service.note_at_door(session, SignInEventKind.LOCKED, tries.account_id)


def forget(session: Session, tries: Tries) -> None:
    """A try was right: what counted under its key is forgiven, never what counted for the network address."""
    service.forget_failures(session, tries.key)


def forgive(session: Session, request: Request, settings: Settings, account: Account) -> None:
    """The account is about to be signed in: this browser's counting begins anew, strangers are forgiven nothing.

    The owner finds in the history that somebody guessed.
    """
    strangers = rules.try_key("account", account.email, settings.signing_key)
    failures = queries.count_failures(session, strangers, clock.now() - rules.TRY_WINDOW)
    if failures >= rules.TRIES_PER_ACCOUNT:
        service.note_guesses(session, account, failures)
    forget(session, tries_of(session, request, settings, "account", account.email, account.id))


def _words(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    span = f"{seconds} Sekunden" if seconds <= 90 else f"{minutes} Minuten"
    return (
        f"Zu viele Versuche. Bitte warten Sie {span} und versuchen Sie es dann noch einmal. In einem Browser, in "
        "dem Sie schon einmal angemeldet waren, müssen Sie nicht warten."
    )
