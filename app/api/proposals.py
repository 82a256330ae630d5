"""Proposals of a meeting: list, one, draft, accept, reject."""

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Proposal, ProposalState
from app.agenda.schemas.wishes import RejectIn
from app.agenda.service.proposals import accept_proposal, reject_proposal
from app.api.answers import answer, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody, lock_seen
from app.api.paging import ListQuery, Walk
from app.api.queries import codes_of
from app.api.schemas.proposals import BudgetOut, DraftIn, DraftOut, ProposalOut, proposal_outs
from app.api.schemas.thing import PREFIX, Id, Listing
from app.api.versions import MaybeSeen, Seen
from app.bodies.queries import list_sections
from app.db import ident
from app.drafting.service.proposing import draft_agenda
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/proposals", tags=["Vorschläge"])


class ProposalQuery(ListQuery):
    """Filter of the list of proposals; vanished ones come only when asked for."""

    state: ProposalState | None = None


@router.get("", response_model=Listing[ProposalOut], summary="Vorschläge")
def list_them(
    meeting_id: Id,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    query: Annotated[ProposalQuery, Query()],
) -> Response:
    """The proposals in the order of the agenda, with their reasons; for secretariat and chair."""
    walk = Walk(request, query)
    meeting = _readable(session, actor, meeting_id)
    found = _listed(session, actor, meeting, query.state)
    page, following = walk.cut(found, lambda one: (one.position, ident(one)))
    return listed(show_all(session, meeting, page), following)


@router.get("/{proposal_id}", response_model=ProposalOut, summary="Ein Vorschlag")
def show_proposal(meeting_id: Id, proposal_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One proposal with its reasons."""
    meeting = _readable(session, actor, meeting_id)
    return shown(show_all(session, meeting, [queries.get_proposal(session, actor, meeting_id, proposal_id)])[0])


@router.post("", response_model=DraftOut, status_code=201, summary="Vorschläge entwerfen")
def draft(
    meeting_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: Annotated[DraftIn, Body(default_factory=DraftIn)],
) -> Response:
    """Draft, or draft again, from project status as of a day. Accepted and edited proposals are never touched."""

    def act() -> Response:
        made = draft_proposals(session, actor, lock_seen(session, actor, meeting_id, seen), wish)
        return answer(made, 201, {"Location": f"{PREFIX}/meetings/{meeting_id}/proposals"})

    return once.answered(session, act)


@router.post("/{proposal_id}/accept", response_model=ProposalOut, summary="Übernehmen")
def accept(
    meeting_id: Id,
    proposal_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    _: NoBody,
) -> Response:
    """Make an item of an open proposal; ``item`` of the answer is its id."""

    def act() -> tuple[Meeting, Proposal]:
        meeting, proposal = _lock(session, actor, meeting_id, proposal_id, seen)
        accept_proposal(session, actor, meeting, proposal)
        return meeting, proposal

    return once.done(session, act, partial(_show, session))


@router.post("/{proposal_id}/reject", response_model=ProposalOut, summary="Ablehnen")
def reject(
    meeting_id: Id,
    proposal_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: RejectIn,
) -> Response:
    """Put an open proposal into the topic backlog, with a reason and perhaps a day to come back."""

    def act() -> tuple[Meeting, Proposal]:
        meeting, proposal = _lock(session, actor, meeting_id, proposal_id, seen)
        reject_proposal(session, actor, meeting, proposal, wish)
        return meeting, proposal

    return once.done(session, act, partial(_show, session))


def draft_proposals(session: Session, actor: Actor, meeting: Meeting, wish: DraftIn) -> DraftOut:
    """Draft for a locked meeting and tell the result as programs read it, here and on the command line."""
    made = draft_agenda(session, actor, meeting, as_of=wish.as_of)
    session.flush()
    return DraftOut(
        items=show_all(session, meeting, _listed(session, actor, meeting, None)),
        as_of=made.as_of,
        budget=BudgetOut(**dataclasses.asdict(made.budget)),
    )


def show_all(session: Session, meeting: Meeting, proposals: Sequence[Proposal]) -> list[ProposalOut]:
    """Readable proposals of a meeting as programs read them; three queries, whatever their number."""
    links = queries.projects_of_proposals(session, [ident(one) for one in proposals])
    return proposal_outs(
        proposals,
        links=links,
        codes=codes_of(session, {link.project_id for there in links.values() for link in there}),
        sections={one.key: one.title for one in list_sections(session, meeting.body_id)},
    )


def _listed(session: Session, actor: Actor, meeting: Meeting, state: ProposalState | None) -> list[Proposal]:
    found = queries.list_proposals(session, actor, ident(meeting), state=state)
    return [one for one in found if state is not None or one.state is not ProposalState.VANISHED]


def _readable(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """A meeting whose drafts the actor reads; NotFound for everybody else, as if there were no proposals."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    return meeting


def _lock(session: Session, actor: Actor, meeting_id: int, proposal_id: int, seen: Seen) -> tuple[Meeting, Proposal]:
    meeting = lock_seen(session, actor, meeting_id, seen)
    return meeting, queries.get_proposal(session, actor, meeting_id, proposal_id)


def _show(session: Session, found: tuple[Meeting, Proposal]) -> ProposalOut:
    return show_all(session, found[0], [found[1]])[0]
