"""Finding personal links by their key."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.links.models import PersonalLink
from app.links.rules import Purpose, key_hash


def find_link(session: Session, purpose: Purpose, key: str) -> PersonalLink | None:
    """The link of this key and purpose that still works; None for unknown, ended and revoked ones alike.

    Whether it was used already (``used_at``) is the purpose's matter.
    """
    return session.exec(
        select(PersonalLink).where(
            PersonalLink.token_hash == key_hash(key),
            PersonalLink.purpose == purpose,
            col(PersonalLink.revoked_at).is_(None),
            sa.or_(col(PersonalLink.expires_at).is_(None), col(PersonalLink.expires_at) > clock.now()),
        )
    ).first()


def lock_link(session: Session, purpose: Purpose, key: str) -> PersonalLink | None:
    """Like :func:`find_link`, locked, so that of two uses at the same time one comes first."""
    found = find_link(session, purpose, key)
    if found is None:
        return None
    session.refresh(found, with_for_update=True)
    return found if found.revoked_at is None else None
