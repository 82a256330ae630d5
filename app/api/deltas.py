"""What changed since the last meeting: the same values as on the page, with every sum."""

from fastapi import APIRouter, Response

from app.api.answers import shown
from app.api.schemas.deltas import DeltaOut, delta_out
from app.api.schemas.thing import Id
from app.drafting.service.comparing import choose_delta
from app.errors import NotFound
from app.meetings.queries import get_meeting
from app.request import CurrentActor, ReadSession

router = APIRouter(prefix="/meetings/{meeting_id}/delta", tags=["Sitzungen"])


@router.get("", response_model=DeltaOut, summary="Veränderungen seit der letzten Sitzung")
def show_delta(meeting_id: Id, session: ReadSession, actor: CurrentActor, version: int | None = None) -> Response:
    """As frozen with the release (default: the last one), before it as of today for those who read drafts."""
    found = choose_delta(session, actor, get_meeting(session, actor, meeting_id), version=version)
    if found is None:
        raise NotFound()
    return shown(delta_out(found.values, found.digest))
