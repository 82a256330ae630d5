"""When a meeting is closed, everybody leaves: open presences and the chair end with it."""

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.attendance import queries
from app.attendance.rules import times
from app.attendance.service.traces import note
from app.db import ident
from app.meetings.models import Meeting


def end_attendance(session: Session, actor: Actor, meeting: Meeting) -> None:
    """End what is open: now, or at the planned end where the meeting is entered afterwards or closed days later."""
    end = times.closing(meeting, clock.now())
    chairs = [row for row in queries.list_chairings(session, ident(meeting)) if row.until_at is None]
    people = [row for row in queries.list_presences(session, ident(meeting)) if row.until_at is None]
    for chair in chairs:
        chair.until_at = max(end, chair.from_at)
    for person in people:
        person.until_at = max(end, person.from_at)
    session.add_all((*chairs, *people))
    session.flush()
    if people:
        present = text.counted(len(people), "Person", "Personen")
        note(session, actor, "attendance.end", meeting, f"{present} bis {text.time(end)} Uhr")
