"""Outcomes of items and closing a meeting; the meeting is locked by the caller."""

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Level, Outcome
from app.agenda.rules.outcomes import COMES_BACK, WORDS, is_settled, needs_outcome
from app.agenda.schemas.wishes import OutcomeIn
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.models import Reach
from app.history.service import record, snapshot
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.meetings.rules.life import Act
from app.meetings.service import touch_meeting
from app.projects.service.needs import answer_needs

OUTCOME_FIELDS = ("outcome", "outcome_note", "resume_on")


def set_outcome(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    wish: OutcomeIn,
    *,
    base_version: int | None = None,
) -> AgendaItem:
    """Say what became of an item while the meeting is in session. Invalid where receiver or condition is missing.

    With *base_version*, Stale if somebody changed the item meanwhile. A date for going on is kept only where the
    matter comes back.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    if meeting.state is not MeetingState.IN_SESSION:
        raise Refused("Ergebnisse werden festgehalten, während die Sitzung läuft.")
    if item.withdrawn:
        raise Refused("Dieser Punkt ist abgesetzt.")
    if base_version is not None and item.version != base_version:
        raise Stale(snapshot(item, "id", "version", *OUTCOME_FIELDS, "changed_by"))
    _require_details(wish, life.day_of(meeting))
    before = snapshot(item, *OUTCOME_FIELDS)
    item.outcome, item.outcome_note = wish.outcome, wish.note
    item.resume_on = wish.resume_on if wish.outcome in COMES_BACK else None
    item.changed_at, item.changed_by = clock.now(), actor.name
    session.add(item)
    touch_meeting(session, meeting)
    _record_outcome(session, actor, meeting, item, before)
    return item


def settle_items(session: Session, actor: Actor, meeting: Meeting) -> Sequence[AgendaItem]:
    """The items of a meeting about to be closed, each with its outcome: notes and reports are noted.

    Refused while an item that needs an outcome has none.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    life.require(Act.CLOSE, meeting)
    items = queries.list_items(session, actor, ident(meeting))
    missing = [item for item in items if needs_outcome(item) and item.outcome is None]
    if missing:
        missing.sort(key=lambda item: text.number_key(item.number))
        tops = text.joined([f"TOP {item.number}" for item in missing])
        raise Refused(f"Die Sitzung kann noch nicht geschlossen werden: {tops} ohne Ergebnis.")
    for item in items:
        if item.outcome is None and not item.withdrawn:
            item.outcome = Outcome.NOTED
            session.add(item)
    return items


def close_agenda(session: Session, actor: Actor, meeting: Meeting) -> Meeting:
    """The meeting was held. Refused as :func:`settle_items` says.

    A settled item closes the decision needs of its projects that it answers, where no decision has done so.
    """
    items = settle_items(session, actor, meeting)
    _close_needs(session, actor, meeting, items)
    before = snapshot(meeting, "state")
    meeting.state = life.next_state(Act.CLOSE, meeting)
    meeting.calendar_changed_at = clock.now()
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        "meeting.close",
        meeting,
        before=before,
        after=snapshot(meeting, "state"),
        label=life.label_with_date(meeting),
        body_id=meeting.body_id,
    )
    return meeting


def _require_details(wish: OutcomeIn, day: dt.date) -> None:
    if wish.outcome is Outcome.REFERRED and not wish.note:
        raise Invalid({"note": "Bitte geben Sie an, an wen überwiesen wird."})
    if wish.outcome is Outcome.DEFERRED and not wish.note and wish.resume_on is None:
        raise Invalid({"resume_on": "Bitte geben Sie an, bis wann oder unter welcher Bedingung zurückgestellt wird."})
    if wish.outcome in COMES_BACK and wish.resume_on is not None and wish.resume_on <= day:
        raise Invalid({"resume_on": "Die Wiedervorlage muss nach dem Tag der Sitzung liegen."})


def _close_needs(session: Session, actor: Actor, meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    settled = [item for item in items if is_settled(item)]
    links = queries.projects_of_items(session, [ident(item) for item in settled])
    answered = {link.project_id: item for item in settled for link in links.get(ident(item), ()) if link.answers_need}
    answers = {
        project_id: f"{life.label_with_date(meeting)}, TOP {item.number}: {WORDS[item.outcome] if item.outcome else ''}"
        for project_id, item in answered.items()
    }
    answer_needs(session, actor, answers, on=life.day_of(meeting))


def _record_outcome(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, before: dict[str, object]
) -> None:
    record(
        session,
        actor,
        "item.outcome",
        item,
        before=before,
        after=snapshot(item, *OUTCOME_FIELDS),
        label=f"{life.label_with_date(meeting)}: {item.title}",
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL if item.level is Level.CONFIDENTIAL else Reach.INTERNAL,
    )
