"""Signing in with a passkey: without a password, or as the second factor after one."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.config import Settings
from app.credentials import ceremonies, queries
from app.credentials.models import Passkey, StepKind
from app.credentials.service import passkeys, steps
from app.db import Database
from app.errors import Forbidden, NotFound
from app.people import rules
from app.people.models import Account
from app.request import CurrentDatabase, CurrentSettings, Submitted
from app.web.forms import typed
from app.web.respond import page, set_cookie
from app.web.sign_in.entering import STEP_COOKIE, STEP_SECONDS, begin_session, entered, inside
from app.web.sign_in.factors import FACTOR_PAGE, factor_page, find_waiting, finish

router = APIRouter()

WRONG = "Dieser Passkey öffnet hier kein Konto. Versuchen Sie es mit einem anderen oder mit Ihrem Kennwort."
AGAIN = "Der Passkey wurde nicht angenommen. Bitte versuchen Sie es noch einmal, oder geben Sie einen Code ein."


@router.get("/anmelden/passkey")
def show_passkey(request: Request, database: CurrentDatabase, settings: CurrentSettings, weiter: str = "/") -> Response:
    """Ask the browser for a passkey that it knows; the challenge works once."""
    if not ceremonies.passkeys_work(settings):
        raise NotFound()
    return _page(request, database, settings, inside(weiter))


@router.post("/anmelden/passkey")
def sign_in_with_passkey(
    request: Request, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """The device vouches for its owner: finger, face or PIN are the second factor already."""
    answer = typed(submitted).get("credential", "")
    with database.write() as session:
        step = steps.take_step(session, StepKind.PASSKEY, request.cookies.get(STEP_COOKIE, ""))
    if step is None:
        return RedirectResponse("/anmelden", 303)
    onward = str(step[1]["onward"])
    with database.read() as session:
        found = queries.find_passkey(session, ceremonies.named_key(answer))
    count = None
    if found is not None and found[1].active:
        count = ceremonies.checked_sign_in(settings, str(step[1]["challenge"]), answer, found[0], verified=True)
    if found is None or count is None:
        return _page(request, database, settings, onward, WRONG, 422)
    keys = _enter(request, database, settings, found, count)
    if keys is None:
        return _page(request, database, settings, onward, WRONG, 422)
    return entered(settings, keys, onward)


@router.post(f"{FACTOR_PAGE}/passkey")
def give_passkey(
    request: Request, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """A passkey of the account whose password was right."""
    answer = typed(submitted).get("credential", "")
    with database.read() as session:
        waiting = find_waiting(session, request, StepKind.FACTOR)
    if waiting is None:
        return RedirectResponse("/anmelden", 303)
    named = ceremonies.named_key(answer)
    passkey = next((one for one in waiting.factors.passkeys if one.credential_id == named), None)
    count = None
    if passkey is not None:
        challenge = str(waiting.detail["challenge"])
        count = ceremonies.checked_sign_in(settings, challenge, answer, passkey, verified=False)
    if passkey is None or count is None:
        return factor_page(request, settings, waiting, {"": AGAIN}, 422)
    with database.write() as session:
        if not passkeys.note_passkey(session, passkey, count):
            raise Forbidden(AGAIN)
        keys = finish(session, request, settings, waiting)
    return entered(settings, keys, waiting.detail["onward"])


def _enter(
    request: Request, database: Database, settings: Settings, found: tuple[Passkey, Account], count: int
) -> tuple[str, str] | None:
    with database.write() as session:
        if not passkeys.note_passkey(session, found[0], count):
            return None
        return begin_session(session, request, settings, found[1])


def _page(
    request: Request, database: Database, settings: Settings, onward: str, error: str = "", status: int = 200
) -> Response:
    key, challenge = rules.new_key(), rules.new_key()
    with database.write() as session:
        steps.begin_step(session, StepKind.PASSKEY, key, {"onward": onward, "challenge": challenge})
    response = page(
        request,
        None,
        "sign_in/passkey.html",
        title="Mit Passkey anmelden",
        status=status,
        errors={"": error} if error else {},
        options=json.loads(ceremonies.sign_in_options(settings, (), challenge)),
        onward=onward,
        main_class="sign-in",
    )
    set_cookie(response, settings, STEP_COOKIE, key, max_age=STEP_SECONDS)
    return response
