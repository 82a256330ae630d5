"""Accounts for the administration: who may sign in, with which role; of bodies it sees the short names only."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.bodies.queries import load_bodies
from app.config import Settings
from app.credentials import letters
from app.credentials import queries as credentials
from app.credentials.service import factors, passwords
from app.db import Database, ident
from app.errors import Invalid, NotFound
from app.outbox.schemas import Letter
from app.people import queries, rules, service
from app.people.models import Account, AccountRole
from app.people.schemas import AccountIn
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, ReadSession, Submitted, WriteSession
from app.web.forms import Form, read_form, typed
from app.web.respond import done, page

router = APIRouter()

GIVEN_ROLES = (Role.SECRETARIAT, Role.AUDITOR, Role.ADMIN)


@router.get("/konten")
def show_accounts(request: Request, session: ReadSession, actor: CurrentActor, q: str = "") -> Response:
    """All accounts with their roles, or those whose name, person or address holds all words of *q*."""
    _require_admin(actor)
    names, given = _bodies(session), queries.all_account_roles(session)
    persons = dict(queries.person_choices(session))
    invited = credentials.open_invitations(session)
    accounts: list[dict[str, Any]] = [
        {
            "account": account,
            "roles": _role_words(given.get(ident(account), []), names),
            "person": persons.get(account.person_id or 0, ""),
            "invited": ident(account) in invited,
        }
        for account in queries.list_accounts(session)
    ]
    wanted = text.fold(q := q[:200]).split()
    shown = [one for one in accounts if all(word in _said(one) for word in wanted)] if wanted else accounts
    return page(request, actor, "accounts/list.html", title="Konten", accounts=shown, q=q, bodies=list(names.items()))


@router.get("/konten/neu")
def new_account(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of a new account."""
    _require_admin(actor)
    return _form(request, session, actor, Form())


