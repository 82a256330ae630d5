"""Decisions: the register with its filters, one, changing it, void numbers, replacing, taking over old ones."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import Outcome
from app.agenda.queries import get_item
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.decisions import DecisionOut, decision_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision, FollowUpState
from app.decisions.queries import DecisionFilter
from app.decisions.schemas import DecisionChange, DecisionIn, ReplaceIn, TakenOverIn, VoidIn
from app.decisions.service.acting import change_decision, locked_decision
from app.decisions.service.numbering import void_number
from app.decisions.service.registering import may_register, replace_decision, require_register, take_over_decision
from app.decisions.service.writing import write_decision
from app.meetings.queries import lock_meeting
from app.projects.queries.projects import readable_codes
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(tags=["Beschlüsse"])


class DecisionQuery(ListQuery):
    """Filters of the register; ``q`` finds parts of words in number, title, wording and clauses."""

    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    year: int | None = Field(default=None, ge=1900, le=2199, description="Jahr des Beschlusses")
    state: FollowUpState | None = Field(default=None, description="Stand der Beschlusskontrolle")
    outcome: Outcome | None = None
    project: RowId | None = Field(default=None, description="Kennung eines Projekts")
    field: RowId | None = Field(default=None, description="Kennung eines Handlungsfelds")
    q: str = Field(default="", max_length=200, description="Suche")


@router.get("/decisions", response_model=Listing[DecisionOut], summary="Beschlussregister")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[DecisionQuery, Query()]
) -> Response:
    """Numbered decisions that you may read, latest first."""
    walk = Walk(request, query)
    wanted = DecisionFilter(
        body_id=query.body,
        year=query.year,
        state=query.state,
        outcome=query.outcome,
        project_id=query.project,
        field_id=query.field,
        search=query.q,
    )
    before = None if walk.after is None else (dt.date.fromisoformat(walk.after[0]), walk.after[1], walk.after[2])
    rows = queries.list_decisions(session, actor, wanted, before=before, limit=walk.limit + 1)
    page, following = walk.take(rows, _mark)
    return listed(show_all(session, actor, page), following)


@router.get("/decisions/{decision_id}", response_model=DecisionOut, summary="Ein Beschluss")
def show_one(decision_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One decision; provisional ones for those who read drafts."""
    return shown(show_decision(session, actor, queries.get_decision(session, actor, decision_id)))


@router.post("/decisions", response_model=DecisionOut, status_code=201, summary="Früheren Beschluss übernehmen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: TakenOverIn) -> Response:
    """An old decision with its old number, outside the series."""
    return once.created(session, lambda: take_over_decision(session, actor, wish), _show(session, actor))


@router.patch("/decisions/{decision_id}", response_model=DecisionOut, summary="Beschluss ändern")
def update(
    decision_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: DecisionChange
) -> Response:
    """Change the given fields: of an item's decision until the minutes are approved, of a taken-over one ever."""

    def act() -> Decision:
        decision = _lock(session, actor, decision_id, seen)
        return change_decision(session, actor, decision, wish, base_version=decision.version)

    return changed(session, act, _show(session, actor))


@router.post("/decisions/{decision_id}/void", response_model=DecisionOut, summary="Nummer nicht vergeben")
def void(
    decision_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: VoidIn
) -> Response:
    """The number stands for nothing; it stays taken."""
    return once.done(
        session,
        lambda: void_number(session, actor, _lock(session, actor, decision_id, seen), wish),
        _show(session, actor),
    )


@router.post("/decisions/{decision_id}/replace", response_model=DecisionOut, summary="Ersetzten Beschluss angeben")
def replace(
    decision_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: ReplaceIn
) -> Response:
    """Say which earlier decision this one replaces; null takes that back."""
    return once.done(
        session,
        lambda: replace_decision(session, actor, _lock(session, actor, decision_id, seen), wish),
        _show(session, actor),
    )


@router.post(
    "/meetings/{meeting_id}/agenda-items/{item_id}/decision",
    response_model=DecisionOut,
    status_code=201,
    summary="Beschluss festhalten",
)
def create_at_item(
    meeting_id: Id, item_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: DecisionIn
) -> Response:
    """The provisional decision of an item; 412 where it has one already: change that."""

    def act() -> Decision:
        meeting = lock_meeting(session, actor, meeting_id)
        item = get_item(session, actor, meeting_id, item_id)
        return write_decision(session, actor, meeting, item, wish, base_version=0)

    return once.created(session, act, _show(session, actor))


def show_decision(session: Session, actor: Actor, row: Decision) -> DecisionOut:
    """A readable decision as programs read it."""
    return show_all(session, actor, [row])[0]


def show_all(session: Session, actor: Actor, rows: Sequence[Decision]) -> list[DecisionOut]:
    """Readable decisions as programs read them; five queries, whatever their number."""
    ids = [ident(row) for row in rows]
    clauses, links = queries.clauses_of(session, ids), queries.projects_of(session, ids)
    whole = queries.ids_read_whole(session, actor, ids)
    codes = readable_codes(session, actor, {link.project_id for there in links.values() for link in there})
    earlier = queries.readable_numbers(session, actor, [row.replaces_id for row in rows if row.replaces_id])
    return [
        decision_out(
            row,
            clauses.get(ident(row), ()),
            links.get(ident(row), ()),
            whole=ident(row) in whole,
            told=not row.void_reason or may_register(actor, row.body_id),
            projects=codes,
            replaces=row.replaces_id if row.replaces_id in earlier else None,
        )
        for row in rows
    ]


def _show(session: Session, actor: Actor) -> Callable[[Decision], DecisionOut]:
    return partial(show_decision, session, actor)


def _mark(row: Decision) -> tuple[str, int, int]:
    day, serial, key = queries.place_of(row)
    return day.isoformat(), serial, key


def _lock(session: Session, actor: Actor, decision_id: int, seen: Seen) -> Decision:
    decision = locked_decision(session, actor, decision_id)
    require_register(actor, decision)
    seen.check(decision.version, lambda: show_decision(session, actor, decision))
    return decision
