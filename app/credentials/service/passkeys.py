"""Passkeys of an account: adding, using and removing them."""

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app import clock, text
from app.actor import Actor
from app.config import Settings
from app.credentials.ceremonies import NewPasskey
from app.credentials.models import Passkey
from app.credentials.service.factors import end_idle_codes
from app.credentials.service.owners import post_notice
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.models import Reach
from app.history.service import record
from app.outbox.schemas import Letter
from app.people.models import Account

MOST_PASSKEYS = 10
NAME_LENGTH = 80


def checked_name(typed: str) -> str:
    """How the owner calls the key; Invalid (field ``name``) for none or a long one."""
    name = text.one_line(typed)
    if not name or len(name) > NAME_LENGTH:
        raise Invalid({"name": f"Bitte geben Sie dem Passkey einen Namen (höchstens {NAME_LENGTH} Zeichen)."})
    return name


def add_passkey(
    session: Session,
    actor: Actor,
    account: Account,
    made: NewPasskey,
    name: str,
    held: int,
    notice: Letter,
    settings: Settings,
) -> None:
    """Keep a new key of the owner, who has *held* keys already. The owner is told by mail."""
    if actor.account_id != account.id or actor.token_id is not None:
        raise Forbidden()
    if held >= MOST_PASSKEYS:
        raise Refused(f"Mehr als {MOST_PASSKEYS} Passkeys hat ein Konto nicht. Entfernen Sie zuerst einen.")
    session.add(
        Passkey(
            account_id=ident(account),
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            created_at=clock.now(),
        )
    )
    record(session, actor, "account.passkey", account, label=account.email, reach=Reach.ACCOUNT)
    post_notice(session, account, notice, settings)


def remove_passkey(
    session: Session, actor: Actor, account: Account, passkey_id: int, notice: Letter, settings: Settings
) -> None:
    """The key opens nothing any more; NotFound for others'. Without any factor the recovery codes end, too."""
    gone = session.execute(
        delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.account_id) == actor.account_id)
    )
    if gone.rowcount != 1 or actor.token_id is not None:  # type: ignore[attr-defined]
        raise NotFound()
    end_idle_codes(session, account)
    record(session, actor, "account.passkey_removed", account, label=account.email, reach=Reach.ACCOUNT)
    post_notice(session, account, notice, settings)


def note_passkey(session: Session, passkey: Passkey, sign_count: int) -> bool:
    """The key was used; False where its counter went on meanwhile: then there are two of it."""
    changed = session.execute(
        update(Passkey)
        .where(col(Passkey.id) == passkey.id, col(Passkey.sign_count) == passkey.sign_count)
        .values(sign_count=sign_count, last_used_at=clock.now())
    )
    return changed.rowcount == 1  # type: ignore[attr-defined,no-any-return]
