"""The way into one's own account: app for one-time codes, recovery codes, and the browsers that are signed in."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app import clock
from app.actor import Actor, Role
from app.config import Settings
from app.credentials import ceremonies, letters
from app.credentials import queries as credentials
from app.credentials.rules import codes
from app.credentials.service import browsers, factors
from app.db import Database, ident
from app.errors import Forbidden, Refused, SkipError
from app.people import queries
from app.people.models import Account
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, ReadSession, Submitted, WriteSession
from app.web.forms import Form, typed
from app.web.people.proving import own_account, require_password
from app.web.people.qr import qr_picture
from app.web.respond import done, page
from app.web.sign_in.entering import BROWSER_COOKIE

router = APIRouter()

PAGE = "/profil/sicherheit"
WRONG = "Der Code stimmt nicht. Bitte prüfen Sie die Uhr des Telefons und warten Sie auf den nächsten."
ADVISED = frozenset({Role.ADMIN, Role.SECRETARIAT})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a refused form of the page shows: which part (``at``) and its sentences."""

    at: str = ""
    form: Form = field(default_factory=Form)
    status: int = 200
    fresh: tuple[str, ...] = ()


@router.get(PAGE)
def show_security(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """Factors and sessions."""
    return security_page(request, session, actor, Shown())


@router.post(f"{PAGE}/app")
def begin_app(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """A new secret for an app, after the password; it counts once a code of it was typed."""
    account = proven(request, actor, database, settings, submitted, "app")
    if isinstance(account, Response):
        return account
    sealed = codes.seal(settings.signing_key, ident(account), codes.new_secret())
    with database.write() as session:
        factors.begin_app(session, actor, account, sealed)
    return RedirectResponse(f"{PAGE}/app", 303)


@router.get(f"{PAGE}/app")
def show_app(request: Request, session: ReadSession, actor: CurrentActor, settings: CurrentSettings) -> Response:
    """The picture for the app, until its first code was typed."""
    account = queries.get_account(session, own_account(actor))
    return _app_page(request, session, actor, settings, account, Form())


@router.post(f"{PAGE}/app/bestaetigen")
def confirm_app(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """The first code of the app: it is a factor now, and recovery codes are shown once."""
    account_id = own_account(actor)
    with database.read() as session:
        account, app = queries.get_account(session, account_id), credentials.find_app(session, account_id)
    if app is None or app.confirmed_at is not None:
        raise Refused("Es wartet keine App auf ihren ersten Code. Bitte beginnen Sie die Einrichtung noch einmal.")
    secret = codes.unseal(settings.signing_key, account_id, app.sealed)
    step = codes.matching_step(secret, typed(submitted).get("code", ""), clock.now(), app.last_step)
    if step is None:
        with database.read() as session:
            return _app_page(request, session, actor, settings, account, Form({}, {"code": WRONG}), 422)
    notice = letters.change_letter(settings, account, clock.now(), what=letters.APP_ADDED, demo=actor.demo)
    fresh = codes.new_recovery_codes()
    with database.write() as session:
        factors.confirm_app(session, account, step, notice, settings)
        factors.renew_recovery_codes(session, actor, account, fresh)
    with database.read() as session:
        return security_page(request, session, actor, Shown(fresh=tuple(fresh)))


@router.post(f"{PAGE}/app/entfernen")
def remove_app(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """The app is no factor any more."""
    account = proven(request, actor, database, settings, submitted, "remove")
    if isinstance(account, Response):
        return account
    notice = letters.change_letter(settings, account, clock.now(), what=letters.APP_REMOVED, demo=actor.demo)
    with database.write() as session:
        factors.remove_app(session, actor, account, notice, settings)
    return done(request, PAGE, "Die App ist entfernt. Sie können sie auch auf dem Telefon löschen.")


@router.post(f"{PAGE}/codes")
def renew_codes(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """Ten new recovery codes, shown this once; the earlier ones end."""
    account = proven(request, actor, database, settings, submitted, "codes")
    if isinstance(account, Response):
        return account
    fresh = codes.new_recovery_codes()
    with database.write() as session:
        factors.renew_recovery_codes(session, actor, account, fresh)
    with database.read() as session:
        return security_page(request, session, actor, Shown(fresh=tuple(fresh)))


@router.post(f"{PAGE}/anmeldungen/beenden")
def end_others(request: Request, session: WriteSession, actor: CurrentActor) -> Response:
    """Sign all other browsers out."""
    account = queries.get_account(session, own_account(actor))
    browsers.end_other_sessions(session, actor, account, browser=request.cookies.get(BROWSER_COOKIE, ""))
    return done(request, f"{PAGE}#anmeldungen", "Alle anderen Anmeldungen sind beendet.")


@router.post(f"{PAGE}/anmeldungen/{{sign_in_id}}/beenden")
def end_one(request: Request, sign_in_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """Sign one browser out."""
    own_account(actor)
    browsers.end_own_session(session, actor, sign_in_id)
    return done(request, f"{PAGE}#anmeldungen", "Die Anmeldung ist beendet.")


def proven(
    request: Request, actor: Actor, database: Database, settings: Settings, submitted: Submitted, at: str
) -> Account | Response:
    """The own account after its password; else the page again with the sentence at the field of the part *at*."""
    try:
        return require_password(request, actor, typed(submitted).get("password", ""), "password", database, settings)
    except SkipError as error:
        if isinstance(error, Forbidden):
            raise
        with database.read() as session:
            return security_page(request, session, actor, Shown(at, Form({}, error.by_field), error.status))


def security_page(request: Request, session: Session, actor: Actor, shown: Shown) -> Response:
    """The page of factors and sessions."""
    account = queries.get_account(session, own_account(actor))
    found = credentials.factors_of(session, ident(account))
    return page(
        request,
        actor,
        "profile/security.html",
        title="Anmeldung und Sicherheit",
        status=shown.status,
        has_password=bool(account.password_hash),
        factors=found,
        advised=any(grant.role in ADVISED for grant in actor.grants),
        sessions=credentials.list_sessions(session, ident(account)),
        here=actor.session_id,
        identities=len(credentials.list_identities(session, ident(account))),
        at=shown.at,
        form=shown.form,
        fresh=shown.fresh,
        passkeys_work=ceremonies.passkeys_work(request.app.state.settings),
    )


def _app_page(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    account: Account,
    form: Form,
    status: int = 200,
) -> Response:
    app = credentials.find_app(session, ident(account))
    if app is None or app.confirmed_at is not None:
        return RedirectResponse(PAGE, 303)
    secret = codes.unseal(settings.signing_key, ident(account), app.sealed)
    return page(
        request,
        actor,
        "profile/app.html",
        title="App für Einmalcodes einrichten",
        status=status,
        crumbs=(("Profil", "/profil"), ("Anmeldung und Sicherheit", PAGE), ("App einrichten", None)),
        form=form,
        secret=secret,
        picture=qr_picture(codes.provisioning_address(secret, name=account.email, issuer="SKIP")),
    )
