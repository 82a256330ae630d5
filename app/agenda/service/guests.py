"""Guests of one item: invited by the secretariat, they read it from the release to the meeting's end."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import Session, col

from app.actor import Actor
from app.agenda.models import AgendaItem, AgendaItemGuest, Level
from app.agenda.service.items import require_draft
from app.db import ident
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting


def invite_guests(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, person_ids: Collection[int]
) -> None:
    """Let exactly these persons be the guests of an item; the meeting is locked by the caller."""
    require_draft(actor, meeting)
    wanted = sorted(set(person_ids))
    session.execute(delete(AgendaItemGuest).where(col(AgendaItemGuest.item_id) == ident(item)))
    session.add_all(AgendaItemGuest(item_id=ident(item), person_id=person_id) for person_id in wanted)
    session.flush()
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        "item.guests",
        item,
        after={"guests": wanted},
        label=f"{life.label_with_date(meeting)}: {item.title}",
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL if item.level is Level.CONFIDENTIAL else Reach.DRAFT,
    )
