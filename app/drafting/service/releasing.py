"""Releasing a meeting's agenda together with the changes since the last meeting: both are frozen in one step."""

from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaRelease, DocumentKind, Edition, FrozenDocument
from app.agenda.schemas.frozen_delta import write_delta
from app.agenda.schemas.wishes import ReleaseIn
from app.agenda.service.release import freeze_document, release_agenda
from app.drafting.service.comparing import delta_values
from app.meetings.models import Meeting


def release_meeting(session: Session, actor: Actor, meeting: Meeting, wish: ReleaseIn) -> AgendaRelease:
    """Release the agenda of a locked meeting and freeze what changed since the last; errors of ``release_agenda``."""
    release = release_agenda(session, actor, meeting, wish)
    freeze_delta(session, meeting, release)
    return release


def freeze_delta(session: Session, meeting: Meeting, release: AgendaRelease) -> FrozenDocument:
    """Freeze the changes since the last meeting, as of the release's Stichtag, as a document of *release*."""
    values = delta_values(session, meeting, release.as_of, version=release.version, released_at=release.released_at)
    return freeze_document(session, release, DocumentKind.DELTA, Edition.FULL, write_delta(values))
