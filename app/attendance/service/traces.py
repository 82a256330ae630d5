"""Who may write attendance and when, and how it enters the history of the meeting."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaItem, Level
from app.errors import Forbidden, Refused
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life

S = MeetingState


def require_keeper(actor: Actor, meeting: Meeting) -> None:
    """Who is there is recorded by the secretariat, until the minutes of the meeting are approved."""
    if not life.may_run(actor, meeting):
        raise Forbidden("Die Anwesenheit führt die Geschäftsstelle.")
    life.require_unsealed(meeting)


def require_opened(actor: Actor, meeting: Meeting) -> None:
    """The same, once the meeting was opened."""
    require_keeper(actor, meeting)
    if meeting.state not in (S.IN_SESSION, S.HELD):
        raise Refused("Wer da ist, wird festgehalten, sobald die Sitzung eröffnet ist.")


def note(
    session: Session,
    actor: Actor,
    verb: str,
    meeting: Meeting,
    whom: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    item: AgendaItem | None = None,
    secret: bool = False,
) -> None:
    """Enter a change in the meeting's history; what is about a confidential item is for those who read these.

    *secret*: for those who read drafts, as what seats announced.
    """
    reach = Reach.DRAFT if secret else Reach.INTERNAL
    where = f", {item_words(item)}" if item is not None else ""
    record(
        session,
        actor,
        verb,
        meeting,
        before=before,
        after=after,
        label=f"{life.label_with_date(meeting)}: {whom}{where}",
        reason=reason,
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL if item is not None and item.level is Level.CONFIDENTIAL else reach,
    )


def item_words(item: AgendaItem) -> str:
    """TOP 3.2, or the title before numbers are fixed"""
    return f"TOP {item.number}" if item.number else f"„{item.title}“"
