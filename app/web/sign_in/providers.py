"""Signing in with the account of one's organisation (OpenID Connect): sent there, back again, and out there too.

The start is a link, no form: the policy against foreign forms (``form-action 'self'``) stays as strict as it is.
"""

import hmac
import logging

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.actor import Role
from app.bodies.queries import find_body_by_short_name
from app.config import OidcProvider, Settings
from app.credentials import providers
from app.credentials.models import StepKind
from app.credentials.providers import Challenge
from app.credentials.rules.claims import Said
from app.credentials.service import identities, steps
from app.db import Database
from app.errors import NotFound, SkipError
from app.people import rules
from app.request import CurrentDatabase, CurrentSettings
from app.web.respond import page, set_cookie
from app.web.sign_in.entering import STEP_COOKIE, STEP_SECONDS, begin_session, entered, inside

router = APIRouter()
log = logging.getLogger("skip.providers")

BEGIN_AGAIN = "Diese Anmeldung wurde schon beendet oder hat zu lange gedauert. Bitte beginnen Sie noch einmal."
STOPPED = (
    "Ihre Organisation hat die Anmeldung nicht bestätigt oder Sie haben sie abgebrochen. Es wurde niemand angemeldet."
)


@router.get("/anmelden/extern/{provider}")
def go_to_provider(
    request: Request, provider: str, database: CurrentDatabase, settings: CurrentSettings, weiter: str = "/"
) -> Response:
    """Send the browser to the provider; what only the two of us know stays on the server."""
    chosen = _provider(settings, provider)
    try:
        found = providers.discover(chosen)
    except SkipError as error:
        return _refused(request, error.sentence, error.status)
    challenge = Challenge(rules.new_key(), rules.new_key(), rules.new_key())
    key = rules.new_key()
    detail = {
        "provider": chosen.name,
        "onward": inside(weiter),
        "state": challenge.state,
        "nonce": challenge.nonce,
        "verifier": challenge.verifier,
    }
    with database.write() as session:
        steps.begin_step(session, StepKind.PROVIDER, key, detail)
    address = providers.authorization_address(chosen, found, challenge, _back(settings, chosen))
    response = RedirectResponse(address, 303)
    set_cookie(response, settings, STEP_COOKIE, key, max_age=STEP_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/anmelden/extern/{provider}/zurueck")
def come_back(
    request: Request,
    provider: str,
    database: CurrentDatabase,
    settings: CurrentSettings,
    code: str = "",
    state: str = "",
    iss: str = "",
) -> Response:
    """The browser comes back with a code: it is redeemed outside of any transaction, then the session begins."""
    chosen = _provider(settings, provider)
    with database.write() as session:
        step = steps.take_step(session, StepKind.PROVIDER, request.cookies.get(STEP_COOKIE, ""))
    if step is None or step[1]["provider"] != chosen.name or not _same(step[1]["state"], state):
        return _refused(request, BEGIN_AGAIN, 403)
    if not code or (iss and iss != chosen.issuer):
        return _refused(request, STOPPED, 403)
    detail = step[1]
    challenge = Challenge(detail["state"], detail["nonce"], detail["verifier"])
    try:
        said = providers.redeem(chosen, code, challenge, _back(settings, chosen))
        keys = _enter(request, database, settings, chosen, said)
    except SkipError as error:
        return _refused(request, error.sentence, error.status)
    return entered(settings, keys, detail["onward"])


@router.get("/anmelden/extern/{provider}/abmelden")
def leave_provider(request: Request, provider: str, settings: CurrentSettings) -> Response:
    """Sign out at the provider, too, for people at a shared computer."""
    chosen = _provider(settings, provider)
    try:
        address = providers.end_address(chosen, providers.discover(chosen), f"{settings.base_url}/anmelden")
    except SkipError as error:
        return _refused(request, error.sentence, error.status)
    return RedirectResponse(address or "/anmelden", 303)


def _enter(
    request: Request, database: Database, settings: Settings, chosen: OidcProvider, said: Said
) -> tuple[str, str]:
    with database.write() as session:
        account = identities.account_of(session, said, label=chosen.label)
        if chosen.roles_claim:
            wanted = _wanted(session, chosen, said)
            identities.renew_roles(session, account, chosen.issuer, wanted, label=chosen.label)
        return begin_session(session, request, settings, account, provider=chosen.name)


def _wanted(session: Session, chosen: OidcProvider, said: Said) -> set[tuple[Role, int | None]]:
    """The roles with the ids of their bodies; a body that is not there (yet) gives nothing."""
    wanted: set[tuple[Role, int | None]] = set()
    for role, short_name in said.roles:
        if not short_name:
            wanted.add((role, None))
            continue
        body = find_body_by_short_name(session, short_name)
        if body is None:
            log.warning("provider %s: no body is called as its roles say", chosen.name)
        else:
            wanted.add((role, body.id))
    return wanted


def _provider(settings: Settings, name: str) -> OidcProvider:
    found = next((one for one in settings.oidc_providers if one.name == name), None)
    if found is None:
        raise NotFound()
    return found


def _back(settings: Settings, chosen: OidcProvider) -> str:
    return f"{settings.base_url}/anmelden/extern/{chosen.name}/zurueck"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))


def _refused(request: Request, sentence: str, status: int) -> Response:
    response = page(
        request,
        None,
        "sign_in/refused.html",
        title="Nicht angemeldet",
        status=status,
        sentence=sentence,
        main_class="sign-in",
    )
    response.delete_cookie(STEP_COOKIE)
    return response
