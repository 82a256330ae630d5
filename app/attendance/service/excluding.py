"""Exclusion from an item (Befangenheit, model of §§ 20, 21 VwVfG): who takes no part, and why."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.queries.items import get_item
from app.attendance import queries
from app.attendance.models import Exclusion
from app.attendance.schemas import ExcludeIn
from app.attendance.service.traces import note, require_keeper
from app.db import ident
from app.errors import Invalid, NotFound, Refused
from app.meetings.models import Meeting, MeetingState

POSSIBLE = (MeetingState.RELEASED, MeetingState.IN_SESSION, MeetingState.HELD)


def exclude(session: Session, actor: Actor, meeting: Meeting, wish: ExcludeIn) -> Exclusion:
    """A person takes no part in an item. Refused if they are excluded already, or while there is no agenda."""
    _require_agenda(actor, meeting)
    item = get_item(session, actor, ident(meeting), wish.item)
    if item.withdrawn:
        raise Refused("Dieser Punkt ist abgesetzt.")
    name = queries.people_of_meeting(session, meeting).get(wish.person)
    if name is None:
        raise Invalid({"person": "Ausgeschlossen wird, wer einen Sitz hat oder vertritt, oder wer da ist."})
    if wish.person in queries.excluded_from(session, ident(item)):
        raise Refused(f"{name} nimmt an diesem Punkt schon nicht teil.")
    row = Exclusion(
        item_id=ident(item),
        person_id=wish.person,
        reason=wish.reason,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    session.add(row)
    session.flush()
    note(session, actor, "attendance.exclude", meeting, name, reason=wish.reason, item=item)
    return row


def admit(session: Session, actor: Actor, meeting: Meeting, item_id: int, person_id: int) -> None:
    """The exclusion was wrong, or the reason is gone."""
    item = get_item(session, actor, ident(meeting), item_id)
    row = queries.find_exclusion(session, ident(item), person_id)
    if row is None:
        raise NotFound()
    _require_agenda(actor, meeting)
    name = queries.people_of_meeting(session, meeting).get(person_id, "")
    note(session, actor, "attendance.admit", meeting, name, reason=row.reason, item=item)
    session.delete(row)
    session.flush()


def _require_agenda(actor: Actor, meeting: Meeting) -> None:
    require_keeper(actor, meeting)
    if meeting.state not in POSSIBLE:
        raise Refused("Von einem Punkt ausgeschlossen wird erst, wenn die Tagesordnung freigegeben ist.")
