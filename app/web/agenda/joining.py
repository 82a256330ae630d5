"""Editing, joining and parting: an open proposal before it is accepted, several as one item, an item apart again."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Proposal, ProposalState
from app.agenda.queries.registrations import registrations_of_items
from app.agenda.rules.joining import suggest
from app.agenda.schemas.wishes import JoinIn, OtherMeetingIn, ProposalChange
from app.agenda.service.items import require_draft
from app.agenda.service.joining import chosen_proposals, join_proposals, part_item
from app.agenda.service.moving import move_item_to
from app.agenda.service.proposals import EDITABLE, edit_proposal
from app.agenda.service.texts import proposal_desk
from app.agenda.service.traces import LONG_TEXTS
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, list_meetings, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.agenda.workbench import panel_address, workbench_page
from app.web.forms import Form, read_form, typed, typed_number
from app.web.meetings.meeting_frame import address_of, lock_run, meeting_page, rights_of
from app.web.respond import done
from app.web.texts import differing_texts, writing
from app.web.topics.topic_forms import choices

router = APIRouter()

TEXTS = {"title": "Titel", "presenter": "Berichterstattung", **LONG_TEXTS}
CLEARABLE = ("title", "minutes", "presenter", "occasion", "proposed_decision")


@router.get("/sitzungen/{meeting_id}/vorschlaege/zusammenlegen")
def show_joining(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    vorschlag: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The form of the item that the chosen proposals become, with what is put together from theirs."""
    meeting = _running(session, actor, meeting_id)
    try:
        require_draft(actor, meeting)
        chosen = chosen_proposals(session, actor, meeting, [typed_number(one) for one in vorschlag or ()])
    except (Invalid, Refused) as error:
        return workbench_page(request, session, actor, meeting, proposal_error=_sentence(error), status=error.status)
    begun = suggest(chosen)
    values = {name: getattr(begun, name) for name in EDITABLE}
    return _joining_page(request, session, actor, meeting, chosen, Form(values))


