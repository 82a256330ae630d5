"""Establishing the result of a circular procedure, by the secretariat or by the worker."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.actions.service.giving import make_actions
from app.actor import Actor, system
from app.agenda.models import Outcome
from app.bodies.queries import load_body
from app.circulars.models import Circular, CircularState
from app.circulars.queries import answers
from app.circulars.queries import circulars as queries
from app.circulars.rules.counting import Result, Tally, counting, end_in_words, may_establish, result_of, tally
from app.circulars.rules.settings import read_kept
from app.circulars.service.preparing import require_state
from app.circulars.service.recording import note, require_run, seen, touch
from app.db import ident
from app.decisions.models import Decision
from app.decisions.service.numbering import give_number
from app.errors import Refused

ESTABLISH_JOB = "circular.establish"
BY_ITSELF = "automatisch nach Ablauf"


def tally_of(session: Session, circular: Circular) -> Tally:
    """The answers that count, added up; who may see it is the caller's matter."""
    number = ident(circular)
    ballots = answers.ballots_of(session, [number]).get(number, [])
    given = counting(ballots, circular.ends_at) if circular.ends_at is not None else {}
    return tally(answers.seats_asked(session, [number]).get(number, []), given)


def establish_result(session: Session, actor: Actor, circular: Circular) -> Circular:
    """Ergebnis feststellen: count, say what came of it, number what was adopted. Locked by the caller.

    Refused before the end while a seat has not answered, and where it was done already.
    """
    require_run(actor, circular)
    require_state(circular, CircularState.RUNNING, "Das Ergebnis dieses Umlaufverfahrens steht schon fest")
    found, rules, now = tally_of(session, circular), read_kept(circular.rules), clock.now()
    if circular.ends_at is None or not may_establish(now, circular.ends_at, found, rules):
        end = end_in_words(circular.ends_at) if circular.ends_at else ""
        raise Refused(f"Das Umlaufverfahren läuft bis {end}; {found.answered} von {found.seats} haben geantwortet.")
    decision, result = queries.resolution_of(session, circular), result_of(found, rules)
    before = seen(circular, decision)
    circular.state = CircularState.ADOPTED if result.adopted else CircularState.FAILED
    circular.established_at, circular.established_by = now, actor.name
    circular.outcome_note = result.sentence
    _keep_votes(decision, found, result)
    if result.adopted:
        _adopt(session, actor, circular, decision)
    session.add(decision)
    touch(session, actor, circular)
    after = {**seen(circular, decision), **({"number": decision.number} if decision.number else {})}
    note(session, actor, "circular.establish", circular, decision, before=before, after=after)
    return circular


def establish_due(session: Session, circular_id: int) -> None:
    """What the worker does at the end: the result, unless it stands already or the procedure is gone or withdrawn."""
    circular = queries.find_locked(session, circular_id)
    due = circular is not None and circular.ends_at is not None and clock.now() >= circular.ends_at
    if circular is not None and due and circular.state is CircularState.RUNNING:
        establish_result(session, system(clock.today(), BY_ITSELF), circular)


def _keep_votes(decision: Decision, found: Tally, result: Result) -> None:
    decision.yes, decision.no, decision.abstentions = found.yes, found.no, found.abstentions
    decision.present, decision.entitled, decision.quorum = found.answered, found.seats, result.quorum


def _adopt(session: Session, actor: Actor, circular: Circular, decision: Decision) -> None:
    """The resolution gets its day, its number and what follows from it."""
    decision.decided_on, decision.outcome = _day_of_end(circular), Outcome.ADOPTED
    give_number(session, actor, decision, label=decision.title)
    make_actions(session, actor, [decision], load_body(session, circular.body_id))


def _day_of_end(circular: Circular) -> dt.date:
    """The day of the resolution: the last day for answers, or the day on which it ended early."""
    return min(circular.ends_on or clock.today(), clock.today())
