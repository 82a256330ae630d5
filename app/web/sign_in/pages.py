"""Signing in with a password, and signing out."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.config import Settings
from app.db import Database
from app.errors import Invalid, SkipError, Throttled
from app.people import queries, rules, service
from app.people.models import Account
from app.request import SESSION_COOKIE, CurrentDatabase, CurrentSettings, MaybeActor, Submitted, WriteSession
from app.web.forms import Form, typed
from app.web.respond import page
from app.web.sign_in.entering import begin_session, entered, inside

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
    with database.write() as session:
        keys = begin_session(session, request, settings, account)
        service.forget_failures(session, rules.try_key("account", account.email, settings.signing_key))
    return entered(settings, keys, onward)


@router.post("/abmelden")
def sign_out(request: Request, session: WriteSession) -> Response:
    """Forget this browser."""
    key = request.cookies.get(SESSION_COOKIE)
    found = queries.find_session(session, key) if key else None
    if found is not None:
        service.end_session(session, found.token_hash)
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
    address = rules.address_block(request.client.host if request.client else "")
    by_account = rules.try_key("account", email, settings.signing_key)
    by_address = rules.try_key("address", address, settings.signing_key)
    since = clock.now() - rules.TRY_WINDOW
    with database.read() as session:
        account = queries.find_account_by_email(session, email)
        tries = queries.count_failures(session, by_account, since), queries.count_failures(session, by_address, since)
    if tries[0] >= rules.TRIES_PER_ACCOUNT or tries[1] >= rules.TRIES_PER_ADDRESS:
        raise Throttled()
    fits = rules.password_matches(account.password_hash if account and account.active else "", password)
    if account is None or not fits:
        with database.write() as session:
            service.count_failure(session, by_account, by_address)
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
        left=next((one for one in settings.oidc_providers if one.name == left), None),
        main_class="sign-in",
    )
