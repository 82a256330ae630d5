"""Vertrauliches einsehen: the accesses of the Revision with their reasons; give one, close one."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody
from app.api.paging import ListQuery, Walk
from app.api.schemas.confidential_access import ConfidentialAccessOut, access_outs
from app.api.schemas.thing import Id, Listing
from app.bodies import audit_queries, service
from app.bodies.models import AuditAccess
from app.bodies.schemas import AuditIn
from app.db import ident
from app.errors import Forbidden
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/confidential-access", tags=["Vertrauliches einsehen"])


@router.get("", response_model=Listing[ConfidentialAccessOut], summary="Einsichten in Vertrauliches")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """Own ones; for secretariat and chair those of their bodies, for the administration all. Oldest first."""
    walk = Walk(request, query)
    page, following = walk.cut(audit_queries.list_audits(session, actor), lambda one: (ident(one),))
    return listed(access_outs(page), following)


@router.get("/{access_id}", response_model=ConfidentialAccessOut, summary="Eine Einsicht")
def show_one(access_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One access with its reason."""
    return shown(_show(audit_queries.get_audit(session, actor, access_id)))


@router.post("", response_model=ConfidentialAccessOut, status_code=201, summary="Vertrauliches einsehen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: AuditIn) -> Response:
    """Read confidential matters of a body for the hours of its rule; for its Revision, with a reason."""
    if not audit_queries.concerns(actor):
        raise Forbidden()
    return once.created(session, lambda: service.open_audit(session, actor, wish), _show)


@router.post("/{access_id}/close", response_model=ConfidentialAccessOut, summary="Zugang schließen")
def close(access_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, _: NoBody) -> Response:
    """Give the own access up before its time."""
    return once.done(session, partial(_close, session, actor, access_id), _show)


def _close(session: Session, actor: Actor, access_id: int) -> AuditAccess:
    access = audit_queries.get_audit(session, actor, access_id, lock=True)
    service.close_audit(session, actor, access)
    return access


def _show(access: AuditAccess) -> ConfidentialAccessOut:
    return access_outs([access])[0]
