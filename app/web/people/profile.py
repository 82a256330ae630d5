"""One's own account: who one is here, another password, keys for programs."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies.models import MembershipKind
from app.bodies.queries import load_bodies, seats_of_person
from app.config import Settings
from app.credentials import letters
from app.credentials.service import passwords
from app.db import Database
from app.errors import Forbidden, Invalid, SkipError
from app.people import queries, rules, service
from app.people.models import Account, ApiToken
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, ReadSession, Submitted, WriteSession
from app.web.forms import Form, typed
from app.web.people.bodies import KINDS
from app.web.people.proving import own_account, require_password
from app.web.respond import done, page
from app.web.sign_in.entering import BROWSER_COOKIE

router = APIRouter()

LABEL_LENGTH = 120


@router.get("/profil")
def show_profile(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The person's own account."""
    return _page(request, session, actor)


@router.post("/profil/kennwort")
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
            return _page(request, session, actor, password=Form({}, fields), status=error.status)
    notice = letters.change_letter(settings, account, clock.now(), what=letters.CHANGED_BY_OWNER, demo=actor.demo)
    browser = request.cookies.get(BROWSER_COOKIE, "")
    with database.write() as session:
        account = queries.get_account(session, own_account(actor))
        passwords.change_password(session, actor, account, hashed, notice, settings, browser=browser)
    return done(request, "/profil", "Das Kennwort ist geändert. Alle anderen Anmeldungen sind beendet.")


@router.post("/profil/schluessel")
def create_key(request: Request, session: WriteSession, actor: CurrentActor, submitted: Submitted) -> Response:
    """A new key for programs, shown this once: only its hash is kept."""
    values = typed(submitted)
    label = values.get("label", "").strip()
    error = ""
    if not label:
        error = "Bitte schreiben Sie, wofür der Schlüssel ist."
    elif len(label) > LABEL_LENGTH:
        error = f"Bitte kürzen Sie auf höchstens {LABEL_LENGTH} Zeichen."
    if error:
        return _page(request, session, actor, key_form=Form(values, {"label": error}), status=422)
    key = service.create_api_token(session, actor, queries.get_account(session, own_account(actor)), label=label)
    session.flush()
    return _page(request, session, actor, key=key)


@router.post("/profil/schluessel/{token_id}/widerrufen")
def revoke_key(request: Request, token_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """The key stops working at once."""
    service.revoke_token(session, actor, ApiToken, token_id)
    return done(request, "/profil#schluessel", "Der Schlüssel gilt nicht mehr.")


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


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    password: Form | None = None,
    key_form: Form | None = None,
    key: str = "",
    status: int = 200,
) -> Response:
    names = {body_id: body.short_name for body_id, body in load_bodies(session).items()}
    return page(
        request,
        actor,
        "profile/show.html",
        title="Profil",
        status=status,
        roles=[
            f"{rules.ROLE_WORDS[grant.role]}" + (f" ({names.get(grant.body_id, '')})" if grant.body_id else "")
            for grant in actor.grants
        ],
        seats=_seats(session, actor, names),
        leads=len(actor.lead_project_ids),
        tokens=queries.list_api_tokens(session, actor.account_id) if actor.account_id else [],
        password=password or Form(),
        key_form=key_form or Form(),
        key=key,
    )


def _seats(session: Session, actor: Actor, names: dict[int, str]) -> list[dict[str, object]]:
    """The seats held today: the body, whose seat it is, in which way, with or without vote."""
    if actor.person_id is None:
        return []
    held = [
        (membership, seat)
        for membership, seat in seats_of_person(session, actor, actor.person_id)
        if rules.holds(membership, clock.today()) and rules.holds(seat, clock.today())
    ]
    places = queries.names_on(session, {seat.organisation_id for _, seat in held}, clock.today())
    return [
        {
            "body_id": seat.body_id,
            "body": names[seat.body_id],
            "place": places[seat.organisation_id].long if seat.organisation_id in places else seat.title,
            "kind": "Vorsitz" if seat.chair and membership.kind is MembershipKind.MEMBER else KINDS[membership.kind],
            "voting": seat.voting and membership.kind is not MembershipKind.OFFICE,
            "until": membership.valid_to,
        }
        for membership, seat in held
    ]
