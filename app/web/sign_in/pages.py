"""Signing in with a password, and signing out."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.config import Settings
from app.credentials.ceremonies import passkeys_work
from app.db import Database
from app.errors import Invalid, SkipError
from app.people import queries, rules, service
from app.people.models import Account, SignInEventKind
from app.request import SESSION_COOKIE, CurrentDatabase, CurrentSettings, MaybeActor, Submitted, WriteSession
from app.web.forms import Form, typed
from app.web.respond import page
from app.web.sign_in.entering import begin_session, entered, inside
from app.web.sign_in.factors import next_page, wait_for_factor
from app.web.sign_in.tries import count, forgive, require_patience, tries_of

router = APIRouter()

WRONG = "E-Mail-Adresse oder Kennwort stimmen nicht."


@router.get("/anmelden")
def show_sign_in(request: Request, actor: MaybeActor, weiter: str = "/", abgemeldet: str = "") -> Response:
    """The form, and a button for every provider. ``abgemeldet`` names the one that vouched for who just left."""
    if actor is not None:
        return RedirectResponse(inside(weiter), 303)
    return _form(request, Form(), inside(weiter), left=abgemeldet)


@router.post("/anmelden")
def sign_in(request: Request, submitted: Submitted, database: CurrentDatabase, settings: CurrentSettings) -> Response:
    """Check address and password; counting failures and hashing happen outside the transaction of success."""
    values = typed(submitted)
    onward = inside(values.get("weiter", "/"))
    try:
        account = _check(request, values, database, settings)
    except SkipError as error:
        fields = error.by_field
        return _form(request, Form({"email": values.get("email", "")}, fields), onward, error.status)
    with database.read() as session:
        following = next_page(session, settings, account)
    if following is not None:
        return wait_for_factor(database, settings, account, *following, onward)
    with database.write() as session:
        forgive(session, request, settings, account)
        keys = begin_session(session, request, settings, account)
    return entered(settings, keys, onward)


@router.post("/abmelden")
def sign_out(request: Request, session: WriteSession) -> Response:
    """Forget this browser."""
    key = request.cookies.get(SESSION_COOKIE)
    found = queries.find_session(session, key) if key else None
    if found is not None:
        service.end_session(session, found.token_hash)
        service.note_at_door(session, SignInEventKind.SIGNED_OUT, found.account_id, browser=found.browser)
    vouched = found.provider if found is not None else ""
    response = RedirectResponse(f"/anmelden?abgemeldet={vouched}" if vouched else "/anmelden", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _check(request: Request, values: dict[str, str], database: Database, settings: Settings) -> Account:
    email = values.get("email", "").strip().lower()
    password = values.get("password", "")
    missing = {
        name: "Bitte füllen Sie dieses Feld aus."
        for name, value in (("email", email), ("password", password))
        if not value
    }
    if missing:
        raise Invalid(missing)
    with database.read() as session:
        account = queries.find_account_by_email(session, email)
        tries = tries_of(session, request, settings, "account", email, account.id if account else None)
        require_patience(session, tries)
    fits = rules.password_matches(account.password_hash if account and account.active else "", password)
    if account is None or not fits:
        count(database, tries)
        raise Invalid({"": WRONG}, WRONG)
    return account


def _form(request: Request, form: Form, onward: str, status: int = 200, *, left: str = "") -> Response:
    settings: Settings = request.app.state.settings
    providers = [
        (f"/anmelden/extern/{one.name}?weiter={quote(onward, safe='')}", one) for one in settings.oidc_providers
    ]
    return page(
        request,
        None,
        "sign_in/show.html",
        title="Anmelden",
        status=status,
        form=form,
        onward=onward,
        providers=providers,
        passkeys=passkeys_work(settings),
        left=next((one for one in settings.oidc_providers if one.name == left), None),
        main_class="sign-in",
    )
