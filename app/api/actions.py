"""Action items (Aufträge): list, one, give, change, report progress."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actions.models import Action, ActionState
from app.actions.queries import ActionSort, lines_of, list_actions, list_steps, lock_action
from app.actions.rules.rights import require_run
from app.actions.schemas import ActionChange, ActionFilter, ActionIn, ActionLine, ProgressIn, Timing
from app.actions.service.changing import change_action
from app.actions.service.giving import give_action
from app.actions.service.reporting import report_progress
from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.actions import ActionGiven, ActionOut, action_outs
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen, MustHaveSeen
from app.bodies.queries import get_body
from app.db import ident
from app.errors import NotFound
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(prefix="/actions", tags=["Aufträge"])


class ActionQuery(ListQuery):
    """Filters of the list."""

    q: str = Field(default="", max_length=200, description="Wörter aus Nummer, Auftrag oder Einzelheiten")
    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    organisation: RowId | None = Field(default=None, description="Kennung der zuständigen Institution")
    project: RowId | None = Field(default=None, description="Kennung eines Projekts")
    state: ActionState | None = None
    timing: Timing | None = Field(default=None, description="überfällig, laufend oder vorbei")
    mine: bool = Field(default=False, description="nur eigene und die der eigenen Institution")


@router.get("", response_model=Listing[ActionOut], summary="Aufträge")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ActionQuery, Query()]
) -> Response:
    """The actions you may read, in the order of their numbers."""
    walk = Walk(request, query)
    wish = ActionFilter(
        q=query.q,
        mine=query.mine,
        timing=query.timing,
        state=query.state,
        body_id=query.body,
        organisation_id=query.organisation,
        project_id=query.project,
    )
    after = walk.after[0] if walk.after else None
    page = list_actions(session, actor, wish, sort=ActionSort.NUMBER, after=after, limit=walk.limit)
    return listed(_with_steps(session, page.lines), walk.sealed(page.next))


@router.get("/{action_id}", response_model=ActionOut, summary="Ein Auftrag")
def show_action(action_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One action with its dated progress."""
    return shown(_show(session, actor, action_id))


@router.post("", response_model=ActionOut, status_code=201, summary="Auftrag erteilen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ActionGiven) -> Response:
    """A new action by hand; it has its number at once. It needs an institution or a person."""

    def act() -> Action:
        body = get_body(session, actor, wish.body)
        given = ActionIn(**wish.model_dump(exclude={"body"}, exclude_unset=True))
        return give_action(session, actor, body, given)

    return once.created(session, act, partial(_show_row, session, actor))


@router.patch("/{action_id}", response_model=ActionOut, summary="Auftrag ändern")
def update(
    action_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: ActionChange
) -> Response:
    """Change the given fields; state and date change by progress."""

    def act() -> Action:
        action = lock_action(session, actor, action_id)
        require_run(actor, action.body_id)
        seen.check(action.version, lambda: _show(session, actor, action_id))
        return change_action(session, actor, action, wish)

    return changed(session, act, partial(_show_row, session, actor))


@router.post("/{action_id}/progress", response_model=ActionOut, summary="Stand melden")
def report(
    action_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: ProgressIn
) -> Response:
    """Add a dated step: progress, another state (done and dropped need a word), another date with its reason."""

    def act() -> Action:
        action = lock_action(session, actor, action_id)
        seen.check(action.version, lambda: _show(session, actor, action_id))
        return report_progress(session, actor, action, wish)

    return once.done(session, act, partial(_show_row, session, actor))


def _show_row(session: Session, actor: Actor, action: Action) -> ActionOut:
    return _show(session, actor, ident(action))


def _show(session: Session, actor: Actor, action_id: int) -> ActionOut:
    lines = lines_of(session, actor, [action_id])
    if not lines:
        raise NotFound()
    return _with_steps(session, lines)[0]


def _with_steps(session: Session, lines: Sequence[ActionLine]) -> list[ActionOut]:
    return action_outs(lines, list_steps(session, [one.id for one in lines]))
