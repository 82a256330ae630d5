"""Joining proposals, parting items, moving them: the acts of the workbench that touch several things at once."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem
from app.agenda.schemas.wishes import JoinIn, OtherMeetingIn, ProposalChange
from app.agenda.service.items import require_draft
from app.agenda.service.joining import join_proposals, part_item
from app.agenda.service.moving import move_item_to
from app.agenda.service.proposals import edit_proposal
from app.api.agenda_items import lock_item, show_item_of
from app.api.answers import answer, changed
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody, lock_seen
from app.api.proposals import show_all
from app.api.schemas.agenda_items import AgendaItemOut
from app.api.schemas.proposals import PartedOut, ProposalOut
from app.api.schemas.thing import Id
from app.api.versions import MaybeSeen, MustHaveSeen
from app.db import ident
from app.meetings.queries import get_meeting, lock_meeting
from app.request import CurrentActor, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}", tags=["Vorschläge"])


@router.post("/proposals/join", response_model=AgendaItemOut, status_code=201, summary="Zusammenlegen")
def join(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: JoinIn
) -> Response:
    """Make one item of several open proposals; absent fields are put together from theirs."""
    return once.created(
        session,
        lambda: join_proposals(session, actor, lock_seen(session, actor, meeting_id, seen), wish),
        partial(show_item_of, session, actor),
    )


@router.patch("/proposals/{proposal_id}", response_model=ProposalOut, summary="Vorschlag bearbeiten")
def edit(
    meeting_id: Id,
    proposal_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    seen: MustHaveSeen,
    wish: ProposalChange,
) -> Response:
    """Change an open proposal before it is accepted. If-Match is the proposal's version."""

    def act() -> ProposalOut:
        meeting = lock_meeting(session, actor, meeting_id)
        proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
        require_draft(actor, meeting)
        seen.check(proposal.version, lambda: show_all(session, meeting, [proposal])[0])
        edit_proposal(session, actor, meeting, proposal, wish, base_version=proposal.version)
        session.flush()
        return show_all(session, meeting, [proposal])[0]

    return changed(session, act, lambda made: made)


@router.post("/agenda-items/{item_id}/part", response_model=PartedOut, summary="Trennen", tags=["Tagesordnung"])
def part(
    meeting_id: Id,
    item_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    _: NoBody,
) -> Response:
    """Part an item into the proposals that it was joined from, or into one item for each project."""

    def act() -> Response:
        parted = part_item(session, actor, *lock_item(session, actor, meeting_id, item_id, seen))
        session.flush()
        return answer(
            PartedOut(
                proposals=[ident(one) for one in parted.proposals], agenda_items=[ident(one) for one in parted.items]
            )
        )

    return once.answered(session, act)


@router.post(
    "/agenda-items/{item_id}/move-to", response_model=AgendaItemOut, summary="Andere Sitzung", tags=["Tagesordnung"]
)
def move_to(
    meeting_id: Id,
    item_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: Annotated[OtherMeetingIn, Body()],
) -> Response:
    """Move an item that was not released to another coming meeting of the body."""

    def act() -> AgendaItem:
        return _move(session, actor, meeting_id, item_id, seen, wish)

    return once.done(session, act, partial(show_item_of, session, actor))


def _move(
    session: Session, actor: Actor, meeting_id: int, item_id: int, seen: MaybeSeen, wish: OtherMeetingIn
) -> AgendaItem:
    """Both meetings are locked, the one with the lower id first."""
    if wish.meeting < meeting_id:
        get_meeting(session, actor, meeting_id)
        target = lock_meeting(session, actor, wish.meeting)
        meeting, item = lock_item(session, actor, meeting_id, item_id, seen)
    else:
        meeting, item = lock_item(session, actor, meeting_id, item_id, seen)
        target = lock_meeting(session, actor, wish.meeting)
    return move_item_to(session, actor, meeting, item, target)
