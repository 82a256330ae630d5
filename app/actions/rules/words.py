"""German words of action items."""

import datetime as dt
from collections.abc import Mapping

from app import text
from app.actions.models import ActionState
from app.actions.rules.steps import Standing

STATE_WORDS: Mapping[ActionState, str] = {
    ActionState.OPEN: "offen",
    ActionState.IN_PROGRESS: "in Arbeit",
    ActionState.DONE: "erledigt",
    ActionState.DROPPED: "aufgehoben",
}


def late_words(days: int) -> str:
    """ "seit 12 Tagen überfällig", "seit gestern überfällig"; "" for none."""
    if days <= 0:
        return ""
    return "seit gestern überfällig" if days == 1 else f"seit {days} Tagen überfällig"


def due_words(due_on: dt.date | None, *, state: ActionState, on: dt.date) -> str:
    """How an open action stands to its date on a day: overdue, due today, due in days; "" where it is over or open."""
    if state in (ActionState.DONE, ActionState.DROPPED) or due_on is None:
        return ""
    days = (due_on - on).days
    if days < 0:
        return late_words(-days)
    if days == 0:
        return "heute fällig"
    return "morgen fällig" if days == 1 else f"in {days} Tagen fällig"


def moved_words(due_on: dt.date | None, first_due_on: dt.date | None) -> str:
    """ "ursprünglich 30.06.2026" where the date is not the first one; "" where it is."""
    if first_due_on is None or first_due_on == due_on:
        return ""
    return f"ursprünglich {text.date(first_due_on)}"


def told_words(who: str, stood: Standing, first_due_on: dt.date | None) -> str:
    """ "zuständig IHK Berlin, in Arbeit, ursprünglich bis 30.06.2026": an action in the table of an agenda."""
    moved = first_due_on is not None and stood.due_on != first_due_on and not stood.is_over
    parts = [f"zuständig {who}" if who else "", STATE_WORDS[stood.state]]
    if moved and first_due_on is not None:
        parts.append(f"ursprünglich bis {text.date(first_due_on)}")
    return ", ".join(part for part in parts if part)
