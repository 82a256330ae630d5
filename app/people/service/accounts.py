"""What people do with accounts, sessions and keys."""

import datetime as dt
from typing import TypeVar

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app import clock, text
from app.actor import Actor, Role
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.models import Reach
from app.history.service import record
from app.people import queries, rules
from app.people.models import (
    Account,
    AccountRole,
    ApiToken,
    FeedToken,
    SignInEvent,
    SignInEventKind,
    SignInFailure,
    SignInSession,
)
from app.people.schemas import AccountIn
from app.people.service.visits import note_visit

Token = TypeVar("Token", ApiToken, FeedToken)


def add_account(session: Session, actor: Actor, wish: AccountIn) -> Account:
    """Create an account, with a role if the wish names one. Only the administration may; Invalid if it exists."""
    if not actor.is_admin:
        raise Forbidden()
    email = rules.checked_email(wish.email)
    if queries.find_account_by_email(session, email):
        raise Invalid({"email": f"Für {email} gibt es schon ein Konto."})
    account = Account(
        email=email,
        name=text.one_line(wish.name),
        password_hash=wish.password_hash,
        person_id=wish.person_id,
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    if wish.role is not None:
        session.add(AccountRole(account_id=ident(account), role=wish.role, body_id=wish.body_id))
    record(
        session,
        actor,
        "account.create",
        account,
        after={"email": email, "role": wish.role, "body": wish.body_id},
        label=email,
        reach=Reach.ACCOUNT,
    )
    return account


def set_password(session: Session, actor: Actor, account: Account, password_hash: str) -> None:
    """Store a new password (already hashed) and end all other sessions of the account."""
    if not (actor.is_admin or actor.account_id == account.id):
        raise Forbidden()
    account.password_hash = password_hash
    session.add(account)
    end_sessions(session, ident(account), but=actor.session_id)
    record(session, actor, "account.password", account, label=account.email, reach=Reach.ACCOUNT)


def deactivate_account(session: Session, actor: Actor, account: Account) -> None:
    """Nobody signs in with the account any more: its browsers are forgotten, its tokens and feeds stop.

    Refused for the last active administration, so that somebody can always look after the installation; the caller
    has locked the accounts (``queries.lock_accounts``).
    """
    if not actor.is_admin:
        raise Forbidden()
    if not account.active:
        return
    others = queries.count_active_admins(session, but=ident(account))
    if others == 0 and any(row.role is Role.ADMIN for row in queries.list_account_roles(session, ident(account))):
        raise Refused(
            "Das ist das letzte Konto der Systemadministration. Legen Sie zuerst ein weiteres an, "
            "dann können Sie dieses stilllegen."
        )
    account.active = False
    session.add(account)
    end_sessions(session, ident(account))
    _record_activity(session, actor, account, "account.deactivate")


def activate_account(session: Session, actor: Actor, account: Account) -> None:
    """The account may sign in again, with its old password, tokens and feeds."""
    if not actor.is_admin:
        raise Forbidden()
    if account.active:
        return
    account.active = True
    session.add(account)
    _record_activity(session, actor, account, "account.activate")


def _record_activity(session: Session, actor: Actor, account: Account, verb: str) -> None:
    record(
        session,
        actor,
        verb,
        account,
        before={"active": not account.active},
        after={"active": account.active},
        label=account.email,
        reach=Reach.ACCOUNT,
    )


def start_session(
    session: Session, account: Account, key: str, *, lasts: dt.timedelta, browser: str = "", provider: str = ""
) -> SignInSession:
    """Remember a signed-in browser by the hash of its *key*; ended sessions are swept on the way.

    ``browser`` is its kind in words, ``provider`` who vouched for the person ("" = signed in here).
    """
    now = clock.now()
    session.execute(delete(SignInSession).where(col(SignInSession.expires_at) < now))
    made = SignInSession(
        account_id=ident(account),
        token_hash=rules.key_hash(key),
        browser=browser,
        provider=provider,
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
    )
    session.add(made)
    note_at_door(session, SignInEventKind.SIGNED_IN, ident(account), browser=browser, provider=provider)
    note_visit(session, ident(account))
    return made


def note_at_door(
    session: Session, kind: SignInEventKind, account_id: int | None, *, browser: str = "", provider: str = ""
) -> None:
    """A line of the security log: what happened at the sign-in, without any address."""
    session.add(
        SignInEvent(at=clock.now(), kind=kind, account_id=account_id, browser=browser[:80], provider=provider[:40])
    )


def end_session(session: Session, token_hash: str) -> None:
    """Forget a signed-in browser."""
    session.execute(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash))


