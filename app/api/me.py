"""The account behind the token: who it is, what is stored about it, what it was told of and how it wants to be told."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer, changed, listed, shown
from app.api.paging import ListQuery, Walk
from app.api.schemas.me import (
    MeOut,
    NoticeChoicesIn,
    NoticeChoicesOut,
    NoticeOut,
    StoredDataOut,
    me_out,
    notice_choices_out,
    notice_out,
)
from app.api.schemas.thing import Listing
from app.notices.queries import recent_page
from app.notices.service.choosing import choose_ways, list_choices
from app.privacy.queries.people import own_subject
from app.privacy.queries.personal import everything_about
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/me", tags=["Konto"])


@router.get("", response_model=MeOut, summary="Das eigene Konto")
def show_me(actor: CurrentActor) -> Response:
    """Name, roles and seats of the account that asks."""
    return shown(me_out(actor))


@router.get(
    "/data", response_model=StoredDataOut, summary="Alles, was über das eigene Konto und seine Person gespeichert ist"
)
def show_data(session: ReadSession, actor: CurrentActor) -> Response:
    """Part by part, each value with its German name and in words; `left_out` says what is not here, and why."""
    return answer(everything_about(session, own_subject(session, actor)))


@router.get("/notices", response_model=Listing[NoticeOut], summary="Eigene Mitteilungen")
def list_notices(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """What the account was told of, newest first, with today's rights: what is over, or hidden now, is left out."""
    walk = Walk(request, query)
    before = int(walk.after[0]) if walk.after else None
    found, following = recent_page(session, actor, before_id=before, limit=walk.limit)
    return listed([notice_out(one) for one in found], walk.sealed(str(following) if following else None))


@router.get("/notice-choices", response_model=NoticeChoicesOut, summary="Wie mitgeteilt wird")
def show_choices(session: ReadSession, actor: CurrentActor) -> Response:
    """Every kind of notice: at once, collected once a day, or not by mail."""
    return shown(notice_choices_out(actor, list_choices(session, actor)))


@router.patch("/notice-choices", response_model=NoticeChoicesOut, summary="Mitteilungen wählen")
def change_choices(session: WriteSession, actor: CurrentActor, wish: NoticeChoicesIn) -> Response:
    """Choose the way of some kinds; a kind that belongs to one's duties is never switched off (422)."""
    return changed(
        session,
        lambda: choose_ways(session, actor, wish.ways),
        lambda _: notice_choices_out(actor, list_choices(session, actor)),
    )
