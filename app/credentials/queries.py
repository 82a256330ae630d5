"""Reading what proves who somebody is: invitations, links to a password, identities, steps of a sign-in."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.credentials.models import Identity, KnownBrowser, OneTimeSecret, Passkey, RecoveryCode, SignInStep, StepKind
from app.links.models import PersonalLink
from app.links.queries import find_link, lock_link
from app.links.rules import Purpose
from app.people.models import Account, SignInFailure, SignInSession
from app.people.queries import find_account_by_email
from app.people.rules import TRY_WINDOW, key_hash, wait_after

PURPOSES = (Purpose.INVITED, Purpose.RESET)


def find_password_link(session: Session, key: str, *, lock: bool = False) -> tuple[PersonalLink, Account] | None:
    """The unused link to a password with this key and its active account; None for everything else alike."""
    finder = lock_link if lock else find_link
    for purpose in PURPOSES:
        link = finder(session, purpose, key)
        if link is not None and link.used_at is None and link.account_id is not None:
            account = session.get(Account, link.account_id)
            return (link, account) if account is not None and account.active else None
    return None


def open_invitations(session: Session) -> dict[int, PersonalLink]:
    """The invitations that still wait, by account; the newest of each."""
    rows = session.exec(_waiting_invitations().order_by(col(PersonalLink.id)))
    return {row.account_id or 0: row for row in rows}


def open_invitation(session: Session, account_id: int) -> PersonalLink | None:
    """The invitation of an account that still waits."""
    statement = _waiting_invitations().where(PersonalLink.account_id == account_id)
    return session.exec(statement.order_by(col(PersonalLink.id).desc())).first()


def _waiting_invitations() -> SelectOfScalar[PersonalLink]:
    return select(PersonalLink).where(
        PersonalLink.purpose == Purpose.INVITED,
        col(PersonalLink.account_id).is_not(None),
        col(PersonalLink.used_at).is_(None),
        col(PersonalLink.revoked_at).is_(None),
        col(PersonalLink.expires_at) > clock.now(),
    )


def find_invited(session: Session, email: str) -> tuple[Account, PersonalLink] | None:
    """The active account with this address that was invited and has not accepted yet, with its link."""
    account = find_account_by_email(session, email)
    if account is None or not account.active or account.id is None:
        return None
    link = open_invitation(session, account.id)
    return None if link is None else (account, link)


def find_identity(session: Session, issuer: str, subject: str) -> Identity | None:
    """Whose account this identity is."""
    return session.exec(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)).first()


def list_identities(session: Session, account_id: int) -> list[Identity]:
    """The identities of an account at providers."""
    return list(session.exec(select(Identity).where(Identity.account_id == account_id).order_by(col(Identity.id))))


def find_step(session: Session, kind: StepKind, key: str) -> SignInStep | None:
    """The step of this kind that the browser with *key* stands on, while it lasts."""
    return session.exec(
        select(SignInStep).where(
            SignInStep.kind == kind, SignInStep.token_hash == key_hash(key), col(SignInStep.expires_at) > clock.now()
        )
    ).first()


def find_browser(session: Session, account_id: int, key: str) -> KnownBrowser | None:
    """The browser with this key, if the account was signed in from it before."""
    return session.exec(
        select(KnownBrowser).where(KnownBrowser.account_id == account_id, KnownBrowser.token_hash == key_hash(key))
    ).first()


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account. ``codes_left``: unused recovery codes."""

    app: OneTimeSecret | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a sign-in with the password asks for more."""
        return self.app is not None or bool(self.passkeys)


def factors_of(session: Session, account_id: int) -> Factors:
    """What the account has set up; an app that was never confirmed does not count."""
    app = session.get(OneTimeSecret, account_id)
    passkeys = session.exec(select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.id))).all()
    left = session.exec(
        select(sa.func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    ).one()
    return Factors(app if app is not None and app.confirmed_at is not None else None, tuple(passkeys), left)


def find_app(session: Session, account_id: int) -> OneTimeSecret | None:
    """The secret of the account's app, confirmed or not."""
    return session.get(OneTimeSecret, account_id)


def list_sessions(session: Session, account_id: int) -> list[SignInSession]:
    """The browsers in which the account is signed in now, the last used first."""
    return list(
        session.exec(
            select(SignInSession)
            .where(SignInSession.account_id == account_id, col(SignInSession.expires_at) > clock.now())
            .order_by(col(SignInSession.seen_at).desc(), col(SignInSession.id).desc())
        )
    )


def waits_until(session: Session, key: str) -> dt.datetime | None:
    """When tries counted under *key* are looked at again; None: at once."""
    now = clock.now()
    count, last = session.execute(
        sa.select(sa.func.count(), sa.func.max(SignInFailure.at)).where(
            col(SignInFailure.key) == key, col(SignInFailure.at) > now - TRY_WINDOW
        )
    ).one()
    if not count:
        return None
    until: dt.datetime = _aware(last) + wait_after(count)
    return until if until > now else None


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def find_waiting_account(session: Session, kind: StepKind, key: str) -> tuple[Account, dict[str, Any]] | None:
    """Whose password was right in the browser with this key, and what is remembered of it."""
    step = find_step(session, kind, key) if key else None
    account = session.get(Account, step.account_id) if step is not None and step.account_id is not None else None
    return None if step is None or account is None else (account, json.loads(step.detail))


def find_passkey(session: Session, credential_id: str) -> tuple[Passkey, Account] | None:
    """The passkey that a device names, with its account."""
    return session.exec(
        select(Passkey, Account)
        .join(Account, col(Account.id) == Passkey.account_id)
        .where(Passkey.credential_id == credential_id)
    ).first()
