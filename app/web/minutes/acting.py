"""Acts on one item of the live minutes, which show the item again with what they say or what does not hold."""

from collections.abc import Callable, Mapping

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.db import Database
from app.errors import Invalid, Refused, Stale
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.minutes.service.notes import require_keeper
from app.web.meetings.meeting_frame import address_of
from app.web.minutes.screen import point_page, require_screen
from app.web.respond import done

Act = Callable[[Session, Meeting, AgendaItem], str]


def act_on_point(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    item_id: int,
    act: Act,
    values: Mapping[str, str],
    *,
    part: str,
    anchor: str = "",
) -> Response:
    """Do *act* with an item of the locked meeting and show it again; what does not hold stands at the form *part*."""
    try:
        with database.write() as session:
            meeting = lock_meeting(session, actor, meeting_id)
            item = get_item(session, actor, meeting_id, item_id)
            require_keeper(actor, meeting)
            said, address = act(session, meeting, item), address_of(meeting)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            meeting = get_meeting(session, actor, meeting_id)
            require_screen(actor, meeting)
            return point_page(request, session, actor, meeting, item_id, values, error, part=part)
    return done(request, f"{address}/protokoll/{item_id}{anchor}", said)
