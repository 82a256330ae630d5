"""Who reads what of attendance (domain §6): interna of the body; the whole room is for secretariat and chair."""

from app.actor import Actor
from app.errors import NotFound
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.visibility import Matter, reads


def require_reader(actor: Actor, meeting: Meeting) -> None:
    """Attendance is the body's interna: for everybody else there is nothing here (NotFound)."""
    if not reads(actor, Matter.INTERNAL, meeting.body_id):
        raise NotFound()


def reads_room(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor reads what every seat announced, and who is there while the meeting runs."""
    return life.reads_draft(actor, meeting)


def reads_attended(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor reads who was there: everybody of the body once the meeting is over."""
    held = meeting.state is MeetingState.HELD and reads(actor, Matter.INTERNAL, meeting.body_id)
    return held or reads_room(actor, meeting)
