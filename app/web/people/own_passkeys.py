"""One's own passkeys: adding one after the password was asked, and removing them."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.config import Settings
from app.credentials import ceremonies, letters
from app.credentials import queries as credentials
from app.credentials.models import StepKind
from app.credentials.rules import codes
from app.credentials.service import factors, passkeys, steps
from app.db import ident
from app.errors import Invalid, NotFound, Refused
from app.people import queries, rules
from app.people.models import Account
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, ReadSession, Submitted
from app.web.forms import Form, typed
from app.web.people.proving import own_account
from app.web.people.security import PAGE, Shown, proven, security_page
from app.web.respond import done, page, set_cookie
from app.web.sign_in.entering import STEP_COOKIE, STEP_SECONDS

router = APIRouter()

NEW_PAGE = f"{PAGE}/passkeys/neu"
NOT_HERE = "Passkeys legen Browser nur unter einem Namen mit HTTPS an; diese Installation hat (noch) keinen."
WRONG = "Der Passkey wurde nicht angenommen. Bitte legen Sie ihn noch einmal an."


@router.post(f"{PAGE}/passkeys")
def begin_passkey(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """After the password: a challenge for the device, which works once."""
    if not ceremonies.passkeys_work(settings):
        raise Refused(NOT_HERE)
    account = proven(request, actor, database, settings, submitted, "passkey")
    if isinstance(account, Response):
        return account
    key = rules.new_key()
    with database.write() as session:
        steps.begin_step(session, StepKind.REGISTER, key, {"challenge": rules.new_key()}, account_id=ident(account))
    response = RedirectResponse(NEW_PAGE, 303)
    set_cookie(response, settings, STEP_COOKIE, key, max_age=STEP_SECONDS)
    return response


@router.get(NEW_PAGE)
def show_new_passkey(
    request: Request, session: ReadSession, actor: CurrentActor, settings: CurrentSettings
) -> Response:
    """The form that the device fills."""
    own_account(actor)
    found = _waiting(session, request, actor)
    if found is None:
        return RedirectResponse(PAGE, 303)
    return _new_page(request, session, actor, settings, found, Form())


@router.post(NEW_PAGE)
def add_passkey(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """Keep the key that the device made; with the first factor come recovery codes, shown once."""
    values = typed(submitted)
    own_account(actor)
    with database.read() as session:
        found = _waiting(session, request, actor)
    if found is None:
        return RedirectResponse(PAGE, 303)
    account, challenge = found
    try:
        name = passkeys.checked_name(values.get("name", ""))
        made = ceremonies.checked_registration(settings, challenge, values.get("credential", ""))
        if made is None:
            raise Invalid({"": WRONG})
    except Invalid as error:
        with database.read() as session:
            return _new_page(request, session, actor, settings, found, Form(values, error.fields), 422)
    notice = letters.change_letter(settings, account, clock.now(), what=letters.PASSKEY_ADDED, demo=actor.demo)
    fresh = codes.new_recovery_codes()
    with database.write() as session:
        if steps.take_step(session, StepKind.REGISTER, request.cookies.get(STEP_COOKIE, "")) is None:
            return RedirectResponse(PAGE, 303)
        held = credentials.factors_of(session, ident(account))
        passkeys.add_passkey(session, actor, account, made, name, len(held.passkeys), notice, settings)
        if not held.codes_left:
            factors.renew_recovery_codes(session, actor, account, fresh)
    if held.codes_left:
        return done(request, f"{PAGE}#passkeys", f"Der Passkey „{name}“ ist angelegt.")
    with database.read() as session:
        return security_page(request, session, actor, Shown(fresh=tuple(fresh)))


@router.post(f"{PAGE}/passkeys/{{passkey_id}}/entfernen")
def remove_passkey(
    request: Request,
    passkey_id: int,
    actor: CurrentActor,
    database: CurrentDatabase,
    settings: CurrentSettings,
    submitted: Submitted,
) -> Response:
    """The key opens nothing any more."""
    account_id = own_account(actor)
    with database.read() as session:
        own = {one.id for one in credentials.factors_of(session, account_id).passkeys}
    if passkey_id not in own:
        raise NotFound()
    account = proven(request, actor, database, settings, submitted, f"passkey-{passkey_id}")
    if isinstance(account, Response):
        return account
    notice = letters.change_letter(settings, account, clock.now(), what=letters.PASSKEY_REMOVED, demo=actor.demo)
    with database.write() as session:
        passkeys.remove_passkey(session, actor, account, passkey_id, notice, settings)
    return done(request, f"{PAGE}#passkeys", "Der Passkey ist entfernt.")


def _waiting(session: Session, request: Request, actor: Actor) -> tuple[Account, str] | None:
    """The own account and its challenge, if this browser began to add a passkey."""
    key = request.cookies.get(STEP_COOKIE, "")
    found = credentials.find_waiting_account(session, StepKind.REGISTER, key)
    if found is None or found[0].id != actor.account_id:
        return None
    return queries.get_account(session, own_account(actor)), str(found[1]["challenge"])


def _new_page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    found: tuple[Account, str],
    form: Form,
    status: int = 200,
) -> Response:
    account, challenge = found
    held = credentials.factors_of(session, ident(account)).passkeys
    return page(
        request,
        actor,
        "profile/passkey.html",
        title="Passkey anlegen",
        status=status,
        crumbs=(("Profil", "/profil"), ("Anmeldung und Sicherheit", PAGE), ("Passkey anlegen", None)),
        form=form,
        options=json.loads(ceremonies.registration_options(settings, account, held, challenge)),
    )
