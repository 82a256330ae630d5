"""The supplement (Nachtrag) of a released agenda: what waits for it, what happened since, withdraw and discard."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem
from app.agenda.schemas.wishes import WithdrawIn
from app.agenda.service import supplements
from app.agenda.service.proposals import accept_proposal
from app.agenda.service.values import default_as_of
from app.db import Database, ident
from app.documents.changes import entries_of
from app.drafting.service.proposing import beyond_draft
from app.errors import Invalid, NotFound, Refused, SkipError
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.meetings.rules.life import Act
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.agenda.workbench import SUPPLEMENT, agenda_panel, grouped, proposal_views, section_choices
from app.web.forms import Form, read_form, typed
from app.web.meetings.meeting_frame import act_on_meeting, address_of, meeting_page
from app.web.respond import done

router = APIRouter()


@router.get("/sitzungen/{meeting_id}/nachtrag")
def show_supplement(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The next working copy of a released agenda; where nothing can be added the meeting's page is shown instead."""
    meeting = get_meeting(session, actor, meeting_id)
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    if not life.can(Act.SUPPLEMENT, meeting):
        return done(request, address_of(meeting))
    return supplement_page(request, session, actor, meeting)


def supplement_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    form: Form | None = None,
    error: str = "",
    said: str = "",
    status: int = 200,
) -> Response:
    """What changes, the working copy, and what happened since the release. *said* stands above all, as an error."""
    pending = supplements.pending_changes(session, actor, meeting)
    if pending is None:
        raise Refused("Für diese Sitzung gibt es keinen Nachtrag.")
    as_of = default_as_of(session, meeting, clock.today())
    later, _ = beyond_draft(session, meeting, as_of)
    proposals = [one for one in proposal_views(session, actor, meeting, as_of) if one.state == "open"]
    panel = agenda_panel(session, actor, meeting, form=form, error=error, view=SUPPLEMENT)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "agenda/supplement.html",
        title="Nachtrag",
        status=status,
        **{**panel, "agenda": pending.working},
        said=said,
        current=pending.released.version,
        as_of=as_of,
        entries=entries_of(pending.changes),
        change_count=len(pending.changes),
        discardable=pending.discardable,
        later=later,
        groups=grouped(proposals, section_choices(session, meeting)),
        proposal_count=len(proposals),
    )


@router.post("/sitzungen/{meeting_id}/nachtrag/verwerfen")
def discard(request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Back to what was released last."""

    def act(session: Session, meeting: Meeting) -> str:
        supplements.discard_changes(session, actor, meeting)
        return "Die Änderungen sind verworfen. Neue Punkte stehen wieder unter den Vorschlägen oder im Themenspeicher."

    return _do(request, database, actor, meeting_id, act)


@router.post("/sitzungen/{meeting_id}/nachtrag/vorschlaege/{proposal_id}")
def accept(
    request: Request, meeting_id: int, proposal_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """A proposal that came after the release becomes an item of the supplement."""

    def act(session: Session, meeting: Meeting) -> str:
        proposal = queries.get_proposal(session, actor, meeting_id, proposal_id)
        life.require(Act.SUPPLEMENT, meeting)
        accept_proposal(session, actor, meeting, proposal)
        return f"In den Nachtrag übernommen: {proposal.title}."

    def see(session: Session) -> object:
        return queries.get_proposal(session, actor, meeting_id, proposal_id)

    return _do(request, database, actor, meeting_id, act, see)


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/absetzen")
def withdraw(
    request: Request,
    meeting_id: int,
    item_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
    submitted: Submitted,
) -> Response:
    """A released item is withdrawn with the next supplement."""
    values = typed(submitted)

    def act(session: Session, meeting: Meeting) -> str:
        item = _item(session, actor, meeting, item_id)
        wish = read_form(WithdrawIn, {"reason": values.get("reason", "")})
        supplements.withdraw_item(session, actor, meeting, item, wish)
        return f"TOP {item.number} ist im Nachtrag abgesetzt."

    def see(session: Session) -> object:
        return queries.get_item(session, actor, meeting_id, item_id)

    return _do(request, database, actor, meeting_id, act, see)


@router.post("/sitzungen/{meeting_id}/tagesordnung/{item_id}/aufnehmen")
def reinstate(
    request: Request, meeting_id: int, item_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """A withdrawn item is taken up again."""

    def act(session: Session, meeting: Meeting) -> str:
        item = supplements.reinstate_item(session, actor, meeting, _item(session, actor, meeting, item_id))
        return f"TOP {item.number} ist wieder aufgenommen."

    def see(session: Session) -> object:
        return queries.get_item(session, actor, meeting_id, item_id)

    return _do(request, database, actor, meeting_id, act, see)


def _do(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    act: Callable[[Session, Meeting], str],
    see: Callable[[Session], object] | None = None,
) -> Response:
    """Do *act* with the locked meeting; what does not hold is said above the supplement."""

    def again(session: Session, error: Invalid | Refused) -> Response:
        meeting = get_meeting(session, actor, meeting_id)
        if not life.can(Act.SUPPLEMENT, meeting):
            raise error
        return supplement_page(request, session, actor, meeting, said=sentence_of(error), status=error.status)

    return act_on_meeting(request, database, actor, meeting_id, act, again, tab="nachtrag", see=see)


def sentence_of(error: SkipError) -> str:
    """What an error says in one sentence, whatever field it is about."""
    return " ".join(error.by_field.values())


def _item(session: Session, actor: Actor, meeting: Meeting, item_id: int) -> AgendaItem:
    return queries.get_item(session, actor, ident(meeting), item_id)
