"""Browsers from which an account was signed in before: a random key in a cookie, its hash here, for each account."""

import datetime as dt

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.credentials import queries
from app.credentials.models import KnownBrowser
from app.credentials.service.owners import owner
from app.db import ident
from app.errors import Forbidden, NotFound
from app.history.models import Reach
from app.history.service import record
from app.people.models import Account, SignInSession
from app.people.rules import key_hash
from app.people.service import end_sessions

KNOWN_FOR = dt.timedelta(days=180)
"""So long after its last sign-in a browser is known (eigene Festlegung)."""


def remember_browser(session: Session, account: Account, key: str) -> None:
    """The account signed in from the browser with this key; a new one is a line of the security log."""
    now, account_id = clock.now(), ident(account)
    session.execute(delete(KnownBrowser).where(col(KnownBrowser.seen_at) < now - KNOWN_FOR))
    known = queries.find_browser(session, account_id, key)
    if known is not None:
        session.execute(update(KnownBrowser).where(col(KnownBrowser.id) == known.id).values(seen_at=now))
        return
    session.add(KnownBrowser(account_id=account_id, token_hash=key_hash(key), created_at=now, seen_at=now))
    record(session, owner(account), "account.browser", account, label=account.email, reach=Reach.ACCOUNT)


def forget_browsers(session: Session, account_id: int, *, but: str = "") -> None:
    """Every browser is a stranger to the account again, except the one with the key *but*."""
    statement = delete(KnownBrowser).where(col(KnownBrowser.account_id) == account_id)
    if but:
        statement = statement.where(col(KnownBrowser.token_hash) != key_hash(but))
    session.execute(statement)


def end_own_session(session: Session, actor: Actor, session_id: int) -> None:
    """Sign one of the actor's own browsers out. NotFound for others'."""
    found = session.get(SignInSession, session_id)
    if found is None or actor.account_id is None or found.account_id != actor.account_id:
        raise NotFound()
    account = session.get_one(Account, found.account_id)
    session.delete(found)
    record(session, actor, "account.sign_out", account, label=account.email, reach=Reach.ACCOUNT)


def end_other_sessions(session: Session, actor: Actor, account: Account, *, browser: str) -> None:
    """Sign all other browsers of the actor out; they are strangers again."""
    if actor.account_id != account.id:
        raise Forbidden()
    end_sessions(session, ident(account), but=actor.session_id)
    forget_browsers(session, ident(account), but=browser)
    record(session, actor, "account.sign_out", account, label=account.email, reach=Reach.ACCOUNT)
