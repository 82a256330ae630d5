"""Reading what proves who somebody is: open invitations and links to a password."""

from sqlmodel import Session, col, select

from app import clock
from app.links.models import PersonalLink
from app.links.queries import find_link, lock_link
from app.links.rules import Purpose
from app.people.models import Account

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
