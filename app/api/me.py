"""The account behind the token."""

from fastapi import APIRouter, Response

from app.api.answers import shown
from app.api.schemas.me import MeOut, me_out
from app.request import CurrentActor

router = APIRouter(prefix="/me", tags=["Konto"])


@router.get("", response_model=MeOut, summary="Das eigene Konto")
def show_me(actor: CurrentActor) -> Response:
    """Name, roles and seats of the account that asks."""
    return shown(me_out(actor))
