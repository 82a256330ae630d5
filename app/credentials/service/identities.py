"""Signing in with what a provider says: the account that belongs to an identity, and the roles that come with it."""

from collections.abc import Collection

from sqlmodel import Session

from app import clock
from app.actor import Role
from app.credentials import queries
from app.credentials.models import Identity
from app.credentials.queries import PURPOSES
from app.credentials.rules.claims import Said
from app.credentials.service.owners import owner
from app.db import ident
from app.errors import Forbidden
from app.history.models import Reach
from app.history.service import record
from app.links.service import revoke_links, use_link
from app.people.models import Account, AccountRole
from app.people.queries import list_account_roles

NOT_INVITED = (
    "Für {email} gibt es hier noch keine Einladung. Bitte fragen Sie die Geschäftsstelle, die Sie zu ihren Sitzungen "
    "einlädt, oder die Systemadministration; nach der Einladung melden Sie sich auf demselben Weg an."
)
NOT_VERIFIED = (
    "Ihre Organisation hat Ihre E-Mail-Adresse nicht bestätigt, deshalb lässt sich kein Konto zuordnen. "
    "Bitte fragen Sie deren Helpdesk, oder lassen Sie sich von der Systemadministration ein Kennwort geben."
)
NOT_ACTIVE = "Ihr Konto ist stillgelegt. Bitte fragen Sie die Systemadministration."


def account_of(session: Session, said: Said, *, label: str) -> Account:
    """The active account of an identity; one that comes for the first time needs a waiting invitation to its address.

    Forbidden with a sentence that says whom to ask; the address must be vouched for by the provider.
    """
    known = queries.find_identity(session, said.issuer, said.subject)
    if known is not None:
        account = session.get_one(Account, known.account_id)
        if not account.active:
            raise Forbidden(NOT_ACTIVE)
        known.last_used_at = clock.now()
        session.add(known)
        return account
    if not said.email:
        raise Forbidden(NOT_VERIFIED)
    return _accept_invitation(session, said, label)


def _accept_invitation(session: Session, said: Said, label: str) -> Account:
    found = queries.find_invited(session, said.email)
    if found is None:
        raise Forbidden(NOT_INVITED.format(email=said.email))
    account, link = found
    use_link(session, link)
    for purpose in PURPOSES:
        revoke_links(session, purpose, account_id=ident(account))
    now = clock.now()
    session.add(
        Identity(account_id=ident(account), issuer=said.issuer, subject=said.subject, created_at=now, last_used_at=now)
    )
    record(
        session,
        owner(account),
        "account.identity",
        account,
        after={"provider": label},
        label=account.email,
        reach=Reach.ACCOUNT,
    )
    return account


def renew_roles(
    session: Session, account: Account, issuer: str, wanted: Collection[tuple[Role, int | None]], *, label: str
) -> None:
    """The roles that the issuer gives are now exactly *wanted*; those given by hand or by others stay as they are."""
    held = [row for row in list_account_roles(session, ident(account)) if row.given_by == issuer]
    before = {(row.role, row.body_id) for row in held}
    if before == set(wanted):
        return
    for row in held:
        if (row.role, row.body_id) not in wanted:
            session.delete(row)
    for role, body_id in sorted(set(wanted) - before, key=str):
        session.add(AccountRole(account_id=ident(account), role=role, body_id=body_id, given_by=issuer))
    record(
        session,
        owner(account),
        "account.roles",
        account,
        before={"roles": _told(before)},
        after={"roles": _told(wanted), "provider": label},
        label=account.email,
        reach=Reach.ACCOUNT,
    )


def _told(roles: Collection[tuple[Role, int | None]]) -> list[str]:
    return sorted(f"{role}" if body_id is None else f"{role} ({body_id})" for role, body_id in roles)
