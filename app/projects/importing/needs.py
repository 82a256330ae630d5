"""Decision needs as they follow from the statuses of a project, in the order of their Stand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app import text
from app.projects.importing.columns import name_key
from app.projects.importing.state import ExistingNeed
from app.projects.models import NeedEnd

_BY_HAND = (NeedEnd.DECIDED, NeedEnd.CLOSED)


@dataclass(frozen=True, slots=True)
class NeedPlan:
    """A decision need as it should stand; ``id`` None = to be created."""

    id: int | None
    opened_on: dt.date
    text: str
    closed_on: dt.date | None = None
    closed_how: NeedEnd | None = None
    closed_reason: str = ""


def follow_needs(told: Sequence[tuple[dt.date, str]], stored: Sequence[ExistingNeed]) -> list[NeedPlan]:
    """All needs after the statuses *told* (Stand and text, "" withdraws; in order of Stand).

    The same text keeps a need open, another one replaces it. What was decided or closed by hand stays so; a status
    of a later Stand that still tells it opens a new need. A stored need that no status tells any more is withdrawn.
    """
    unused = list(stored)
    needs: list[NeedPlan] = []
    is_open = False
    for on, words in told:
        current = needs[-1] if is_open else None
        if current is not None and current.closed_on is not None and current.closed_on < on:
            current = None
        if current is not None and words and name_key(words) == name_key(current.text):
            continue
        if current is not None and current.closed_on is None:
            needs[-1] = _withdrawn(current, on, replaced=bool(words))
        if words:
            needs.append(_opened(on, words, unused))
        is_open = bool(words)
    return needs + [_vanished(need) for need in unused]


def _withdrawn(need: NeedPlan, on: dt.date, *, replaced: bool) -> NeedPlan:
    reason = f"{'ersetzt' if replaced else 'zurückgezogen'} mit der Meldung vom {text.date(on)}"
    return replace(need, closed_on=on, closed_how=NeedEnd.WITHDRAWN, closed_reason=reason)


def _opened(on: dt.date, words: str, unused: list[ExistingNeed]) -> NeedPlan:
    """The need opened on *on*: the stored one of that day, or one of the same words that was thought to begin later."""
    match = next((need for need in unused if need.opened_on == on), None) or next(
        (need for need in unused if need.opened_on > on and name_key(need.text) == name_key(words)), None
    )
    if match is None:
        return NeedPlan(None, on, words)
    unused.remove(match)
    if match.closed_how in _BY_HAND:
        return NeedPlan(match.id, on, words, match.closed_on, match.closed_how, match.closed_reason)
    return NeedPlan(match.id, on, words)


def _vanished(need: ExistingNeed) -> NeedPlan:
    plan = NeedPlan(need.id, need.opened_on, need.text, need.closed_on, need.closed_how, need.closed_reason)
    if need.closed_on is not None:
        return plan
    return replace(
        plan, closed_on=need.opened_on, closed_how=NeedEnd.WITHDRAWN, closed_reason="durch Berichtigung entfallen"
    )
