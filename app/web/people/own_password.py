"""Another password for one's own account, on the page of the way into it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.actor import Actor
from app.config import Settings
from app.credentials import letters
from app.credentials.service import passwords
from app.db import Database
from app.errors import Forbidden, Invalid, SkipError
from app.people import queries, rules
from app.people.models import Account
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, Submitted
from app.web.forms import Form, typed
from app.web.people.proving import own_account, require_password
from app.web.people.security import PAGE, Shown, security_page
from app.web.respond import done
from app.web.sign_in.entering import BROWSER_COOKIE

router = APIRouter()


@router.post(f"{PAGE}/kennwort")
def change_password(
    request: Request, actor: CurrentActor, database: CurrentDatabase, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """Another password; the old one is asked, both are hashed outside the transaction."""
    values = typed(submitted)
    try:
        account, hashed = _new_hash(request, actor, values, database, settings)
    except SkipError as error:
        if isinstance(error, Forbidden):
            raise
        fields = error.by_field
        with database.read() as session:
            return security_page(request, session, actor, Shown("change", Form({}, fields), error.status))
    notice = letters.change_letter(settings, account, clock.now(), what=letters.CHANGED_BY_OWNER, demo=actor.demo)
    browser = request.cookies.get(BROWSER_COOKIE, "")
    with database.write() as session:
        account = queries.get_account(session, own_account(actor))
        passwords.change_password(session, actor, account, hashed, notice, settings, browser=browser)
    return done(request, PAGE, "Das Kennwort ist geändert. Alle anderen Anmeldungen sind beendet.")


def _new_hash(
    request: Request, actor: Actor, values: dict[str, str], database: Database, settings: Settings
) -> tuple[Account, str]:
    """The own account and the hash of the wished password, once the old one was right."""
    own_account(actor)
    wished = rules.checked_password(values.get("password", ""))
    if wished != values.get("password_again", ""):
        raise Invalid({"password_again": "Die beiden neuen Kennwörter sind nicht gleich."})
    account = require_password(request, actor, values.get("password_old", ""), "password_old", database, settings)
    return account, rules.hash_password(wished)
