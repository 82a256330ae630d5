"""Who is in the chair from–to: one at a time; taking over ends the chair of the one before."""

import datetime as dt

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.attendance import queries
from app.attendance.models import Chairing
from app.attendance.rules import times
from app.attendance.rules.reading import reads_room
from app.attendance.schemas import ChairIn
from app.attendance.service.traces import note, require_opened
from app.db import ident
from app.errors import Invalid, NotFound, Refused
from app.history.service import snapshot
from app.meetings.models import Meeting, MeetingState

FIELDS = ("from_at", "until_at")


def take_chair(session: Session, actor: Actor, meeting: Meeting, wish: ChairIn) -> Chairing:
    """Somebody who is there leads from now on, or from ``at``; the chair of the one before ends then.

    Invalid if the person is not there at that time; Refused if they lead already, or somebody took over later.
    """
    require_opened(actor, meeting)
    rows = queries.list_presences(session, ident(meeting))
    begun = queries.list_chairings(session, ident(meeting))
    usual = times.coming(meeting, clock.now()) if begun else times.opening(meeting, clock.now())
    at = times.checked(meeting, wish.at or usual, clock.now(), "at")
    here = [one for one in rows if one.person_id == wish.person and queries.is_there(one, at, None)]
    if not here and wish.at is None:
        here = [one for one in rows if one.person_id == wish.person and one.item_id is None and one.until_at is None]
        at = max(at, here[0].from_at) if here else at
    if not here:
        raise Invalid(
            {"person": "Die Sitzung leitet, wer zu dieser Zeit da ist. Bitte tragen Sie die Person erst ein."}
        )
    later = next((one for one in begun if one.from_at > at), None)
    if later is not None:
        raise Refused(
            f"Um {text.time(later.from_at)} Uhr hat {later.name} die Leitung übernommen. Bitte berichtigen "
            "Sie zuerst diesen Eintrag."
        )
    if begun and begun[-1].until_at is None and begun[-1].person_id == wish.person:
        raise Refused(f"{begun[-1].name} leitet die Sitzung schon.")
    last = begun[-1] if begun else None
    if last is not None and (last.until_at is None or last.until_at > at):
        _end(session, last, at)
    end = times.last_end(rows, meeting) if meeting.state is MeetingState.HELD else None
    times.checked_span(at, end, "at")
    row = Chairing(meeting_id=ident(meeting), person_id=wish.person, name=here[0].name, from_at=at, until_at=end)
    session.add(row)
    session.flush()
    before = {"chair": last.name} if last is not None else {}
    note(
        session,
        actor,
        "attendance.chair",
        meeting,
        row.name,
        before=before,
        after={"chair": row.name, "from_at": at.isoformat()},
    )
    return row


def leave_chair(session: Session, actor: Actor, meeting: Meeting, person_id: int, at: dt.datetime) -> None:
    """Who goes leads no longer; nothing happens if the person does not lead."""
    last = next((one for one in queries.list_chairings(session, ident(meeting)) if one.until_at is None), None)
    if last is None or last.person_id != person_id:
        return
    before = snapshot(last, *FIELDS)
    _end(session, last, max(at, last.from_at))
    note(session, actor, "attendance.unchair", meeting, last.name, before=before, after=snapshot(last, *FIELDS))


def remove_chairing(session: Session, actor: Actor, meeting: Meeting, chairing_id: int) -> None:
    """The entry was a mistake: who led before goes on until the end of the removed entry."""
    rows = queries.list_chairings(session, ident(meeting)) if reads_room(actor, meeting) else []
    place = next((place for place, one in enumerate(rows) if one.id == chairing_id), None)
    if place is None:
        raise NotFound()
    require_opened(actor, meeting)
    row = rows[place]
    before, until = {"chair": row.name, **snapshot(row, *FIELDS)}, row.until_at
    joined = place > 0 and rows[place - 1].until_at == row.from_at
    session.delete(row)
    session.flush()
    if joined:
        _end(session, rows[place - 1], until)
    note(session, actor, "attendance.unchair", meeting, row.name, before=before, after={})


def _end(session: Session, row: Chairing, at: dt.datetime | None) -> None:
    row.until_at = at
    session.add(row)
    session.flush()
