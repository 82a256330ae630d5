"""Links that come by mail: asking for a new password, and choosing one as somebody invited or forgetful.

The address of the choosing page is a key: it is never logged, no other page learns it, and seeing it uses nothing up.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.config import Settings
from app.credentials import letters, queries
from app.credentials.service import passwords
from app.db import Database
from app.errors import Invalid, NotFound, SkipError, Throttled
from app.installation.queries import is_demo
from app.links.rules import Purpose
from app.people import queries as people
from app.people import rules, service
from app.request import CurrentDatabase, CurrentSettings, Submitted
from app.web.forms import Form, typed
from app.web.respond import done, keyed_page, page
from app.web.sign_in.entering import known_browser, remembered

router = APIRouter()

RESETS_PER_ACCOUNT = 3
RESETS_PER_ADDRESS = 10
"""So many mails within ``rules.TRY_WINDOW`` (eigene Festlegung)."""

GONE = (
    "Dieser Link gilt nicht mehr: Er wurde schon benutzt, durch einen neueren ersetzt, zurückgezogen, "
    "oder seine Frist ist um."
)


@router.get("/anmelden/kennwort")
def show_forgotten(request: Request) -> Response:
    """The form of people who do not know their password."""
    return _forgotten(request, Form())


@router.post("/anmelden/kennwort")
def ask_for_reset(
    request: Request, submitted: Submitted, database: CurrentDatabase, settings: CurrentSettings
) -> Response:
    """Send the link. What is answered, and how fast, does not tell whether there is such an account."""
    values = typed(submitted)
    try:
        email = rules.checked_email(values.get("email", ""))
        _send_reset(request, email, database, settings)
    except SkipError as error:
        return _forgotten(request, Form(values, error.by_field), status=error.status)
    return page(request, None, "sign_in/reset_sent.html", title="Bitte sehen Sie in Ihr Postfach", main_class="sign-in")


@router.get("/konto/{key}")
def show_choice(request: Request, key: str, database: CurrentDatabase) -> Response:
    """The form of the new password."""
    with database.read() as session:
        found = queries.find_password_link(session, key)
    if found is None:
        return _gone(request)
    return _choice(request, key, found[1].email, found[0].purpose == Purpose.INVITED, Form())


@router.post("/konto/{key}")
def choose(
    request: Request, key: str, submitted: Submitted, database: CurrentDatabase, settings: CurrentSettings
) -> Response:
    """Store the new password; its hash is made outside the transaction."""
    values = typed(submitted)
    with database.read() as session:
        found = queries.find_password_link(session, key)
        demo = is_demo(session)
    if found is None:
        return _gone(request)
    link, account = found
    try:
        hashed = rules.hash_password(_chosen(values))
    except Invalid as error:
        return _choice(request, key, account.email, link.purpose == Purpose.INVITED, Form({}, error.fields), status=422)
    what = "Das Kennwort Ihres Kontos wurde über einen Link aus einer Mail neu gewählt."
    notice = letters.change_letter(settings, account, clock.now(), what=what, demo=demo)
    try:
        with database.write() as session:
            passwords.choose_password(session, key, hashed, notice, settings)
            service.forget_failures(session, rules.try_key("account", account.email, settings.signing_key))
            browser = known_browser(session, request, account)
    except NotFound:
        return _gone(request)
    answer = done(request, "/anmelden", "Ihr Kennwort gilt. Melden Sie sich jetzt damit an.")
    return remembered(answer, settings, browser)


def _send_reset(request: Request, email: str, database: Database, settings: Settings) -> None:
    host = rules.address_block(request.client.host if request.client else "")
    by_address = rules.try_key("reset address", host, settings.signing_key)
    by_account = rules.try_key("reset", email, settings.signing_key)
    since = clock.now() - rules.TRY_WINDOW
    with database.read() as session:
        if people.count_failures(session, by_address, since) >= RESETS_PER_ADDRESS:
            raise Throttled()
        often = people.count_failures(session, by_account, since) >= RESETS_PER_ACCOUNT
        account = people.find_account_by_email(session, email)
        demo = is_demo(session)
    wanted = account if account is not None and account.active and not often else None
    letter = letters.reset_letter(settings, account.name if account else email, demo=demo)
    with database.write() as session:
        service.count_failure(session, by_address, by_account)
        passwords.send_reset(session, wanted, letter, settings)


def _chosen(values: dict[str, str]) -> str:
    password = rules.checked_password(values.get("password", ""))
    if password != values.get("password_again", ""):
        raise Invalid({"password_again": "Die beiden Kennwörter sind nicht gleich."})
    return password


def _forgotten(request: Request, form: Form, *, status: int = 200) -> Response:
    return page(
        request,
        None,
        "sign_in/forgotten.html",
        title="Kennwort vergessen",
        status=status,
        form=form,
        main_class="sign-in",
    )


def _choice(request: Request, key: str, email: str, invited: bool, form: Form, *, status: int = 200) -> Response:
    return keyed_page(
        request,
        None,
        "sign_in/choose.html",
        title="Kennwort wählen" if invited else "Neues Kennwort wählen",
        status=status,
        address=f"/konto/{key}",
        email=email,
        form=form,
        main_class="sign-in",
    )


def _gone(request: Request) -> Response:
    return keyed_page(
        request,
        None,
        "sign_in/gone.html",
        title="Der Link gilt nicht",
        status=404,
        sentence=GONE,
        main_class="sign-in",
    )
