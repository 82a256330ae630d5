"""Starting a circular procedure, and withdrawing a running one."""

import datetime as dt

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries as agenda
from app.agenda.models import TopicState
from app.agenda.service.proposals import require_unused
from app.bodies.queries import list_closing_days, load_rules
from app.circulars.models import Circular, CircularSeat, CircularState
from app.circulars.queries import answers
from app.circulars.queries import circulars as queries
from app.circulars.rules.settings import DAYS, kept, rules_of
from app.circulars.schemas import StartIn, WithdrawIn
from app.circulars.service.establishing import ESTABLISH_JOB
from app.circulars.service.preparing import require_state
from app.circulars.service.recording import note, require_run, seen, touch
from app.db import ident
from app.decisions.models import Decision
from app.decisions.queries import clauses_of, projects_of
from app.errors import Invalid, Refused
from app.jobs.service import enqueue
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.rules.deadlines import deadline, is_working_day

NO_MEETING = 0
"""No id of any meeting: asked of all of them."""


def usual_end(session: Session, body_id: int) -> dt.date:
    """The last day for answers if the procedure started today: the body's days, moved to a working day."""
    days = tuple(list_closing_days(session, body_id))
    return deadline(clock.today(), load_rules(session, body_id)[DAYS], closing_days=days)


def start_circular(session: Session, actor: Actor, circular: Circular, wish: StartIn) -> Circular:
    """Ask the voting seats of today; the draft is locked by the caller.

    Refused while its text, its item or its projects stand on a coming agenda of the body, Invalid for a wrong last day.
    """
    require_run(actor, circular)
    require_state(circular, CircularState.DRAFT, "Dieses Umlaufverfahren ist schon gestartet")
    agenda.lock_coming(session, circular.body_id)
    decision = queries.resolution_of(session, circular)
    if not decision.wording and not clauses_of(session, [ident(decision)]):
        raise Refused("Es fehlt der Beschlusstext. Bitte tragen Sie ihn ein, bevor Sie das Umlaufverfahren starten.")
    _require_free(session, circular, decision)
    seats = answers.voting_seats(session, circular.body_id, clock.today())
    if not seats:
        raise Refused("Das Gremium hat heute keinen stimmberechtigten Sitz; es gibt niemanden zu fragen.")
    before = seen(circular, decision)
    circular.ends_on = _last_day(session, circular, wish)
    circular.state, circular.ends_at = CircularState.RUNNING, clock.end_of_day(circular.ends_on)
    circular.started_at, circular.started_by = clock.now(), actor.name
    circular.rules = kept(rules_of(load_rules(session, circular.body_id)))
    decision.proposed_wording = decision.wording
    session.add(decision)
    session.add_all(
        CircularSeat(
            circular_id=ident(circular), seat_id=ident(seat), chair=seat.chair, protocol_order=seat.protocol_order
        )
        for seat in seats
    )
    if circular.topic_id is not None:
        _set_topic(session, circular.topic_id, TopicState.USED)
    touch(session, actor, circular)
    enqueue(
        session,
        ESTABLISH_JOB,
        {"id": ident(circular)},
        dedupe_key=f"{ESTABLISH_JOB}:{circular.id}",
        run_at=circular.ends_at,
    )
    note(session, actor, "circular.start", circular, decision, before=before, after=seen(circular, decision))
    return circular


def withdraw_circular(session: Session, actor: Actor, circular: Circular, wish: WithdrawIn) -> Circular:
    """A running procedure ends without a result, with the reason; what it took over waits again."""
    require_run(actor, circular)
    require_state(circular, CircularState.RUNNING, "Nur ein laufendes Umlaufverfahren wird zurückgezogen")
    decision = queries.resolution_of(session, circular)
    before = seen(circular, decision)
    circular.state, circular.outcome_note = CircularState.WITHDRAWN, wish.reason
    if circular.topic_id is not None:
        _set_topic(session, circular.topic_id, TopicState.OPEN)
    touch(session, actor, circular)
    note(
        session,
        actor,
        "circular.withdraw",
        circular,
        decision,
        before=before,
        after=seen(circular, decision),
        reason=wish.reason,
    )
    return circular


def _require_free(session: Session, circular: Circular, decision: Decision) -> None:
    """Only a text on no coming agenda is decided in writing (domain §5); the body's row is locked."""
    other = queries.running_of(session, item_id=circular.item_id, topic_id=circular.topic_id, but=ident(circular))
    if other is not None:
        raise Refused(f"Darüber läuft schon das Umlaufverfahren „{queries.resolution_of(session, other).title}“.")
    if circular.topic_id is not None:
        require_unused(agenda.load_topic(session, circular.topic_id))
    meeting = _meeting_of_item(session, circular)
    if meeting is not None:
        raise _stands_on("Der Punkt", meeting)
    meeting = queries.meeting_with_text(session, circular.body_id, decision.title, decision.wording)
    if meeting is not None:
        raise _stands_on("Dieser Text", meeting)
    links = projects_of(session, [ident(decision)]).get(ident(decision), [])
    projects = [link.project_id for link in links]
    meeting = agenda.find_elsewhere(session, circular.body_id, projects, NO_MEETING) if projects else None
    if meeting is not None:
        raise _stands_on("Ein Punkt zu einem dieser Projekte", meeting)


def _meeting_of_item(session: Session, circular: Circular) -> Meeting | None:
    """The meeting on whose agenda the item that was taken over stands, itself or carried on; None if nowhere."""
    if circular.item_id is None:
        return None
    meeting = queries.coming_meeting_of(session, circular.item_id)
    return meeting or agenda.find_successor(session, circular.item_id, NO_MEETING)


def _stands_on(what: str, meeting: Meeting) -> Refused:
    return Refused(
        f"{what} steht auf der Tagesordnung der {life.label_with_date(meeting)}. "
        "Im Umlauf wird nur entschieden, was auf keiner kommenden Tagesordnung steht."
    )


def _last_day(session: Session, circular: Circular, wish: StartIn) -> dt.date:
    if wish.ends_on is None:
        return usual_end(session, circular.body_id)
    closing = tuple(list_closing_days(session, circular.body_id))
    if wish.ends_on <= clock.today():
        raise Invalid({"ends_on": "Der letzte Tag muss nach dem heutigen liegen."})
    if not is_working_day(wish.ends_on, closing):
        following = deadline(wish.ends_on, 1, closing_days=closing)
        raise Invalid(
            {
                "ends_on": f"Der {text.date(wish.ends_on)} ist kein Arbeitstag; "
                f"der nächste ist der {text.date(following)}."
            }
        )
    return wish.ends_on


def _set_topic(session: Session, topic_id: int, state: TopicState) -> None:
    topic = agenda.load_topic(session, topic_id)
    topic.state = state
    session.add(topic)
