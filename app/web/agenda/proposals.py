"""Proposals of a meeting: draft them, accept and reject them."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Proposal, ProposalState
from app.agenda.schemas.wishes import Day, RejectIn
from app.agenda.service.items import require_draft
from app.agenda.service.proposals import accept_proposal, reject_proposal
from app.db import Database
from app.drafting.service.proposing import draft_agenda
from app.errors import Invalid, NotFound, Refused, SkipError
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.agenda.workbench import workbench_page, workbench_piece
from app.web.forms import Form, read_form, typed
from app.web.meetings.meeting_frame import address_of, lock_run
from app.web.respond import done, wants_piece

router = APIRouter()


class DraftIn(BaseModel):
    """The Stichtag of a drafting; None means today."""

    as_of: Day | None = None


@router.get("/sitzungen/{meeting_id}/vorschlaege")
def show_proposals(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The workbench."""
    return workbench_page(request, session, actor, _meeting(session, actor, meeting_id))


@router.post("/sitzungen/{meeting_id}/vorschlaege")
def draft_proposals(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Draft, or draft again: what hands did stays."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            require_draft(actor, meeting)
            made = draft_agenda(session, actor, meeting, as_of=read_form(DraftIn, values).as_of)
            address, count = address_of(meeting), len(made.proposals)
    except (Invalid, Refused) as error:
        with database.read() as session:
            form = Form(values, error.by_field)
            meeting = _meeting(session, actor, meeting_id)
            return workbench_page(request, session, actor, meeting, draft_form=form, status=error.status)
    said = "Es gibt nichts vorzuschlagen." if not count else f"Erarbeitet: {_counted(count)}."
    return done(request, f"{address}/vorschlaege", said)


@router.post("/sitzungen/{meeting_id}/vorschlaege/{proposal_id}/uebernehmen")
def accept(
    request: Request, meeting_id: int, proposal_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Make an item of a proposal."""
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
            following = _following(session, actor, meeting_id, proposal)
            accept_proposal(session, actor, meeting, proposal)
            address, title = address_of(meeting), proposal.title
    except (Invalid, Refused) as error:
        return _refused(request, database, actor, meeting_id, error)
    return _settled(request, database, actor, meeting_id, address, following, f"Übernommen: {title}")


@router.post("/sitzungen/{meeting_id}/vorschlaege/{proposal_id}/ablehnen")
def reject(
    request: Request,
    meeting_id: int,
    proposal_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Put a proposal into the topic backlog, with the reason."""
    values = typed(submitted)
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
            require_draft(actor, meeting)
            following = _following(session, actor, meeting_id, proposal)
            reject_proposal(session, actor, meeting, proposal, read_form(RejectIn, values))
            address, title = address_of(meeting), proposal.title
    except Invalid as error:
        with database.read() as session:
            meeting = _meeting(session, actor, meeting_id)
            form = Form(values, error.fields)
            if wants_piece(request):
                return workbench_piece(request, session, actor, meeting, reject_form=form, reject_id=proposal_id)
            return workbench_page(request, session, actor, meeting, status=422, reject_form=form, reject_id=proposal_id)
    except Refused as error:
        return _refused(request, database, actor, meeting_id, error)
    return _settled(request, database, actor, meeting_id, address, following, f"In den Themenspeicher gelegt: {title}")


def _meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, for those who read drafts; NotFound for everybody else."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    return meeting


def _following(session: Session, actor: Actor, meeting_id: int, proposal: Proposal) -> int | None:
    """The open proposal after this one (else the one before), where work goes on."""
    there = queries.list_proposals(session, actor, meeting_id, state=ProposalState.OPEN)
    ids = [one.id for one in there]
    if proposal.id not in ids:
        return None
    place = ids.index(proposal.id)
    return next(iter([*ids[place + 1 : place + 2], *ids[max(place - 1, 0) : place]]), None)


def _settled(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    address: str,
    following: int | None,
    said: str,
) -> Response:
    """After accepting or rejecting: the workbench again, at the next proposal."""
    place = f"vorschlag-{following}" if following else "vorschlaege"
    if wants_piece(request):
        with database.read() as session:
            meeting = _meeting(session, actor, meeting_id)
            return workbench_piece(request, session, actor, meeting, said=said, focus=place)
    return done(request, f"{address}/vorschlaege#{place}", f"{said}.")


def _refused(request: Request, database: Database, actor: Actor, meeting_id: int, error: SkipError) -> Response:
    with database.read() as session:
        meeting = _meeting(session, actor, meeting_id)
        if wants_piece(request):
            return workbench_piece(request, session, actor, meeting, proposal_error=error.sentence)
        return workbench_page(request, session, actor, meeting, proposal_error=error.sentence, status=error.status)


def _counted(count: int) -> str:
    return "ein Vorschlag" if count == 1 else f"{count} Vorschläge"
