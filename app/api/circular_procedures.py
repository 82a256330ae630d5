"""Circular procedures: list, one, prepare, change, start, answer, withdraw, establish the result."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody
from app.api.paging import ListQuery, Walk
from app.api.queries import codes_of
from app.api.schemas.circular_procedures import CircularOut, circular_out, seat_answer, tally_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.circulars.models import Circular, CircularState
from app.circulars.queries import circulars as queries
from app.circulars.queries.answers import ballots_of, roles_of, seats_asked
from app.circulars.rules.counting import counting, tally
from app.circulars.rules.rights import sees_tally
from app.circulars.schemas import BallotIn, CircularChange, CircularIn, StartIn, WithdrawIn
from app.circulars.service.answering import cast_ballot
from app.circulars.service.establishing import establish_result
from app.circulars.service.preparing import change_circular, prepare_circular
from app.circulars.service.recording import require_run
from app.circulars.service.starting import start_circular, withdraw_circular
from app.db import ident
from app.decisions.models import Decision
from app.decisions.queries import clauses_of, projects_of
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId
from app.visibility import Matter, reads

router = APIRouter(prefix="/circular-procedures", tags=["Umlaufverfahren"])


class CircularQuery(ListQuery):
    """Filters of the list."""

    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    state: CircularState | None = None


@router.get("", response_model=Listing[CircularOut], summary="Umlaufverfahren")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[CircularQuery, Query()]
) -> Response:
    """The procedures that you read, oldest first; drafts are for secretariat and chair."""
    walk = Walk(request, query)
    states = () if query.state is None else (query.state,)
    rows = queries.list_circulars(session, actor, body_id=query.body, states=states)
    page, following = walk.cut(rows, lambda row: (ident(row[0]),))
    return listed(show_all(session, actor, page), following)


@router.get("/{circular_id}", response_model=CircularOut, summary="Ein Umlaufverfahren")
def show_one(circular_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One procedure; before the end who answered what is for secretariat and chair."""
    return shown(_show(session, actor, queries.get_circular(session, actor, circular_id)))


@router.post("", response_model=CircularOut, status_code=201, summary="Umlaufverfahren vorbereiten")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: CircularIn) -> Response:
    """A draft; absent fields come from the ``item`` or the entry of the backlog (``topic``) that it takes over."""
    return once.created(session, lambda: prepare_circular(session, actor, wish), partial(_show, session, actor))


@router.patch("/{circular_id}", response_model=CircularOut, summary="Entwurf ändern")
def update(
    circular_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: CircularChange
) -> Response:
    """Change the given fields of a draft."""

    def act() -> Circular:
        circular = _lock(session, actor, circular_id, seen)
        return change_circular(session, actor, circular, wish, base_version=circular.version)

    return changed(session, act, partial(_show, session, actor))


@router.post("/{circular_id}/start", response_model=CircularOut, summary="Starten")
def start(
    circular_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: StartIn
) -> Response:
    """Ask the voting seats of today; without ``ends_on`` as many days as the body's rule says."""
    act = partial(start_circular, session, actor)
    return _done(session, actor, once, seen, circular_id, lambda circular: act(circular, wish))


@router.post("/{circular_id}/ballots", response_model=CircularOut, summary="Antworten")
def answer(
    circular_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: BallotIn
) -> Response:
    """Answer for a seat; until the end the last answer counts. The secretariat answers on behalf with a ``reason``."""

    def act() -> Circular:
        circular = queries.lock_circular(session, actor, circular_id)
        seen.check(circular.version, lambda: _show(session, actor, circular))
        cast_ballot(session, actor, circular, wish)
        return circular

    return once.done(session, act, partial(_show, session, actor))


@router.post("/{circular_id}/withdraw", response_model=CircularOut, summary="Zurückziehen")
def withdraw(
    circular_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: WithdrawIn
) -> Response:
    """End a running procedure without a result."""
    act = partial(withdraw_circular, session, actor)
    return _done(session, actor, once, seen, circular_id, lambda circular: act(circular, wish))


@router.post("/{circular_id}/establish", response_model=CircularOut, summary="Ergebnis feststellen")
def establish(
    circular_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """Count the answers after the end, or once all seats have answered; what was adopted gets its number."""
    return _done(session, actor, once, seen, circular_id, partial(establish_result, session, actor))


def _done(
    session: Session,
    actor: Actor,
    once: SentOnce,
    seen: Seen,
    circular_id: int,
    act: Callable[[Circular], Circular],
) -> Response:
    return once.done(session, lambda: act(_lock(session, actor, circular_id, seen)), partial(_show, session, actor))


def _lock(session: Session, actor: Actor, circular_id: int, seen: Seen) -> Circular:
    circular = queries.lock_circular(session, actor, circular_id)
    require_run(actor, circular)
    seen.check(circular.version, lambda: _show(session, actor, circular))
    return circular


def _show(session: Session, actor: Actor, circular: Circular) -> CircularOut:
    return show_all(session, actor, [(circular, queries.resolution_of(session, circular))])[0]


def show_all(session: Session, actor: Actor, rows: Sequence[tuple[Circular, Decision]]) -> list[CircularOut]:
    """Readable procedures as programs read them; six queries, whatever their number."""
    ids, texts = [ident(circular) for circular, _ in rows], [ident(decision) for _, decision in rows]
    clauses, links = clauses_of(session, texts), projects_of(session, texts)
    codes = codes_of(session, {link.project_id for there in links.values() for link in there})
    seats, ballots, roles = seats_asked(session, ids), ballots_of(session, ids), roles_of(session, actor)
    found = []
    for circular, decision in rows:
        asked = seats.get(ident(circular), [])
        given = counting(ballots.get(ident(circular), []), circular.ends_at) if circular.ends_at else {}
        sees = circular.ends_at is not None and sees_tally(actor, circular)
        found.append(
            circular_out(
                circular,
                decision,
                clauses=clauses.get(ident(decision), []),
                projects=[(link, codes[link.project_id]) for link in links.get(ident(decision), [])],
                tally=tally_out(tally(asked, given)) if sees else None,
                answers=[seat_answer(seat, given.get(seat.seat_id)) for seat in asked] if sees else None,
                own_answers=[seat_answer(seat, given.get(seat.seat_id)) for seat in asked if seat.seat_id in roles],
                drafts=reads(actor, Matter.DRAFT, circular.body_id),
            )
        )
    return found
