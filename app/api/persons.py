"""Persons: list, one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import listed, shown
from app.api.paging import ListQuery, Walk
from app.api.schemas.persons import PersonOut, person_out
from app.api.schemas.thing import Id, Listing
from app.bodies.queries import get_person, list_persons
from app.db import ident
from app.request import CurrentActor, ReadSession

router = APIRouter(prefix="/persons", tags=["Personen"])


@router.get("", response_model=Listing[PersonOut], summary="Personen")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The persons you may see, by last name."""
    walk = Walk(request, query)
    page, following = walk.cut(list_persons(session, actor), lambda one: (one.sort_key, ident(one)))
    return listed([person_out(actor, one) for one in page], following)


@router.get("/{person_id}", response_model=PersonOut, summary="Eine Person")
def show_person(person_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One person with functions; the e-mail address only where you may see it."""
    return shown(person_out(actor, get_person(session, actor, person_id)))
