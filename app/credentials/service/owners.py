"""The owner of an account: acting on it before a session has begun, and told by mail what was changed."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.config import Settings
from app.db import ident
from app.outbox.rules import installation_mailbox
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people.models import Account

CHANGED_MAIL = "account.changed"


def post_notice(session: Session, account: Account, letter: Letter, settings: Settings) -> None:
    """Tell the owner by mail that the way into their account changed."""
    post_mail(
        session,
        letter,
        kind=CHANGED_MAIL,
        to=Mailbox(account.email, account.name),
        sender=installation_mailbox(settings),
        account_id=ident(account),
    )


def owner(account: Account) -> Actor:
    """The account as somebody who acts on itself before a session has begun; it has no other rights."""
    return Actor(account_id=account.id, name=account.name, on=clock.today(), email=account.email)
