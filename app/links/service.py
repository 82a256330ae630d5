"""Making, using and ending personal links."""

import datetime as dt
import secrets

from sqlalchemy import update
from sqlmodel import Session, col

from app import clock
from app.links.models import PersonalLink
from app.links.rules import Purpose, key_hash, link_key


def make_link(
    session: Session,
    secret: bytes,
    purpose: Purpose,
    *,
    expires_at: dt.datetime | None = None,
    account_id: int | None = None,
    person_id: int | None = None,
    meeting_id: int | None = None,
    seat_id: int | None = None,
    detail: str = "",
) -> PersonalLink:
    """A new link; *secret* is ``Settings.signing_key``. Its key is ``rules.link_key(secret, link.nonce)``."""
    nonce = secrets.token_hex(32)
    link = PersonalLink(
        purpose=purpose,
        account_id=account_id,
        person_id=person_id,
        meeting_id=meeting_id,
        seat_id=seat_id,
        detail=detail,
        nonce=nonce,
        token_hash=key_hash(link_key(secret, nonce)),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    return link


def use_link(session: Session, link: PersonalLink) -> None:
    """The link did what it was for."""
    link.used_at = clock.now()
    session.add(link)


def revoke_links(
    session: Session,
    purpose: Purpose,
    *,
    account_id: int | None = None,
    person_id: int | None = None,
    meeting_id: int | None = None,
) -> None:
    """End the unended links of this purpose for an account, a person or (together with it) a meeting."""
    wanted = [
        column == value
        for column, value in (
            (col(PersonalLink.account_id), account_id),
            (col(PersonalLink.person_id), person_id),
            (col(PersonalLink.meeting_id), meeting_id),
        )
        if value is not None
    ]
    if not wanted:
        raise ValueError("name an account, a person or a meeting")
    session.execute(
        update(PersonalLink)
        .where(col(PersonalLink.purpose) == purpose, col(PersonalLink.revoked_at).is_(None), *wanted)
        .values(revoked_at=clock.now())
    )
