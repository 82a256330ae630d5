"""Invitations to an account and lost passwords: links that come by mail, work once and end."""

import secrets

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.config import Settings
from app.credentials import queries
from app.credentials.letters import INVITED_FOR, RESET_FOR
from app.credentials.queries import PURPOSES
from app.credentials.service.browsers import forget_browsers
from app.credentials.service.owners import owner, post_notice
from app.db import ident
from app.errors import Forbidden, NotFound, Refused
from app.history.models import Reach
from app.history.service import record
from app.links.rules import Purpose
from app.links.service import make_link, revoke_links, use_link
from app.outbox.rules import installation_mailbox
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people.models import Account
from app.people.service import end_sessions, set_password


def invite_account(session: Session, actor: Actor, account: Account, letter: Letter, settings: Settings) -> None:
    """Send the owner a link to begin with; an earlier one ends. Only the administration may."""
    if not actor.is_admin:
        raise Forbidden()
    if not account.active:
        raise Refused("Das Konto ist stillgelegt. Schalten Sie es zuerst frei, dann können Sie einladen.")
    _post_link(session, account, Purpose.INVITED, letter, settings)
    record(session, actor, "account.invite", account, label=account.email, reach=Reach.ACCOUNT)


def withdraw_invitation(session: Session, actor: Actor, account: Account) -> None:
    """The link of the invitation ends at once. Refused where none waits."""
    if not actor.is_admin:
        raise Forbidden()
    if queries.open_invitation(session, ident(account)) is None:
        raise Refused("Es wartet keine Einladung: Sie wurde schon angenommen, zurückgezogen, oder ihre Frist ist um.")
    revoke_links(session, Purpose.INVITED, account_id=ident(account))
    record(session, actor, "account.uninvite", account, label=account.email, reach=Reach.ACCOUNT)


def send_reset(session: Session, account: Account | None, letter: Letter, settings: Settings) -> None:
    """Send a link to a new password. Without an account the same is written and taken back: it takes as long."""
    if account is not None:
        _post_link(session, account, Purpose.RESET, letter, settings)
        return
    with session.begin_nested() as written:
        nobody = Account(email=f"{secrets.token_hex(8)}@skip.invalid", name="", created_at=clock.now())
        session.add(nobody)
        session.flush()
        _post_link(session, nobody, Purpose.RESET, letter, settings)
        session.flush()
        written.rollback()


def choose_password(session: Session, key: str, password_hash: str, notice: Letter, settings: Settings) -> Account:
    """Store the password that the owner of a link chose: the link is used, all others and all sessions end.

    Keys for programs and calendars stay. NotFound for every key that does not work (any more).
    """
    found = queries.find_password_link(session, key, lock=True)
    if found is None:
        raise NotFound()
    link, account = found
    account.password_hash = password_hash
    session.add(account)
    use_link(session, link)
    for purpose in PURPOSES:
        revoke_links(session, purpose, account_id=ident(account))
    end_sessions(session, ident(account))
    forget_browsers(session, ident(account))
    invited = link.purpose == Purpose.INVITED
    verb = "account.accept" if invited else "account.reset"
    record(session, owner(account), verb, account, label=account.email, reach=Reach.ACCOUNT)
    if not invited:
        post_notice(session, account, notice, settings)
    return account


def change_password(
    session: Session,
    actor: Actor,
    account: Account,
    password_hash: str,
    notice: Letter,
    settings: Settings,
    *,
    browser: str = "",
) -> None:
    """Store a password chosen at the screen: other sessions end, other browsers than *browser* become strangers.

    A link to a new password that still waits in a mailbox ends, too. The owner is told by mail. Forbidden for others
    than the owner and the administration.
    """
    set_password(session, actor, account, password_hash)
    revoke_links(session, Purpose.RESET, account_id=ident(account))
    forget_browsers(session, ident(account), but=browser)
    post_notice(session, account, notice, settings)


def _post_link(session: Session, account: Account, purpose: Purpose, letter: Letter, settings: Settings) -> None:
    account_id = ident(account)
    revoke_links(session, purpose, account_id=account_id)
    lasts = INVITED_FOR if purpose is Purpose.INVITED else RESET_FOR
    expires_at = clock.now() + lasts
    link = make_link(session, settings.signing_key, purpose, expires_at=expires_at, account_id=account_id)
    post_mail(
        session,
        letter,
        kind=f"account.{purpose}",
        to=Mailbox(account.email, account.name),
        sender=installation_mailbox(settings),
        account_id=account_id,
        link_id=link.id,
        secret=True,
    )
