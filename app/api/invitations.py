"""Invitations by mail: preview and what was sent, sending what was previewed, and the answers that came."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer, created, listed
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.invitations import (
    InvitationIn,
    InvitationOut,
    InvitationsOut,
    ReplyOut,
    invitation_out,
    preview_out,
    reply_out,
)
from app.api.schemas.thing import Id, Listing
from app.db import ident
from app.errors import Forbidden, Stale
from app.invitations import queries
from app.invitations.models import InvitationDispatch
from app.invitations.schemas import SendIn
from app.invitations.service.planning import plan_dispatch, plan_or_reason
from app.invitations.service.sending import dispatch_mails, prepare_mails
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, CurrentSettings, CurrentStorage, ReadSession

router = APIRouter(prefix="/meetings/{meeting_id}", tags=["Einladungen"])


@router.get("/invitations", response_model=InvitationsOut, summary="Vorschau und Versand")
def list_them(
    meeting_id: Id,
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    settings: CurrentSettings,
    query: Annotated[ListQuery, Query()],
) -> Response:
    """What was sent, latest first, and with *preview* what would be sent now; for secretariat and (what was sent)
    chair.
    """
    walk = Walk(request, query)
    meeting = queries.get_inviting_meeting(session, actor, meeting_id)
    page, following = walk.cut(queries.list_dispatches(session, meeting_id), lambda one: (-one.serial,))
    recipients = queries.list_recipients(session, [ident(one) for one in page])
    plan, why = plan_or_reason(session, actor, meeting, settings)
    return answer(
        InvitationsOut(
            items=[invitation_out(one, recipients, addresses=life.may_run(actor, meeting)) for one in page],
            next=following,
            preview=preview_out(plan) if plan else None,
            why=why,
        )
    )


@router.post("/invitations", response_model=InvitationOut, status_code=201, summary="Einladung versenden")
def send(
    meeting_id: Id,
    database: CurrentDatabase,
    storage: CurrentStorage,
    settings: CurrentSettings,
    actor: CurrentActor,
    once: SentOnce,
    wish: InvitationIn,
) -> Response:
    """Send what the preview with this *fingerprint* showed to *recipients*. 412 where something changed since, or it
    was sent to others already: ``current`` is the preview as it is now. Who asks twice finds what was sent.
    """
    confirmed = SendIn(preview=wish.fingerprint, recipients=wish.recipients, note=wish.note)
    with database.read() as session:
        if not life.may_run(actor, queries.get_inviting_meeting(session, actor, meeting_id)):
            raise Forbidden()
    prepared = prepare_mails(database, storage, settings, actor, meeting_id, confirmed)
    with database.write() as session:

        def act() -> InvitationDispatch:
            try:
                return dispatch_mails(session, settings, actor, meeting_id, confirmed, prepared)
            except Stale as stale:
                plan = plan_dispatch(session, actor, get_meeting(session, actor, meeting_id), settings)
                raise Stale(preview_out(plan).model_dump(mode="json"), stale.sentence) from stale

        def show(dispatch: InvitationDispatch) -> InvitationOut:
            return invitation_out(dispatch, queries.list_recipients(session, [ident(dispatch)]), addresses=True)

        return once.answered(session, lambda: created(show(act())))


@router.get("/replies", response_model=Listing[ReplyOut], summary="Antworten auf Einladungen")
def list_replies(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The answers that came by personal link and by mail, latest first, each with what was done with it."""
    walk = Walk(request, query)
    meeting = queries.get_inviting_meeting(session, actor, meeting_id)
    page, following = walk.cut(queries.list_replies(session, meeting_id), lambda one: (-ident(one[0]),))
    return listed([reply_out(meeting, reply, name) for reply, name in page], following)