@router.post("/konten/neu")
def create_account(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """A new account, with a password (hashed outside the transaction) or with an invitation by mail."""
    _require_admin(actor)
    values = typed(submitted)
    try:
        account = _create(actor, values, database, settings)
    except Invalid as error:
        kept = {name: value for name, value in values.items() if name != "password"}
        with database.read() as session:
            return _form(request, session, actor, Form(kept, error.fields), status=422)
    words = f"Das Konto {account.email} ist angelegt. "
    words += "Teilen Sie das Kennwort vertraulich mit." if account.password_hash else _told(settings)
    return done(request, "/konten", words)


@router.get("/konten/{account_id}")
def show_account(request: Request, account_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One account."""
    _require_admin(actor)
    return _account_page(request, session, actor, queries.get_account(session, account_id))


@router.post("/konten/{account_id}/stilllegen")
def deactivate(request: Request, account_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """Nobody signs in with the account any more."""
    _require_admin(actor)
    account = queries.lock_accounts(session, account_id)
    service.deactivate_account(session, actor, account)
    return done(request, f"/konten/{account_id}", f"Das Konto {account.email} ist stillgelegt.")


@router.post("/konten/{account_id}/freischalten")
def activate(request: Request, account_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """The account may sign in again."""
    _require_admin(actor)
    account = queries.lock_accounts(session, account_id)
    service.activate_account(session, actor, account)
    return done(request, f"/konten/{account_id}", f"Das Konto {account.email} ist wieder freigeschaltet.")


@router.post("/konten/{account_id}/einladen")
def invite(
    request: Request, account_id: int, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings
) -> Response:
    """Send the owner a link with which they choose a password; an earlier one ends."""
    _require_admin(actor)
    with database.read() as session:
        name = queries.get_account(session, account_id).name
    letter = _invitation(actor, name, settings)
    with database.write() as session:
        passwords.invite_account(session, actor, queries.lock_accounts(session, account_id), letter, settings)
    return done(request, f"/konten/{account_id}", _told(settings))


@router.post("/konten/{account_id}/einladung/zurueckziehen")
def withdraw_invitation(request: Request, account_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """The link that was sent stops working."""
    _require_admin(actor)
    passwords.withdraw_invitation(session, actor, queries.lock_accounts(session, account_id))
    return done(request, f"/konten/{account_id}", "Die Einladung ist zurückgezogen; ihr Link gilt nicht mehr.")


@router.post("/konten/{account_id}/faktoren")
def reset_factors(
    request: Request, account_id: int, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings
) -> Response:
    """Take the second factors away from somebody who lost them."""
    _require_admin(actor)
    with database.read() as session:
        account = queries.get_account(session, account_id)
    notice = letters.change_letter(settings, account, clock.now(), what=letters.FACTORS_RESET, demo=actor.demo)
    with database.write() as session:
        factors.reset_factors(session, actor, queries.lock_accounts(session, account_id), notice, settings)
    return done(
        request,
        f"/konten/{account_id}",
        f"Die zweiten Faktoren von {account.email} sind zurückgesetzt; die Person erfährt es per Mail.",
    )


@router.post("/konten/{account_id}/kennwort")
def reset_password(
    request: Request,
    account_id: int,
    actor: CurrentActor,
    database: CurrentDatabase,
    settings: CurrentSettings,
    submitted: Submitted,
) -> Response:
    """A new password for somebody who lost theirs; all their browsers are signed out."""
    _require_admin(actor)
    with database.read() as session:
        account = queries.get_account(session, account_id)
    try:
        hashed = rules.hash_password(rules.checked_password(typed(submitted).get("password", "")))
    except Invalid as error:
        with database.read() as session:
            return _account_page(request, session, actor, account, Form({}, error.fields), status=422)
    notice = letters.change_letter(settings, account, clock.now(), what=letters.SET_BY_OFFICE, demo=actor.demo)
    with database.write() as session:
        account = queries.get_account(session, account_id)
        passwords.change_password(session, actor, account, hashed, notice, settings)
    return done(
        request, f"/konten/{account_id}", "Das neue Kennwort gilt. Alle Anmeldungen dieses Kontos sind beendet."
    )


def _require_admin(actor: Actor) -> None:
    """For everybody else these pages do not exist."""
    if not actor.is_admin:
        raise NotFound()


def _invitation(actor: Actor, name: str, settings: Settings) -> Letter:
    return letters.invitation_letter(settings, name, clock.now(), inviter=actor.name, demo=actor.demo)


def _told(settings: Settings) -> str:
    """What became of the invitation, honestly."""
    if settings.smtp_url:
        return "Die Einladung ist unterwegs; sie gilt sieben Tage."
    return (
        "Es ist kein Mailserver eingerichtet: Die Einladung liegt im Postausgang, verlässt das Haus aber nicht. "
        "Setzen Sie ein Kennwort, oder lassen Sie den Mailserver einrichten."
    )


def _create(actor: Actor, values: dict[str, str], database: Database, settings: Settings) -> Account:
    wish = read_form(AccountIn, {name: value for name, value in values.items() if name != "password"})
    with database.read() as session:
        _check_choices(session, wish)
    password = values.get("password", "")
    hashed = rules.hash_password(rules.checked_password(password)) if password else ""
    letter = _invitation(actor, wish.name, settings)
    with database.write() as session:
        account = service.add_account(session, actor, wish.model_copy(update={"password_hash": hashed}))
        if not password:
            passwords.invite_account(session, actor, account, letter, settings)
        return account


def _check_choices(session: Session, wish: AccountIn) -> None:
    if wish.role is not None and wish.role not in GIVEN_ROLES:
        raise Invalid({"role": "Bitte wählen Sie eine der Rollen."})
    if wish.body_id is not None and wish.body_id not in _bodies(session):
        raise Invalid({"body_id": "Bitte wählen Sie eines der Gremien."})
    if wish.body_id is not None and wish.role in (None, Role.ADMIN):
        raise Invalid({"body_id": "Ein Gremium gehört nur zu den Rollen Geschäftsstelle und Revision."})
    if wish.person_id is not None and wish.person_id not in dict(queries.person_choices(session)):
        raise Invalid({"person_id": "Bitte wählen Sie eine der Personen."})


def _form(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    return page(
        request,
        actor,
        "accounts/form.html",
        title="Konto anlegen",
        status=status,
        crumbs=(("Konten", "/konten"), ("Konto anlegen", None)),
        form=form,
        roles=[(role.value, rules.ROLE_WORDS[role]) for role in GIVEN_ROLES],
        bodies=list(_bodies(session).items()),
        persons=queries.person_choices(session),
    )


def _account_page(
    request: Request, session: Session, actor: Actor, account: Account, form: Form | None = None, *, status: int = 200
) -> Response:
    roles = queries.list_account_roles(session, ident(account))
    return page(
        request,
        actor,
        "accounts/show.html",
        title=account.name,
        status=status,
        crumbs=(("Konten", "/konten"), (account.name, None)),
        account=account,
        roles=_role_words(roles, _bodies(session)),
        person=dict(queries.person_choices(session)).get(account.person_id or 0, ""),
        own=account.id == actor.account_id,
        factors=_factor_words(credentials.factors_of(session, ident(account))),
        invitation=credentials.open_invitation(session, ident(account)),
        form=form or Form(),
    )


def _factor_words(found: credentials.Factors) -> str:
    parts = ["App für Einmalcodes"] if found.app else []
    parts += [text.counted(len(found.passkeys), "Passkey", "Passkeys")] if found.passkeys else []
    return text.joined(parts)


def _bodies(session: Session) -> dict[int, str]:
    return {body_id: body.short_name for body_id, body in load_bodies(session).items()}


def _said(one: dict[str, Any]) -> str:
    """What a row of the list says of whom it is, levelled for comparing."""
    return text.fold(f"{one['account'].name} {one['account'].email} {one['person']}")


def _role_words(roles: list[AccountRole], names: dict[int, str]) -> str:
    words = (rules.ROLE_WORDS[row.role] + (f" ({names.get(row.body_id, '')})" if row.body_id else "") for row in roles)
    return ", ".join(words)
