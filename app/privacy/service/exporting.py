"""Giving somebody what is stored about them: by the administration, with a note of it in the history."""

from sqlmodel import Session

from app.actor import Actor
from app.errors import NotFound
from app.history.models import Reach
from app.history.service import record
from app.privacy.queries.people import Subject


def note_export(session: Session, actor: Actor, subject: Subject) -> None:
    """Remember that the administration took out what is stored about *subject*."""
    if not actor.is_admin:
        raise NotFound()
    thing = subject.person or subject.accounts[0]
    record(session, actor, "privacy.export", thing, label=subject.name, reach=Reach.ACCOUNT)
