"""Letters of invitation: who gets one and how it stands, marking them as sent, and taking a wrong mark back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import LetterRevocation
from app.agenda.schemas.wishes import DispatchIn, RevokeIn
from app.agenda.service.dispatches import revoke_dispatch
from app.api.answers import answer, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import check_seen
from app.api.paging import ListQuery, Walk
from app.api.schemas.letters import DispatchOut, LetterOut, dispatch_out, letter_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen, Seen
from app.db import ident
from app.documents.letter_sending import send_letters, standings
from app.documents.letter_values import letter_values, require_letters
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/letters", tags=["Schreiben"])


@router.get("", response_model=Listing[LetterOut], summary="Schreiben")
def list_them(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """Everybody who gets a letter, members in order of protocol, then guests; for secretariat and chair."""
    walk = Walk(request, query)
    meeting = _readable(session, actor, meeting_id)
    values = letter_values(session, actor, meeting)
    placed = enumerate(standings(values, queries.list_dispatches(session, meeting_id)))
    page, following = walk.cut(placed, lambda one: (one[0], one[1].letter.person_id))
    return listed([letter_out(meeting, values.version, one) for _, one in page], following)


@router.get("/dispatches", response_model=Listing[DispatchOut], summary="Versandvermerke")
def list_dispatches(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """Every mark, latest first, with those that were taken back and those of persons who get no letter any more."""
    walk = Walk(request, query)
    _readable(session, actor, meeting_id)
    page, following = walk.cut(queries.list_dispatches(session, meeting_id), lambda one: (-ident(one[0]),))
    return listed([dispatch_out(*one) for one in page], following)


@router.get("/dispatches/{dispatch_id}", response_model=DispatchOut, summary="Ein Versandvermerk")
def show_dispatch(meeting_id: Id, dispatch_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One mark."""
    _readable(session, actor, meeting_id)
    dispatch = queries.get_dispatch(session, meeting_id, dispatch_id)
    return shown(dispatch_out(dispatch, queries.find_revocation(session, dispatch_id)))


@router.post(
    "/dispatches", response_model=Listing[DispatchOut], status_code=201, summary="Schreiben als versandt vermerken"
)
def send(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: DispatchIn
) -> Response:
    """Mark today's letters to *persons* as sent and freeze what they say; answers with the new marks. If-Match is the
    meeting's version.
    """

    def act() -> Response:
        rows = send_letters(session, actor, meeting, wish)
        return answer(Listing[DispatchOut](items=[dispatch_out(one, None) for one in rows]), 201)

    meeting = _lock(session, actor, meeting_id, seen)
    return once.answered(session, act)


@router.post("/dispatches/{dispatch_id}/revoke", response_model=DispatchOut, summary="Versandvermerk zurücknehmen")
def revoke(
    meeting_id: Id,
    dispatch_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: RevokeIn,
) -> Response:
    """Take a wrong mark back, with a reason; what was frozen stays."""

    def act() -> LetterRevocation:
        return revoke_dispatch(session, actor, meeting, dispatch, wish)

    meeting = _lock(session, actor, meeting_id, seen)
    dispatch = queries.get_dispatch(session, meeting_id, dispatch_id)
    return once.done(session, act, lambda revocation: dispatch_out(dispatch, revocation))


def _readable(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    meeting = get_meeting(session, actor, meeting_id)
    require_letters(actor, meeting)
    return meeting


def _lock(session: Session, actor: Actor, meeting_id: int, seen: Seen) -> Meeting:
    """The meeting locked for writing; that letters exist is not told by a stale version either."""
    meeting = lock_meeting(session, actor, meeting_id)
    require_letters(actor, meeting)
    check_seen(session, actor, meeting, seen)
    return meeting
