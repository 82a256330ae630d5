"""Institutions: list, one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app import clock
from app.api.answers import listed, shown
from app.api.paging import ListQuery, Walk
from app.api.schemas.organisations import OrganisationOut, organisation_out
from app.api.schemas.thing import Id, Listing
from app.db import ident
from app.people.queries import get_organisation, list_organisations
from app.request import CurrentActor, ReadSession

router = APIRouter(prefix="/organisations", tags=["Institutionen"])


@router.get("", response_model=Listing[OrganisationOut], summary="Institutionen")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The institutions with their names, in the order in which they were entered."""
    walk, today = Walk(request, query), clock.today()
    page, following = walk.cut(list_organisations(session, actor), lambda one: (ident(one),))
    return listed([organisation_out(one, today) for one in page], following)


@router.get("/{organisation_id}", response_model=OrganisationOut, summary="Eine Institution")
def show_organisation(organisation_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One institution with all its names."""
    return shown(organisation_out(get_organisation(session, actor, organisation_id), clock.today()))
