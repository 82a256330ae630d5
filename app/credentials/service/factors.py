"""Second factors of an account: the app for one-time codes, recovery codes, and taking all of them away."""

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.config import Settings
from app.credentials import queries
from app.credentials.models import OneTimeSecret, Passkey, RecoveryCode
from app.credentials.rules import codes
from app.credentials.service.browsers import forget_browsers
from app.credentials.service.owners import owner, post_notice
from app.db import ident
from app.errors import Forbidden, NotFound, Refused
from app.history.models import Reach
from app.history.service import record
from app.outbox.schemas import Letter
from app.people.models import Account
from app.people.service import end_sessions


def begin_app(session: Session, actor: Actor, account: Account, sealed: str) -> None:
    """Keep a new secret for the app; it counts only once a code was typed. Refused while an app is set up."""
    _require_own(actor, account)
    there = session.get(OneTimeSecret, ident(account))
    if there is not None and there.confirmed_at is not None:
        raise Refused("Eine App ist schon eingerichtet. Entfernen Sie sie zuerst, dann richten Sie eine neue ein.")
    if there is not None:
        session.delete(there)
        session.flush()
    session.add(OneTimeSecret(account_id=ident(account), sealed=sealed, created_at=clock.now()))


def confirm_app(session: Session, account: Account, step: int, notice: Letter, settings: Settings) -> None:
    """The first code was right: from now on every sign-in with a password asks for one. The code counts as used."""
    secret = session.get(OneTimeSecret, ident(account))
    if secret is None or secret.confirmed_at is not None:
        raise NotFound()
    secret.confirmed_at, secret.last_step = clock.now(), step
    session.add(secret)
    _record(session, owner(account), account, "account.app")
    post_notice(session, account, notice, settings)


def take_code(session: Session, account_id: int, step: int) -> bool:
    """Use up the code of a time step; False where it, or a later one, was used meanwhile."""
    changed = session.execute(
        update(OneTimeSecret)
        .where(col(OneTimeSecret.account_id) == account_id, col(OneTimeSecret.last_step) < step)
        .values(last_step=step)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def remove_app(session: Session, actor: Actor, account: Account, notice: Letter, settings: Settings) -> None:
    """The app is no factor any more; without any factor the recovery codes end, too."""
    _require_own(actor, account)
    gone = session.execute(delete(OneTimeSecret).where(col(OneTimeSecret.account_id) == ident(account)))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound()
    end_idle_codes(session, account)
    _record(session, actor, account, "account.app_removed")
    post_notice(session, account, notice, settings)


def end_idle_codes(session: Session, account: Account) -> None:
    """Without a factor the recovery codes end: they must not open the door again once another factor is set up."""
    if not queries.factors_of(session, ident(account)).any:
        session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == ident(account)))


def renew_recovery_codes(session: Session, actor: Actor, account: Account, fresh: list[str]) -> None:
    """These codes are the account's now, the earlier ones end."""
    _require_own(actor, account)
    account_id = ident(account)
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=codes.recovery_hash(account_id, one), created_at=clock.now())
        for one in fresh
    )
    _record(session, actor, account, "account.recovery_codes")


def use_recovery_code(session: Session, account: Account, typed: str) -> bool:
    """Use up a recovery code; False where it is none of the account's or was used."""
    hashed = codes.recovery_hash(ident(account), typed)
    changed = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == ident(account),
            col(RecoveryCode.code_hash) == hashed,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=clock.now())
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _record(session, owner(account), account, "account.recovery_used")
    return True


def reset_factors(session: Session, actor: Actor, account: Account, notice: Letter, settings: Settings) -> None:
    """Take all second factors away from somebody who lost them; all their browsers are signed out and strangers.

    Only the administration may; the owner is told by mail.
    """
    if not actor.is_admin:
        raise Forbidden()
    for table in (OneTimeSecret, RecoveryCode, Passkey):
        session.execute(delete(table).where(col(table.account_id) == ident(account)))
    end_sessions(session, ident(account), but=actor.session_id)
    forget_browsers(session, ident(account))
    _record(session, actor, account, "account.factors_reset")
    post_notice(session, account, notice, settings)


def _require_own(actor: Actor, account: Account) -> None:
    if actor.account_id != account.id or actor.token_id is not None:
        raise Forbidden()


def _record(session: Session, actor: Actor, account: Account, verb: str) -> None:
    record(session, actor, verb, account, label=account.email, reach=Reach.ACCOUNT)
