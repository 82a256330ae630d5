"""Bodies: list, one, create."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app import clock, text
from app.api.answers import listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.bodies import BodyOut, body_out
from app.api.schemas.thing import Id, Listing
from app.bodies.models import Body
from app.bodies.queries import get_body, list_bodies
from app.bodies.schemas import BodyIn
from app.bodies.service import create_body
from app.db import ident
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/bodies", tags=["Gremien"])


@router.get("", response_model=Listing[BodyOut], summary="Gremien")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The bodies whose interna you read, by short name."""
    walk, today = Walk(request, query), clock.today()
    page, following = walk.cut(list_bodies(session, actor), lambda body: (text.sort_key(body.short_name), ident(body)))
    return listed([body_out(body, today) for body in page], following)


@router.get("/{body_id}", response_model=BodyOut, summary="Ein Gremium")
def show_body(body_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One body with all its names."""
    return shown(body_out(get_body(session, actor, body_id), clock.today()))


@router.post("", response_model=BodyOut, status_code=201, summary="Gremium anlegen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: BodyIn) -> Response:
    """A new body with the usual sections. A secretariat of all bodies may."""

    def show(body: Body) -> BodyOut:
        return body_out(get_body(session, actor, ident(body)), clock.today())

    return once.created(session, lambda: create_body(session, actor, wish), show)
