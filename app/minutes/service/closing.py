"""Closing a meeting with everything that follows from its results."""

from sqlmodel import Session

from app.actions.service.giving import number_actions
from app.actions.service.reporting import note_reported
from app.actor import Actor
from app.agenda.service.closing import close_agenda, settle_items
from app.attendance.service.ending import end_attendance
from app.circulars.service.reporting import report_resolutions
from app.decisions.service.following import carry_closed
from app.decisions.service.numbering import number_decisions
from app.meetings.models import Meeting
from app.minutes.service.opening import open_minutes


def close_meeting(session: Session, actor: Actor, meeting: Meeting) -> Meeting:
    """The meeting was held, its decisions and actions get their numbers; the meeting is locked by the caller.

    Refused as :func:`settle_items` and :func:`number_decisions` say.
    """
    settle_items(session, actor, meeting)
    carry_closed(session, actor, meeting)
    note_reported(session, actor, meeting)
    report_resolutions(session, actor, meeting)
    number_decisions(session, actor, meeting)
    number_actions(session, actor, meeting)
    closed = close_agenda(session, actor, meeting)
    open_minutes(session, actor, closed)
    end_attendance(session, actor, meeting)
    return closed
