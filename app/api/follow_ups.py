"""The follow-up of a decision (Beschlusskontrolle): its entries, one of them, a new one."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.follow_ups import FollowUpOut, follow_up_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen
from app.db import ident
from app.decisions import queries
from app.decisions.models import FollowUp
from app.decisions.queries.following import follow_ups_of, last_follow_up
from app.decisions.schemas import FollowUpIn
from app.decisions.service.following import add_follow_up, current_state
from app.errors import NotFound, Stale
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/decisions/{decision_id}/follow-ups", tags=["Beschlüsse"])


@router.get("", response_model=Listing[FollowUpOut], summary="Beschlusskontrolle")
def list_them(
    request: Request,
    decision_id: Id,
    session: ReadSession,
    actor: CurrentActor,
    query: Annotated[ListQuery, Query()],
) -> Response:
    """The entries of a decision, oldest first; none for who reads only what was published."""
    walk = Walk(request, query)
    page, following = walk.cut(_entries(session, actor, decision_id), lambda one: (ident(one),))
    return listed([follow_up_out(one) for one in page], following)


@router.get("/{follow_up_id}", response_model=FollowUpOut, summary="Ein Eintrag")
def show_one(decision_id: Id, follow_up_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One entry."""
    found = next((one for one in _entries(session, actor, decision_id) if one.id == follow_up_id), None)
    if found is None:
        raise NotFound()
    return shown(follow_up_out(found))


@router.post("", response_model=FollowUpOut, status_code=201, summary="Eintrag machen")
def create(
    decision_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: FollowUpIn
) -> Response:
    """A new entry; the decision takes over state and date. If-Match names the seen version of the decision."""

    def act() -> FollowUp:
        decision = queries.lock_decision(session, actor, decision_id)
        if seen.given and decision.version not in seen.versions:
            raise Stale(current_state(decision, last_follow_up(session, decision_id)))
        return add_follow_up(session, actor, decision, wish)

    return once.created(session, act, follow_up_out)


def _entries(session: Session, actor: Actor, decision_id: int) -> Sequence[FollowUp]:
    decision = queries.get_decision(session, actor, decision_id)
    if not queries.reads_whole(session, actor, decision):
        return []
    return follow_ups_of(session, [decision_id]).get(decision_id, [])