def end_sessions(session: Session, account_id: int, *, but: int | None = None) -> None:
    """Forget all browsers of an account, except the session *but*."""
    statement = delete(SignInSession).where(col(SignInSession.account_id) == account_id)
    if but is not None:
        statement = statement.where(col(SignInSession.id) != but)
    session.execute(statement)


def prolong_session(session: Session, session_id: int, *, lasts: dt.timedelta) -> None:
    """Let a session last from now on again; its account is here."""
    found = session.get(SignInSession, session_id)
    if found is not None:
        found.seen_at = clock.now()
        found.expires_at = found.seen_at + lasts
        session.add(found)
        note_visit(session, found.account_id)


def note_use(session: Session, token: ApiToken | FeedToken) -> None:
    """Remember the day on which a key was last used."""
    kind = type(token)
    session.execute(update(kind).where(col(kind.id) == token.id).values(last_used_on=clock.today()))


def count_failure(session: Session, *keys: str) -> None:
    """Remember a failed sign-in; old ones are swept."""
    now = clock.now()
    session.execute(delete(SignInFailure).where(col(SignInFailure.at) < now - rules.TRY_WINDOW))
    session.add_all(SignInFailure(key=key, at=now) for key in keys)


def forget_failures(session: Session, key: str) -> None:
    """A sign-in succeeded: its account starts counting anew."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.key) == key))


def note_guesses(session: Session, account: Account, failures: int) -> None:
    """The owner signed in after so many failures: a line of the security log, without an address."""
    record(
        session,
        Actor(account_id=account.id, name=account.name, on=clock.today()),
        "account.guessed",
        account,
        after={"failures": failures},
        label=account.email,
        reach=Reach.ACCOUNT,
    )


def create_api_token(session: Session, actor: Actor, account: Account, *, label: str) -> str:
    """A new key for programs, returned once and stored as hash."""
    if not (actor.is_admin or actor.account_id == account.id):
        raise Forbidden()
    key = rules.new_key()
    token = ApiToken(
        account_id=ident(account),
        label=text.one_line(label)[:120],
        token_hash=rules.key_hash(key),
        created_at=clock.now(),
    )
    session.add(token)
    record(session, actor, "token.create", token, label=f"{account.email}: {token.label}", reach=Reach.ACCOUNT)
    return key


def create_feed_token(session: Session, actor: Actor, *, body_id: int | None, label: str) -> str:
    """A new calendar address for the actor's own account, returned once and stored as hash."""
    if actor.account_id is None:
        raise Forbidden()
    key = rules.new_key()
    token = FeedToken(
        account_id=actor.account_id,
        body_id=body_id,
        label=text.one_line(label)[:120],
        token_hash=rules.key_hash(key),
        created_at=clock.now(),
    )
    session.add(token)
    record(session, actor, "feed.create", token, label=token.label, reach=Reach.ACCOUNT)
    return key


def renew_feed_token(session: Session, actor: Actor, token_id: int) -> str:
    """A new address in place of one of the actor's own; the old one ends. NotFound for others'."""
    revoke_token(session, actor, FeedToken, token_id)
    old = session.get_one(FeedToken, token_id)
    return create_feed_token(session, actor, body_id=old.body_id, label=old.label)


def revoke_token(session: Session, actor: Actor, kind: type[Token], token_id: int) -> None:
    """End one of the actor's own keys; NotFound for others'."""
    token = session.get(kind, token_id)
    if token is None or token.account_id != actor.account_id or token.revoked_at is not None:
        raise NotFound()
    token.revoked_at = clock.now()
    session.add(token)
    record(session, actor, "token.revoke", token, label=token.label, reach=Reach.ACCOUNT)
