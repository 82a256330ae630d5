"""Reporting on actions: dated steps, done, dropped, taken up again, another date; what a held meeting has carried."""

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from app import clock
from app.actions.models import Action, ActionStep
from app.actions.queries import is_own, list_steps, lock_action, lock_over
from app.actions.rules.rights import may_report, may_run
from app.actions.rules.steps import OVER, require_step
from app.actions.schemas import ProgressIn
from app.actions.service.storing import remember, state_of, told, touch
from app.actor import Actor
from app.agenda.queries import things_told_over
from app.db import ident
from app.errors import Forbidden, Invalid, SkipError, Stale
from app.meetings.models import Meeting

THING = "action:"
"""How tables of a draft name an action: "action:12"."""


def report_progress(
    session: Session, actor: Actor, action: Action, wish: ProgressIn, *, base_version: int | None = None
) -> Action:
    """Add a dated step to an action locked by the caller: progress, a state, a date with its reason (domain §5).

    The secretariat and those who answer for the action may; what each of them may is said by ``require_step``. Stale
    where the action was seen at another *base_version*.
    """
    if not may_report(actor, action, own=is_own(session, actor, action)):
        raise Forbidden("Über diesen Auftrag berichten die Zuständigen und die Geschäftsstelle.")
    if base_version is not None and action.version != base_version:
        raise Stale(current_action(session, action))
    earlier = list_steps(session, [ident(action)]).get(ident(action), [])
    last_on = earlier[-1].as_of if earlier else None
    require_step(
        wish,
        state=action.state,
        due_on=action.due_on,
        given_on=action.given_on,
        last_on=last_on,
        today=clock.today(),
        runs=may_run(actor, action.body_id),
        reported=action.reported_in_id is not None,
    )
    before, due_before = told(session, action), action.due_on
    day, state = wish.as_of or clock.today(), wish.state or action.state
    moved = wish.due_on is not None and wish.due_on != due_before
    session.add(
        ActionStep(
            action_id=ident(action),
            state=state,
            as_of=day,
            text=wish.text,
            reason=wish.reason if moved else "",
            due_before=due_before if moved else None,
            due_on=wish.due_on if moved else None,
            entered_at=clock.now(),
            entered_by=actor.name,
        )
    )
    _take_over(action, state, day, wish.due_on if moved else None)
    touch(session, actor, action)
    verb = "action.due" if moved and state == before["state"] else "action.report"
    after = {**told(session, action), "report": wish.text}
    remember(session, actor, verb, action, before={**before, "report": ""}, after=after, reason=wish.reason)
    return action


def report_many(
    session: Session, actor: Actor, versions: Sequence[tuple[int, int | None]], wish: ProgressIn
) -> list[Action]:
    """The same step for many actions, given as (id, seen version): all of them or none.

    Invalid at "" names each action that the step does not fit or that somebody changed meanwhile, by its number.
    """
    if not versions:
        raise Invalid({"": "Bitte wählen Sie mindestens einen Auftrag aus."})
    done, wrong = [], []
    for action_id, version in sorted(set(versions)):
        action = lock_action(session, actor, action_id)
        if not may_run(actor, action.body_id):
            raise Forbidden("Mehrere Aufträge auf einmal ändert nur die Geschäftsstelle.")
        try:
            done.append(report_progress(session, actor, action, wish, base_version=version))
        except (Invalid, Stale) as refusal:
            wrong.append(f"{action.number}: {_said(refusal)}")
    if wrong:
        raise Invalid({"": "Es wurde nichts geändert. " + " ".join(wrong)})
    return done


def note_reported(session: Session, actor: Actor, meeting: Meeting) -> list[Action]:
    """A meeting that closes has carried what its agenda told to be over, so that no further agenda does (domain §4).

    The meeting is locked by the caller. What was taken up again meanwhile stays open.
    """
    told = things_told_over(session, ident(meeting))
    ids = sorted(int(thing.partition(":")[2]) for thing in told if thing.startswith(THING))
    carried = []
    for action in lock_over(session, meeting.body_id, ids):
        action.reported_in_id = ident(meeting)
        touch(session, actor, action)
        carried.append(action)
    return carried


def current_action(session: Session, action: Action) -> dict[str, object]:
    """The present state of an action as plain values."""
    return {"id": action.id, "version": action.version, **state_of(session, action)}


def _take_over(action: Action, state: object, day: dt.date, due_on: dt.date | None) -> None:
    if action.state is not state:
        action.state = state  # type: ignore[assignment]
        action.done_on = day if state in OVER else None
        action.reported_in_id = None
    if due_on is not None:
        action.due_on = due_on
        action.first_due_on = action.first_due_on or due_on


def _said(refusal: SkipError) -> str:
    if isinstance(refusal, Stale):
        return "Diesen Auftrag hat inzwischen jemand geändert; bitte sehen Sie nach und wählen Sie ihn neu aus."
    return " ".join(refusal.by_field.values())
