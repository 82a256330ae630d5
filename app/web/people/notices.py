"""How one is told of things: the choice for each kind, and stopping kinds by the link of a mail."""

from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.errors import Invalid
from app.notices.rules.kinds import GROUPS, WAY_WORDS, group_of
from app.notices.service.choosing import choose_ways, kinds_to_stop, list_choices, stop_kinds
from app.outbox.rules import UNSUBSCRIBE_PATH
from app.request import CurrentActor, MaybeActor, ReadSession, Submitted, WriteSession
from app.web.forms import typed
from app.web.respond import done, keyed_page, page

router = APIRouter()

CHOICES = "/profil/benachrichtigungen"


@router.get(CHOICES)
def show_choices(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """Every kind of notice with what was chosen."""
    return _choices_page(request, session, actor)


@router.post(CHOICES)
def keep_choices(request: Request, session: WriteSession, actor: CurrentActor, submitted: Submitted) -> Response:
    """Keep what was chosen; what the form does not name stays."""
    wishes = typed(submitted)
    try:
        choose_ways(session, actor, wishes)
    except Invalid as error:
        return _choices_page(request, session, actor, errors=error.by_field)
    return done(request, CHOICES, "Ihre Wahl ist gespeichert.")


@router.get(f"{UNSUBSCRIBE_PATH}{{key}}")
def ask_to_stop(request: Request, key: str, session: ReadSession, actor: MaybeActor) -> Response:
    """Which mails the link stops, with a button; nothing changes yet: mail filters open links."""
    _, kinds = kinds_to_stop(session, key)
    return keyed_page(
        request, actor, "notices/stop.html", title="Mails abbestellen", kinds=kinds, stopped=False, key=key
    )


@router.post(f"{UNSUBSCRIBE_PATH}{{key}}")
def stop(request: Request, key: str, session: WriteSession, actor: MaybeActor) -> Response:
    """Stop them, as the button or the mail program asks (RFC 8058): the key is the right, no sign-in is needed."""
    kinds = stop_kinds(session, key)
    return keyed_page(request, actor, "notices/stop.html", title="Abbestellt", kinds=kinds, stopped=True, key=key)


def _choices_page(request: Request, session: Session, actor: Actor, errors: dict[str, str] | None = None) -> Response:
    order = list(GROUPS)
    wanted = sorted(list_choices(session, actor), key=lambda one: order.index(group_of(one.spec.kind)))
    return page(
        request,
        actor,
        "notices/choices.html",
        title="Benachrichtigungen",
        status=422 if errors else 200,
        groups=[(heading, list(several)) for heading, several in groupby(wanted, lambda one: group_of(one.spec.kind))],
        ways=list(WAY_WORDS.items()),
        errors=errors or {},
    )
