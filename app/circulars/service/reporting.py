"""A meeting that closes has told its body of the resolutions on its agenda."""

from sqlmodel import Session

from app.actor import Actor
from app.agenda.queries import list_items
from app.circulars.queries.carrying import unreported_in
from app.db import ident
from app.meetings.models import Meeting


def report_resolutions(session: Session, actor: Actor, meeting: Meeting) -> None:
    """The resolutions on the agenda of a meeting that closes (locked by the caller) are carried no further."""
    items = [ident(item) for item in list_items(session, actor, ident(meeting)) if not item.withdrawn]
    for circular in unreported_in(session, items):
        circular.reported_in_id = ident(meeting)
        session.add(circular)
