"""The account behind the token."""

from fastapi import APIRouter, Response

from app.api.answers import answer, shown
from app.api.schemas.me import MeOut, StoredDataOut, me_out
from app.privacy.queries.people import own_subject
from app.privacy.queries.personal import everything_about
from app.request import CurrentActor, ReadSession

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
