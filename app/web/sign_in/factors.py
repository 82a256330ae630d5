"""The second step of a sign-in with a password: a code of the app or a recovery code; and setting up a required app.

Between the two pages nobody is signed in: the server only remembers for ten minutes whose password was right.
"""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app import clock
from app.config import Settings
from app.credentials import ceremonies, letters, queries
from app.credentials.models import StepKind
from app.credentials.rules import codes
from app.credentials.service import factors, steps
from app.credentials.service.owners import owner
from app.db import Database, ident
from app.errors import Forbidden, Invalid, SkipError
from app.installation.queries import is_demo
from app.people import rules
from app.people.models import Account
from app.people.queries import list_account_roles
from app.request import CurrentDatabase, CurrentSettings, Submitted
from app.web.forms import Form, typed
from app.web.people.qr import qr_picture
from app.web.respond import page, set_cookie
from app.web.sign_in.entering import STEP_COOKIE, STEP_SECONDS, begin_session, entered
from app.web.sign_in.tries import Tries, count, forget, forgive, require_patience, tries_of

router = APIRouter()

FACTOR_PAGE, ENROL_PAGE = "/anmelden/zweiter-faktor", "/anmelden/einrichten"
WRONG = "Der Code stimmt nicht oder wurde schon benutzt. Bitte warten Sie auf den nächsten."
OVER = "Die Anmeldung hat zu lange gedauert. Bitte beginnen Sie noch einmal."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose password was right and who is not signed in yet."""

    key: str
    account: Account
    detail: dict[str, Any]
    factors: queries.Factors


def next_page(session: Session, settings: Settings, account: Account) -> tuple[StepKind, str] | None:
    """What stands between the right password and the session; None: nothing."""
    if queries.factors_of(session, ident(account)).any:
        return StepKind.FACTOR, FACTOR_PAGE
    required = set(settings.second_factor_for.split(","))
    if required & {row.role.value for row in list_account_roles(session, ident(account))}:
        return StepKind.ENROL, ENROL_PAGE
    return None


def wait_for_factor(
    database: Database, settings: Settings, account: Account, kind: StepKind, address: str, onward: str
) -> Response:
    """Remember that the password was right, and go on to the next page."""
    key = rules.new_key()
    detail = {
        "onward": onward,
        "password": rules.key_hash(account.password_hash),
        "challenge": rules.new_key(),
    }
    if kind is StepKind.ENROL:
        detail["sealed"] = codes.seal(settings.signing_key, ident(account), codes.new_secret())
    with database.write() as session:
        steps.begin_step(session, kind, key, detail, account_id=account.id)
    response = RedirectResponse(address, 303)
    set_cookie(response, settings, STEP_COOKIE, key, max_age=STEP_SECONDS)
    return response


@router.get(FACTOR_PAGE)
def show_factor(request: Request, database: CurrentDatabase, settings: CurrentSettings) -> Response:
    """The form of the code."""
    with database.read() as session:
        waiting = find_waiting(session, request, StepKind.FACTOR)
    return _again() if waiting is None else factor_page(request, settings, waiting)


@router.post(FACTOR_PAGE)
def give_code(request: Request, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted) -> Response:
    """Check the code; it works once, and the session begins with it."""
    with database.read() as session:
        waiting = find_waiting(session, request, StepKind.FACTOR)
        if waiting is None:
            return _again()
        tries = factor_tries(session, request, settings, waiting)
    try:
        with database.read() as session:
            require_patience(session, tries)
        code = typed(submitted).get("code", "").strip()
        if not code:
            raise Invalid({"code": "Bitte füllen Sie dieses Feld aus."})
        keys = _enter_with_code(request, database, settings, waiting, code)
        if keys is None:
            count(database, tries)
            raise Invalid({"code": WRONG})
    except SkipError as error:
        return factor_page(request, settings, waiting, error.by_field, error.status)
    return entered(settings, keys, waiting.detail["onward"])


@router.get(ENROL_PAGE)
def show_enrolment(request: Request, database: CurrentDatabase, settings: CurrentSettings) -> Response:
    """The picture for the app of somebody who must set one up first."""
    with database.read() as session:
        waiting = find_waiting(session, request, StepKind.ENROL)
    return _again() if waiting is None else _enrolment(request, settings, waiting)


@router.post(ENROL_PAGE)
def enrol(request: Request, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted) -> Response:
    """The first code of the app: it is set up and the session begins."""
    with database.read() as session:
        waiting = find_waiting(session, request, StepKind.ENROL)
        demo = is_demo(session)
    if waiting is None:
        return _again()
    account, sealed = waiting.account, str(waiting.detail["sealed"])
    secret = codes.unseal(settings.signing_key, ident(account), sealed)
    step = codes.matching_step(secret, typed(submitted).get("code", ""), clock.now(), 0)
    if step is None:
        return _enrolment(request, settings, waiting, {"code": WRONG}, 422)
    notice = letters.change_letter(settings, account, clock.now(), what=letters.APP_ADDED, demo=demo)
    with database.write() as session:
        if steps.take_step(session, StepKind.ENROL, waiting.key) is None:
            return _again()
        factors.begin_app(session, owner(account), account, sealed)
        session.flush()
        factors.confirm_app(session, account, step, notice, settings)
        keys = begin_session(session, request, settings, account)
    return entered(settings, keys, "/profil/sicherheit")


def find_waiting(session: Session, request: Request, kind: StepKind) -> Waiting | None:
    """Who stands here; None without a step, after its time, or when account or password changed meanwhile."""
    key = request.cookies.get(STEP_COOKIE, "")
    found = queries.find_waiting_account(session, kind, key)
    if found is None:
        return None
    account, detail = found
    if not account.active or detail.get("password") != rules.key_hash(account.password_hash):
        return None
    return Waiting(key, account, detail, queries.factors_of(session, ident(account)))


def factor_tries(session: Session, request: Request, settings: Settings, waiting: Waiting) -> Tries:
    """How tries at the second factor count: for the account, whose password was right already."""
    account_id = ident(waiting.account)
    return tries_of(session, request, settings, "factor", str(account_id), account_id)


def finish(session: Session, request: Request, settings: Settings, waiting: Waiting) -> tuple[str, str]:
    """The factor was right: the step is used, tries are forgotten, the session begins. Forbidden if it was used."""
    if steps.take_step(session, StepKind.FACTOR, waiting.key) is None:
        raise Forbidden(OVER)
    account = waiting.account
    forget(session, factor_tries(session, request, settings, waiting))
    forgive(session, request, settings, account)
    return begin_session(session, request, settings, account)


def _enter_with_code(
    request: Request, database: Database, settings: Settings, waiting: Waiting, code: str
) -> tuple[str, str] | None:
    account_id, app, step = ident(waiting.account), waiting.factors.app, None
    if app is not None:
        secret = codes.unseal(settings.signing_key, account_id, app.sealed)
        step = codes.matching_step(secret, code, clock.now(), app.last_step)
    with database.write() as session:
        good = step is not None and factors.take_code(session, account_id, step)
        if not good and not factors.use_recovery_code(session, waiting.account, code):
            return None
        return finish(session, request, settings, waiting)


def factor_page(
    request: Request,
    settings: Settings,
    waiting: Waiting,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The form of the second factor."""
    keys, options = waiting.factors.passkeys, None
    if keys and ceremonies.passkeys_work(settings):
        options = json.loads(ceremonies.sign_in_options(settings, keys, str(waiting.detail["challenge"])))
    return page(
        request,
        None,
        "sign_in/factor.html",
        title="Zweiter Faktor",
        status=status,
        form=Form({}, errors or {}),
        has_app=waiting.factors.app is not None,
        options=options,
        codes_left=waiting.factors.codes_left,
        main_class="sign-in",
    )


def _enrolment(
    request: Request, settings: Settings, waiting: Waiting, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    account = waiting.account
    secret = codes.unseal(settings.signing_key, ident(account), str(waiting.detail["sealed"]))
    return page(
        request,
        None,
        "sign_in/enrol.html",
        title="Zweiten Faktor einrichten",
        status=status,
        form=Form({}, errors or {}),
        secret=secret,
        picture=qr_picture(codes.provisioning_address(secret, name=account.email, issuer="SKIP")),
        main_class="sign-in",
    )


def _again() -> Response:
    return RedirectResponse("/anmelden", 303)
