"""Releasing a meeting's agenda, with what drafting knows frozen beside it."""

from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaRelease
from app.agenda.schemas.wishes import ReleaseIn
from app.agenda.service.release import release_agenda
from app.meetings.models import Meeting


def release_meeting(session: Session, actor: Actor, meeting: Meeting, wish: ReleaseIn) -> AgendaRelease:
    """Release the agenda of a locked meeting; errors as in ``release_agenda``."""
    return release_agenda(session, actor, meeting, wish)
