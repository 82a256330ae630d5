"""One's own account: who one is here, and keys for programs."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies.models import MembershipKind
from app.bodies.queries import load_bodies, seats_of_person
from app.people import queries, rules, service
from app.people.models import ApiToken
from app.request import CurrentActor, ReadSession, Submitted, WriteSession
from app.web.forms import Form, typed
from app.web.people.bodies import KINDS
from app.web.people.proving import own_account
from app.web.respond import done, page

router = APIRouter()

LABEL_LENGTH = 120


@router.get("/profil")
def show_profile(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The person's own account."""
    return _page(request, session, actor)


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


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    *,
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
