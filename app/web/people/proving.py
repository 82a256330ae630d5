"""Proving once more who sits at the screen, before the way into the account is changed: the own password is asked."""

from fastapi import Request

from app.actor import Actor
from app.config import Settings
from app.db import Database
from app.errors import Forbidden, Invalid
from app.people import queries, rules
from app.people.models import Account
from app.web.sign_in.tries import count, require_patience, tries_of


def own_account(actor: Actor) -> int:
    """The account of a person at the screen; a program must not make itself at home with its key."""
    if actor.account_id is None or actor.token_id is not None:
        raise Forbidden("Mit einem Schlüssel für Programme geht das nicht. Bitte melden Sie sich dafür an.")
    return actor.account_id


def require_password(
    request: Request, actor: Actor, typed: str, field: str, database: Database, settings: Settings
) -> Account:
    """The own account, once *typed* was its password; Invalid at *field* otherwise, counted as when signing in."""
    account_id = own_account(actor)
    with database.read() as session:
        account = queries.get_account(session, account_id)
        tries = tries_of(session, request, settings, "password", str(account_id), account_id)
        require_patience(session, tries)
    if not rules.password_matches(account.password_hash, typed):
        count(database, tries)
        raise Invalid({field: "Das bisherige Kennwort stimmt nicht." if field == "password_old" else WRONG})
    return account


WRONG = "Das Kennwort stimmt nicht."
