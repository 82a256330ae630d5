"""Objections to minutes in review, and their answers; every function expects the meeting locked."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import list_items
from app.agenda.queries.registrations import seat_words
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.models import Reach
from app.history.service import snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life as meetings
from app.minutes import queries
from app.minutes.models import Minutes, MinutesState, Objection, ObjectionState
from app.minutes.rules import life
from app.minutes.schemas.wishes import AnswerIn, ObjectionIn
from app.minutes.service.life import record_minutes
from app.visibility import Level, Matter, reads

ANSWERED = ("state", "answer", "answered_by")


def raise_objection(session: Session, actor: Actor, meeting: Meeting, wish: ObjectionIn) -> Objection:
    """Object to the minutes, to one item or the whole, until 24:00 Berlin time of the period's last day.

    Members, deputies and offices do it for their seat. The secretariat enters what came to it on paper, and only it
    takes one that comes later (verspätet). Refused for others after the period, by comparing times.
    """
    run = meetings.may_run(actor, meeting)
    if not run and not life.may_object(actor, meeting.body_id):
        raise Forbidden()
    meetings.require_unsealed(meeting)
    minutes = queries.get_minutes(session, actor, ident(meeting))
    if minutes.state is not MinutesState.REVIEW:
        raise Refused("Einwendungen sind möglich, sobald die Niederschrift zur Prüfung versandt ist.")
    late = life.period_is_over(minutes, clock.now())
    if late and not run:
        raise Refused(
            "Die Einwendungsfrist ist abgelaufen; Ihre Einwendung wurde nicht aufgenommen. "
            "Wenden Sie sich an die Geschäftsstelle: Sie kann sie als verspätet eintragen."
        )
    item = _item(session, actor, meeting, wish)
    seat = next((one for one in actor.seats if one.body_id == meeting.body_id), None)
    if run and not wish.by:
        raise Invalid({"by": "Bitte geben Sie an, von wem die Einwendung kommt."})
    objection = Objection(
        minutes_id=ident(minutes),
        item_id=ident(item) if item is not None else None,
        seat_id=seat.seat_id if seat is not None and not run else None,
        person_id=actor.person_id if not run else None,
        by=wish.by if run else _by(session, actor, meeting),
        text=wish.text,
        late=late,
        raised_at=clock.now(),
    )
    session.add(objection)
    session.flush()
    record_minutes(
        session,
        actor,
        "minutes.object",
        meeting,
        objection,
        after={"by": objection.by, "objection": objection.text, "late": late},
        reach=_reach(item),
    )
    return objection


def answer_objection(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    objection: Objection,
    wish: AnswerIn,
    *,
    base_version: int | None = None,
) -> Objection:
    """Answer an objection: taken over, partly, or not; the last two say why. Stale with another *base_version*."""
    if not meetings.may_run(actor, meeting):
        raise Forbidden()
    meetings.require_unsealed(meeting)
    if base_version is not None and base_version != objection.version:
        raise Stale({"id": objection.id, "version": objection.version, **snapshot(objection, *ANSWERED)})
    if wish.state is ObjectionState.OPEN:
        raise Invalid({"state": "Bitte wählen Sie, was aus der Einwendung wird."})
    if wish.state is not ObjectionState.ACCEPTED and not wish.answer:
        raise Invalid({"answer": "Bitte begründen Sie, warum die Einwendung nicht ganz übernommen wird."})
    before = snapshot(objection, *ANSWERED)
    objection.state, objection.answer = wish.state, wish.answer
    objection.answered_at, objection.answered_by = clock.now(), actor.name
    session.add(objection)
    item = next((one for one in list_items(session, actor, ident(meeting)) if one.id == objection.item_id), None)
    after = snapshot(objection, *ANSWERED)
    record_minutes(session, actor, "minutes.answer", meeting, objection, before=before, after=after, reach=_reach(item))
    return objection


def shown_objections(session: Session, actor: Actor, meeting: Meeting, minutes: Minutes) -> list[Objection]:
    """The objections that the actor may read: those of the body's readers, to confidential items only where they
    read those.
    """
    if not reads(actor, Matter.INTERNAL, meeting.body_id):
        return []
    found = queries.list_objections(session, ident(minutes))
    if reads(actor, Matter.CONFIDENTIAL, meeting.body_id):
        return list(found)
    levels = queries.levels_of_meeting(session, ident(meeting))
    return [one for one in found if one.item_id is None or levels.get(one.item_id) is not Level.CONFIDENTIAL]


def _item(session: Session, actor: Actor, meeting: Meeting, wish: ObjectionIn) -> AgendaItem | None:
    if wish.item is None:
        return None
    item = next((one for one in queries.items_of_minutes(session, ident(meeting)) if one.id == wish.item), None)
    hidden = item is not None and item.level is Level.CONFIDENTIAL
    if item is None or (hidden and not reads(actor, Matter.CONFIDENTIAL, meeting.body_id)):
        raise Invalid({"item": "Bitte wählen Sie einen Punkt dieser Sitzung."})
    return item


def _by(session: Session, actor: Actor, meeting: Meeting) -> str:
    """Dr. Ada Muster für IHK Berlin"""
    seat = next(one for one in actor.seats if one.body_id == meeting.body_id)
    words = seat_words(session, meeting.body_id, seat.seat_id, clock.today()) or ""
    return f"{actor.name} für {words}" if words else actor.name


def _reach(item: AgendaItem | None) -> Reach:
    return Reach.CONFIDENTIAL if item is not None and item.level is Level.CONFIDENTIAL else Reach.INTERNAL
