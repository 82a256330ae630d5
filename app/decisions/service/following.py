"""The follow-up of decisions (Beschlusskontrolle): entries, one or many at once, and what a meeting has carried."""

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from app import clock
from app.actor import Actor, Role
from app.agenda.queries import things_told_over
from app.bodies.queries import load_rules
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision, FollowUp, FollowUpState
from app.decisions.queries.following import last_follow_up, lock_carried
from app.decisions.rules.following import CLOSED, Entry, Standing, check_entry, default_due
from app.decisions.rules.settings import FOLLOW_UP_DAYS
from app.decisions.schemas import FollowUpIn
from app.decisions.service.contents import reach_of
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.history.service import record, snapshot
from app.meetings.models import Meeting

THING = "decision:"
"""How the lines of an agenda name a decision."""

FIELDS = ("state", "due_on", "done_on")


def add_follow_up(
    session: Session, actor: Actor, decision: Decision, wish: FollowUpIn, *, base_version: int | None = None
) -> FollowUp:
    """A dated entry of the secretariat; *decision* is locked by the caller and takes over state and date.

    Without a date of its own the body's rule says when it comes again. Refused or Invalid as ``check_entry`` says;
    Stale, with the last entry, where somebody entered something since *base_version*.
    """
    if not actor.has(Role.SECRETARIAT, decision.body_id):
        raise Forbidden()
    if not decision.number or decision.void_reason:
        raise Refused("Nachgehalten wird ein Beschluss erst, wenn er eine Nummer hat, und nur, wenn sie vergeben ist.")
    last = last_follow_up(session, ident(decision))
    if base_version is not None and decision.version != base_version:
        raise Stale(current_state(decision, last))
    entry = Entry(wish.state, wish.as_of or clock.today(), wish.text, wish.reason, wish.due_on)
    check_entry(_standing(session, decision, last), entry, clock.today())
    days = load_rules(session, decision.body_id)[FOLLOW_UP_DAYS]
    due_on = entry.due_on or default_due(entry.state, entry.as_of, days)
    return _enter(session, actor, decision, entry.state, entry.as_of, entry.text, entry.reason, due_on)


def add_follow_ups(
    session: Session, actor: Actor, wanted: Sequence[tuple[int, int]], wish: FollowUpIn
) -> list[FollowUp]:
    """The same entry for several decisions, seen as (id, version): all of them or none.

    Refused with a sentence that names every decision that does not take it; Forbidden where one is only readable.
    """
    if not wanted:
        raise Invalid({"decisions": "Bitte wählen Sie mindestens einen Beschluss."})
    made, wrong = [], []
    for decision_id, version in sorted(wanted):
        try:
            decision = queries.lock_decision(session, actor, decision_id)
        except NotFound:
            wrong.append("Einen der gewählten Beschlüsse gibt es nicht, oder er ist für Sie nicht sichtbar.")
            continue
        try:
            made.append(add_follow_up(session, actor, decision, wish, base_version=version))
        except Forbidden:
            raise
        except Stale:
            wrong.append(f"{decision.number}: Inzwischen hat jemand einen Eintrag gemacht.")
        except SkipError as error:
            wrong.append(f"{decision.number or decision.title}: {' '.join(error.by_field.values())}")
    if wrong:
        raise Refused(f"Es wurde nichts eingetragen. {' '.join(wrong)}")
    return made


def note_follow_up(
    session: Session, actor: Actor, decision: Decision, state: FollowUpState, *, as_of: dt.date, text: str
) -> FollowUp:
    """An entry that follows from an act on a decision (ersetzt, wieder offen); *decision* is locked by the caller."""
    return _enter(session, actor, decision, state, as_of, text, "", None)


def carry_closed(session: Session, actor: Actor, meeting: Meeting) -> list[Decision]:
    """A meeting that is being closed has been told which decisions are over: they leave the list for good.

    Told is what the standing items of its agenda said; what was not reached comes again. The meeting is locked.
    """
    told = things_told_over(session, ident(meeting))
    ids = [int(thing.removeprefix(THING)) for thing in told if thing.startswith(THING)]
    carried = []
    for decision in lock_carried(session, meeting.body_id, ids):
        if decision.state not in CLOSED or decision.reported_in_id is not None:
            continue
        decision.reported_in_id = ident(meeting)
        session.add(decision)
        carried.append(decision)
        record(
            session,
            actor,
            "decision.reported",
            decision,
            before={"reported_in_id": None},
            after={"reported_in_id": ident(meeting)},
            label=f"{decision.number}: {decision.title}",
            body_id=decision.body_id,
            reach=reach_of(decision),
        )
    return carried


def current_state(decision: Decision, last: FollowUp | None) -> dict[str, object]:
    """The present state of a followed decision as plain values, with its last entry in words."""
    return {
        "id": decision.id,
        "version": decision.version,
        **snapshot(decision, *FIELDS),
        "text": last.text if last else "",
        "reason": last.reason if last else "",
        "entered_by": last.entered_by if last else "",
    }


def _standing(session: Session, decision: Decision, last: FollowUp | None) -> Standing:
    later = queries.find_successor(session, ident(decision)) if decision.state is FollowUpState.REPLACED else None
    return Standing(
        state=decision.state,
        due_on=decision.due_on,
        decided_on=decision.decided_on,
        last_on=last.as_of if last else None,
        replaced_by=later.number if later else "",
    )


def _enter(
    session: Session,
    actor: Actor,
    decision: Decision,
    state: FollowUpState,
    as_of: dt.date,
    text: str,
    reason: str,
    due_on: dt.date | None,
) -> FollowUp:
    before = snapshot(decision, *FIELDS)
    entry = FollowUp(
        decision_id=ident(decision),
        state=state,
        as_of=as_of,
        text=text,
        reason=reason,
        due_before=decision.due_on,
        due_on=due_on,
        entered_at=clock.now(),
        entered_by=actor.name,
    )
    decision.state, decision.due_on = state, due_on
    decision.done_on = as_of if state is FollowUpState.DONE else None
    if state not in CLOSED:
        decision.reported_in_id = None
    decision.changed_at, decision.changed_by = clock.now(), actor.name
    session.add(entry)
    session.add(decision)
    session.flush()
    record(
        session,
        actor,
        "decision.follow_up",
        decision,
        before=before,
        after={**snapshot(decision, *FIELDS), "text": text, "as_of": as_of.isoformat()},
        label=f"{decision.number}: {decision.title}",
        reason=reason,
        body_id=decision.body_id,
        reach=reach_of(decision),
    )
    return entry
