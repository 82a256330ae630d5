"""What a step of an action must hold, and how the action stood on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app import text
from app.actions.models import ActionState
from app.actions.schemas import ProgressIn
from app.errors import Forbidden, Invalid

OVER = frozenset({ActionState.DONE, ActionState.DROPPED})
"""The states of an action that is over: erledigt, aufgehoben."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the rules look at it; ``due_on`` None: the date stayed."""

    as_of: dt.date
    state: ActionState
    text: str = ""
    due_before: dt.date | None = None
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an action stood on a day: state, due date, since when it is over, and the last word about it."""

    state: ActionState = ActionState.OPEN
    due_on: dt.date | None = None
    over_on: dt.date | None = None
    text: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it was done or dropped."""
        return self.state in OVER


def standing(first_due_on: dt.date | None, steps: Iterable[Step], on: dt.date) -> Standing:
    """How an action stood on a day: only steps up to then count, in their order."""
    now = Standing(due_on=first_due_on)
    for step in steps:
        if step.as_of > on:
            continue
        over_on = None if step.state not in OVER else now.over_on if now.state is step.state else step.as_of
        now = replace(
            now, state=step.state, over_on=over_on, due_on=step.due_on or now.due_on, text=step.text or now.text
        )
    return now


def days_late(due_on: dt.date | None, state: ActionState, on: dt.date) -> int:
    """For how many days an action is overdue on a day; its own day ends at 24:00 (domain §5), so 0 on it."""
    if due_on is None or state in OVER:
        return 0
    return max((on - due_on).days, 0)


def require_step(
    wish: ProgressIn,
    *,
    state: ActionState,
    due_on: dt.date | None,
    given_on: dt.date,
    last_on: dt.date | None,
    today: dt.date,
    runs: bool,
    reported: bool,
) -> None:
    """Refuse a step that does not hold. *last_on*: the day of the last step; *runs*: the secretariat reports.

    Done, dropped and taken up again need a word, another date a reason. Dates move and actions are dropped by the
    secretariat alone, and so is taken up what a held meeting was told to be done (*reported*).
    """
    day, new = wish.as_of or today, wish.state or state
    _require_day(day, given_on, last_on, today)
    if not runs and (wish.due_on is not None or (new is ActionState.DROPPED and state is not ActionState.DROPPED)):
        raise Forbidden("Fristen verschiebt und Aufträge hebt auf, wer sie erteilt hat: die Geschäftsstelle.")
    if reported and new not in OVER and not runs:
        raise Forbidden(
            "Die Erledigung wurde schon in einer Sitzung berichtet; bitte wenden Sie sich an die Geschäftsstelle."
        )
    moved = wish.due_on is not None and wish.due_on != due_on
    if moved:
        _require_reason(wish, given_on, new)
    if new is not state and not wish.text and (new in OVER or state in OVER):
        raise Invalid({"text": _WORDS[new]})
    if new is state and not wish.text and not moved:
        raise Invalid({"text": "Bitte schreiben Sie, was sich getan hat, oder ändern Sie den Stand."})


_WORDS = {
    ActionState.DONE: "Bitte schreiben Sie, womit der Auftrag erledigt ist.",
    ActionState.DROPPED: "Bitte schreiben Sie, warum der Auftrag aufgehoben wird.",
    ActionState.OPEN: "Bitte schreiben Sie, warum der Auftrag wieder offen ist.",
    ActionState.IN_PROGRESS: "Bitte schreiben Sie, warum am Auftrag weiter gearbeitet wird.",
}


def _require_day(day: dt.date, given_on: dt.date, last_on: dt.date | None, today: dt.date) -> None:
    if day > today:
        raise Invalid({"as_of": "Dieser Tag liegt in der Zukunft."})
    if day < given_on:
        raise Invalid({"as_of": f"Der Auftrag wurde erst am {text.date(given_on)} erteilt."})
    if last_on is not None and day < last_on:
        raise Invalid(
            {"as_of": f"Die letzte Meldung ist vom {text.date(last_on)}; bitte nehmen Sie keinen früheren Tag."}
        )


def _require_reason(wish: ProgressIn, given_on: dt.date, new: ActionState) -> None:
    if new in OVER:
        raise Invalid({"due_on": "Ein erledigter oder aufgehobener Auftrag braucht keine neue Frist."})
    if not wish.reason:
        raise Invalid({"reason": "Bitte begründen Sie die neue Frist; Grund und erste Frist bleiben sichtbar."})
    if wish.due_on is not None and wish.due_on < given_on:
        raise Invalid({"due_on": f"Die Frist liegt vor dem Tag des Auftrags ({text.date(given_on)})."})