@router.post("/sitzungen/{meeting_id}/vorschlaege/zusammenlegen")
def join(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Make one item of the chosen proposals."""
    values = typed(submitted)
    ids = [typed_number(one) for one in submitted.getlist("vorschlag") if isinstance(one, str)]
    fields = {name: value for name, value in values.items() if name != "vorschlag"}
    try:
        with database.write() as session:
            meeting = lock_run(session, actor, meeting_id)
            require_draft(actor, meeting)
            wish = read_form(JoinIn, {**fields, "proposals": ids}, keep_empty=CLEARABLE)
            item = join_proposals(session, actor, meeting, wish)
            session.flush()
            address, title, item_id = address_of(meeting), item.title, ident(item)
    except (Invalid, Refused) as error:
        with database.read() as session:
            meeting = _running(session, actor, meeting_id)
            try:
                chosen = chosen_proposals(session, actor, meeting, ids)
            except (Invalid, Refused) as other:
                return workbench_page(
                    request, session, actor, meeting, proposal_error=_sentence(other), status=other.status
                )
            form = Form(fields, error.by_field)
            return _joining_page(request, session, actor, meeting, chosen, form, status=error.status)
    return done(request, f"{address}/vorschlaege#top-{item_id}", f"Zusammengelegt: {title}.")


@router.get("/sitzungen/{meeting_id}/vorschlaege/{proposal_id}")
def show_proposal_form(
    request: Request, meeting_id: int, proposal_id: int, session: ReadSession, actor: CurrentActor
) -> Response:
    """The form of one open proposal."""
    meeting = get_meeting(session, actor, meeting_id)
    proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
    return _proposal_page(request, session, actor, meeting, proposal)


@router.post("/sitzungen/{meeting_id}/vorschlaege/{proposal_id}")
def save_proposal(
    request: Request,
    meeting_id: int,
    proposal_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Save what hands made of a proposal; drafting again leaves it so."""
    values = typed(submitted)
    version = typed_number(values.pop("version", ""))
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
            require_draft(actor, meeting)
            wish = read_form(ProposalChange, values, keep_empty=CLEARABLE)
            edit_proposal(session, actor, meeting, proposal, wish, base_version=version)
            address = address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
            return _proposal_page(request, session, actor, meeting, proposal, values, error)
    return done(request, f"{address}/vorschlaege#vorschlag-{proposal_id}", "Der Vorschlag ist gespeichert.")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/trennen")
def part(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Part an item: into its proposals, or into one item for each project."""
    view = typed(submitted).get("ansicht", "")
    with database.write() as session:
        meeting = lock_meeting(session, actor, meeting_id)
        item = queries.get_item(session, actor, meeting_id, item_id)
        parted = part_item(session, actor, meeting, item)
        address, count = address_of(meeting), len(parted.proposals) or len(parted.items)
        open_again = bool(parted.proposals)
    if open_again:
        return done(request, f"{address}/vorschlaege#vorschlaege", f"Getrennt: {count} Vorschläge sind wieder offen.")
    return done(request, f"{panel_address(address, view)}#tagesordnung", f"Getrennt in {count} Punkte.")


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/sitzung")
def move_to_meeting(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """Move an item to another coming meeting of the body."""
    values = typed(submitted)
    values.pop("ansicht", None)
    with database.write() as session:
        queries.get_item(session, actor, meeting_id, item_id)
        get_meeting(session, actor, meeting_id)
        _require_run(actor, get_meeting(session, actor, meeting_id))
        wish = read_form(OtherMeetingIn, values)
        locked = {one: lock_meeting(session, actor, one) for one in sorted({meeting_id, wish.meeting})}
        item = queries.get_item(session, actor, meeting_id, item_id)
        move_item_to(session, actor, locked[meeting_id], item, locked[wish.meeting])
        address, label = address_of(locked[meeting_id]), life.label_with_date(locked[wish.meeting])
    return done(request, f"{address}#tagesordnung", f"Der Punkt steht jetzt auf der Tagesordnung der {label}.")


def moves_of(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    """What ``agenda/_moves.html`` shows below an item's form: how it parts, where it may go, who registered it."""
    if not life.may_run(actor, meeting) or item.number or meeting.state not in life.PREPARING:
        return {"parts": "", "joined": [], "other_meetings": [], "registered": False}
    proposals = queries.proposals_of_item(session, ident(item))
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    joined = len(proposals) > 1
    return {
        "parts": "proposals" if joined else "projects" if len(links) > 1 and not item.grouped else "",
        "joined": [one.title for one in proposals] if joined else [],
        "other_meetings": coming_meetings(session, actor, meeting.body_id, but=ident(meeting)),
        "registered": bool(registrations_of_items(session, [ident(item)])),
    }


def coming_meetings(session: Session, actor: Actor, body_id: int, *, but: int | None = None) -> list[tuple[int, str]]:
    """The meetings whose agenda the secretariat may still fill, next first, as (id, label)."""
    there = [
        one
        for one in list_meetings(session, actor, body_id=body_id)
        if one.state in life.PREPARING and not one.entered_afterwards and one.id != but and life.may_run(actor, one)
    ]
    return [(ident(one), life.label_with_date(one)) for one in reversed(there)]


def _joining_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    chosen: list[Proposal],
    form: Form,
    *,
    status: int = 200,
) -> Response:
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "proposals/join.html",
        title="Vorschläge zusammenlegen",
        status=status,
        form=form,
        chosen=chosen,
        **choices(session, meeting.body_id),
    )


def _proposal_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    proposal: Proposal,
    values: Mapping[str, str] | None = None,
    error: SkipError | None = None,
) -> Response:
    _require_run(actor, meeting)
    stale = isinstance(error, Stale)
    fields = error.by_field if error and not stale else {}
    stored = {name: getattr(proposal, name) for name in EDITABLE}
    address = f"{address_of(meeting)}/vorschlaege/{proposal.id}"
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "proposals/edit.html",
        title="Vorschlag bearbeiten",
        status=error.status if error else 200,
        form=Form(shown := {**stored, **(values or {})}, fields),
        proposal=proposal,
        stale=error.sentence if stale and error else "",
        differences=differing_texts(TEXTS, shown, stored) if stale else [],
        here=address,
        writing=writing(
            session,
            actor,
            proposal_desk(session, actor, meeting, proposal),
            address,
            may_write=proposal.state is ProposalState.OPEN and rights_of(actor, meeting).edit_agenda,
            typed=values is not None,
            error=error,
        ),
        **choices(session, meeting.body_id),
    )


def _running(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, for its secretariat; NotFound for people who read no drafts, Forbidden for those who only read."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    _require_run(actor, meeting)
    return meeting


def _require_run(actor: Actor, meeting: Meeting) -> None:
    if not life.may_run(actor, meeting):
        raise Forbidden()


def _sentence(error: SkipError) -> str:
    return " ".join(error.by_field.values())
