"""The second invitation after a meeting that was not quorate (domain §5, model of § 90 Abs. 3 VwVfG)."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.attendance import queries
from app.attendance.models import SecondInvitation
from app.attendance.rules.settings import QUORUM, QuorumModel
from app.attendance.schemas import RepeatIn
from app.attendance.service.traces import note, require_keeper
from app.bodies.queries import load_rules
from app.db import ident
from app.errors import Invalid, Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import load_meeting
from app.meetings.rules import life


def repeat_meeting(session: Session, actor: Actor, meeting: Meeting, wish: RepeatIn) -> SecondInvitation:
    """The meeting repeats a held one of the same body that was not quorate, until it is opened.

    Refused where the body has no rule of quorum; Invalid for a meeting that cannot be the first one.
    """
    _require_early(actor, meeting)
    if load_rules(session, meeting.body_id)[QUORUM] == QuorumModel.NONE:
        raise Refused("Das Gremium hat keine Regel zur Beschlussfähigkeit; eine zweite Einladung ändert nichts.")
    first = load_meeting(session, wish.first_meeting)
    fits = first is not None and first.body_id == meeting.body_id and first.state is MeetingState.HELD
    if first is None or not fits or first.starts_at >= meeting.starts_at:
        raise Invalid({"first_meeting": "Bitte wählen Sie eine frühere, gehaltene Sitzung dieses Gremiums."})
    row = queries.find_second_invitation(session, ident(meeting))
    before = _told(session, row)
    row = row or SecondInvitation(
        meeting_id=ident(meeting), first_meeting_id=wish.first_meeting, recorded_at=clock.now()
    )
    row.first_meeting_id, row.says_so = wish.first_meeting, wish.says_so
    row.recorded_at, row.recorded_by = clock.now(), actor.name
    session.add(row)
    session.flush()
    note(session, actor, "attendance.repeat", meeting, "zweite Einladung", before=before, after=_told(session, row))
    return row


def unrepeat_meeting(session: Session, actor: Actor, meeting: Meeting) -> None:
    """The meeting is an ordinary one after all."""
    _require_early(actor, meeting)
    row = queries.find_second_invitation(session, ident(meeting))
    if row is None:
        raise Refused("Diese Sitzung ist keine Wiederholung einer anderen.")
    note(session, actor, "attendance.repeat", meeting, "keine zweite Einladung", before=_told(session, row), after={})
    session.delete(row)
    session.flush()


def may_repeat(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor may say now that the meeting repeats another."""
    return life.may_run(actor, meeting) and (meeting.state in life.PREPARING or meeting.state is MeetingState.RELEASED)


def _require_early(actor: Actor, meeting: Meeting) -> None:
    require_keeper(actor, meeting)
    if not may_repeat(actor, meeting):
        raise Refused("Ob eine Sitzung eine andere wiederholt, steht fest, sobald sie eröffnet ist.")


def _told(session: Session, row: SecondInvitation | None) -> dict[str, object]:
    if row is None:
        return {}
    first = load_meeting(session, row.first_meeting_id)
    return {"repeats": life.label_with_date(first) if first is not None else "", "says_so": row.says_so}
