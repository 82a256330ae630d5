"""Institutions: list, one, create, change."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.organisations import (
    MergeWish,
    OrganisationOut,
    OrganisationPatch,
    OrganisationWish,
    organisation_out,
    wish_values,
)
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen, MustHaveSeen
from app.bodies.service import merge_organisations
from app.db import ident
from app.people.models import Organisation
from app.people.queries import get_organisation, list_organisations, lock_organisation
from app.people.rules import require_secretariat
from app.people.schemas import OrganisationChange, OrganisationIn
from app.people.service import change_organisation, create_organisation
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import read

router = APIRouter(prefix="/organisations", tags=["Institutionen"])


@router.get("", response_model=Listing[OrganisationOut], summary="Institutionen")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The institutions with their names, in the order in which they were entered; merged ones are left out."""
    walk, today = Walk(request, query), clock.today()
    page, following = walk.cut(list_organisations(session, actor), lambda one: (ident(one),))
    return listed([organisation_out(one, today) for one in page], following)


@router.get("/{organisation_id}", response_model=OrganisationOut, summary="Eine Institution")
def show_organisation(organisation_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One institution with all its names; ``merged_into`` says where it went if it was entered twice."""
    return shown(organisation_out(get_organisation(session, actor, organisation_id), clock.today()))


@router.post("", response_model=OrganisationOut, status_code=201, summary="Institution anlegen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: OrganisationWish) -> Response:
    """A new institution with its names. Any secretariat may."""

    def act() -> Organisation:
        return create_organisation(session, actor, read(OrganisationIn, wish_values(wish)))

    return once.created(session, act, partial(_show, session, actor))


@router.patch("/{organisation_id}", response_model=OrganisationOut, summary="Institution ändern")
def update(
    organisation_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: OrganisationPatch
) -> Response:
    """Change the given fields; the names are replaced whole."""

    def act() -> Organisation:
        organisation = lock_organisation(session, actor, organisation_id)
        require_secretariat(actor)
        seen.check(organisation.version, lambda: organisation_out(organisation, clock.today()))
        change = read(OrganisationChange, wish_values(wish))
        return change_organisation(session, actor, organisation, change)

    return changed(session, act, partial(_show, session, actor))


@router.post("/{organisation_id}/merge", response_model=OrganisationOut, summary="Institution zusammenführen")
def merge(
    organisation_id: Id, session: WriteSession, actor: CurrentActor, seen: MaybeSeen, wish: MergeWish
) -> Response:
    """Let ``into`` have everything that names this institution, which was entered twice. Answers with ``into``."""

    def act() -> Organisation:
        organisation = get_organisation(session, actor, organisation_id)
        require_secretariat(actor)
        seen.check(organisation.version, lambda: organisation_out(organisation, clock.today()))
        return merge_organisations(session, actor, organisation_id, wish.into, expected=organisation.version)

    return changed(session, act, partial(_show, session, actor))


def _show(session: Session, actor: Actor, organisation: Organisation) -> OrganisationOut:
    session.expire(organisation, ["names"])
    return organisation_out(get_organisation(session, actor, ident(organisation)), clock.today())
