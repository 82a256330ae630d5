"""Reading what proves who somebody is: invitations, links to a password, identities, steps of a sign-in."""

from sqlmodel import Session, col, select

from app import clock
from app.credentials.models import Identity, KnownBrowser, SignInStep, StepKind
from app.links.models import PersonalLink
from app.links.queries import find_link, lock_link
from app.links.rules import Purpose
from app.people.models import Account
from app.people.queries import find_account_by_email
from app.people.rules import key_hash

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
    rows = session.exec(
        select(PersonalLink)
        .where(
            PersonalLink.purpose == Purpose.INVITED,
            col(PersonalLink.account_id).is_not(None),
            col(PersonalLink.used_at).is_(None),
            col(PersonalLink.revoked_at).is_(None),
            col(PersonalLink.expires_at) > clock.now(),
        )
        .order_by(col(PersonalLink.id))
    )
    return {row.account_id or 0: row for row in rows}


def open_invitation(session: Session, account_id: int) -> PersonalLink | None:
    """The invitation of an account that still waits."""
    return session.exec(
        select(PersonalLink)
        .where(
            PersonalLink.purpose == Purpose.INVITED,
            PersonalLink.account_id == account_id,
            col(PersonalLink.used_at).is_(None),
            col(PersonalLink.revoked_at).is_(None),
            col(PersonalLink.expires_at) > clock.now(),
        )
        .order_by(col(PersonalLink.id).desc())
    ).first()


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
