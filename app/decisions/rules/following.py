"""Follow-up of decisions (Beschlusskontrolle): states in words, what leads where, what each needs, what is due."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app import text
from app.agenda.models import Outcome
from app.decisions.models import FollowUpState, Verb
from app.decisions.rules.words import GIVES
from app.errors import Invalid, Refused

S = FollowUpState

WORDS: Mapping[FollowUpState, str] = {
    S.OPEN: "offen",
    S.IN_PROGRESS: "in Umsetzung",
    S.ONGOING: "fortlaufend",
    S.DELAYED: "verzögert",
    S.DONE: "umgesetzt",
    S.NOT_DONE: "nicht umgesetzt",
    S.REPEALED: "aufgehoben",
    S.REPLACED: "ersetzt",
}

CLOSED = frozenset({S.DONE, S.NOT_DONE, S.REPEALED, S.REPLACED})
"""States after which nothing is followed any more."""

RUNNING = tuple(state for state in S if state not in CLOSED)

FOLLOWED_OUTCOMES = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_CHANGED, Outcome.CONFIRMED})
"""Outcomes that lay something on somebody; what was rejected has nothing to be followed."""

LATEST = dt.date(2150, 12, 31)
"""Later dates are slips of the pen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a decision stands before a new entry. ``last_on``: Stand of the last entry; ``decided_on`` its own day."""

    state: FollowUpState
    due_on: dt.date | None = None
    decided_on: dt.date | None = None
    last_on: dt.date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A wished entry: the new state, its Stand, what happened, why, and the next date."""

    state: FollowUpState
    as_of: dt.date
    text: str = ""
    reason: str = ""
    due_on: dt.date | None = None


def possible(state: FollowUpState) -> tuple[FollowUpState, ...]:
    """The states that may follow *state*: what is closed can only be taken up again.

    "ersetzt" comes from the replacing decision alone, and nothing comes after it.
    """
    if state is S.REPLACED:
        return ()
    if state in CLOSED:
        return (S.OPEN, S.IN_PROGRESS)
    return tuple(one for one in S if one is not S.REPLACED)


def check_entry(standing: Standing, entry: Entry, today: dt.date) -> None:
    """Refused where the state cannot follow; Invalid, by field, where something is missing or a date does not hold."""
    if entry.state not in possible(standing.state):
        raise Refused(_refusal(standing, entry.state))
    errors = {**_stand_errors(standing, entry, today), **_word_errors(standing, entry), **_due_errors(standing, entry)}
    if errors:
        raise Invalid(errors)


def _refusal(standing: Standing, wished: FollowUpState) -> str:
    if standing.state is S.REPLACED:
        by = f" durch {standing.replaced_by}" if standing.replaced_by else ""
        return f"Dieser Beschluss ist{by} ersetzt; das Weitere steht bei dem neuen Beschluss."
    if wished is S.REPLACED:
        return "„Ersetzt“ wird ein Beschluss nur durch einen neuen Beschluss, der ihn ersetzt."
    return (
        f"Dieser Beschluss ist schon {WORDS[standing.state]}. Soll er weiter verfolgt werden, "
        "setzen Sie ihn zuerst wieder auf „offen“ oder „in Umsetzung“."
    )


def _stand_errors(standing: Standing, entry: Entry, today: dt.date) -> dict[str, str]:
    """The Stand moves forward only, so that the latest entry is what counts on every Stichtag."""
    if entry.as_of > today:
        return {"as_of": "Der Stand liegt in der Zukunft."}
    if standing.decided_on is not None and entry.as_of < standing.decided_on:
        return {"as_of": f"Der Stand liegt vor dem Beschluss vom {text.date(standing.decided_on)}."}
    if standing.last_on is not None and entry.as_of < standing.last_on:
        return {"as_of": f"Der Stand liegt vor dem letzten Eintrag vom {text.date(standing.last_on)}."}
    return {}


def _word_errors(standing: Standing, entry: Entry) -> dict[str, str]:
    if entry.state is S.DONE and not entry.text:
        return {"text": "Bitte schreiben Sie den Erledigungsvermerk: was umgesetzt ist und womit es belegt ist."}
    if entry.reason:
        return {}
    if standing.state in CLOSED:
        return {"reason": "Bitte begründen Sie, warum der Beschluss wieder aufgenommen wird."}
    if entry.state in _NEEDS_REASON:
        return {"reason": _NEEDS_REASON[entry.state]}
    return {}


_NEEDS_REASON: Mapping[FollowUpState, str] = {
    S.DELAYED: "Bitte nennen Sie den Grund der Verzögerung.",
    S.NOT_DONE: "Bitte begründen Sie, warum der Beschluss nicht umgesetzt wird.",
    S.REPEALED: "Bitte nennen Sie den Grund der Aufhebung.",
}


def _due_errors(standing: Standing, entry: Entry) -> dict[str, str]:
    due = entry.due_on
    if due is None:
        if entry.state is S.ONGOING:
            return {"due_on": "Bitte geben Sie an, wann das nächste Mal berichtet wird."}
        if entry.state is S.DELAYED:
            return {"due_on": "Bitte geben Sie den neuen Termin an."}
        return {}
    if entry.state in CLOSED:
        return {"due_on": f"Was {WORDS[entry.state]} ist, hat keine Wiedervorlage mehr: bitte ohne Datum."}
    if due > LATEST:
        return {"due_on": "Bitte prüfen Sie das Jahr."}
    if due <= entry.as_of:
        return {"due_on": "Das neue Datum muss nach dem Stand liegen."}
    if entry.state is S.DELAYED and standing.due_on is not None and due <= standing.due_on:
        return {"due_on": f"Der neue Termin muss nach dem bisherigen liegen ({text.date(standing.due_on)})."}
    return {}


def default_due(state: FollowUpState, as_of: dt.date, days: int) -> dt.date | None:
    """The date of an entry that names none: *days* after its Stand; None = the next meeting, whenever that is."""
    return None if state in CLOSED or not days else as_of + dt.timedelta(days=days)


def is_followed(outcome: Outcome | None, verbs: frozenset[Verb], state: FollowUpState) -> bool:
    """Whether a numbered decision is on the list at all: it lays something on somebody, or somebody followed it.

    A taken-over decision without a known outcome is followed.
    """
    assigns = outcome is Outcome.NOTED and bool(verbs & GIVES)
    return outcome is None or outcome in FOLLOWED_OUTCOMES or assigns or state is not S.OPEN


def is_due(state: FollowUpState, due_on: dt.date | None, on: dt.date) -> bool:
    """Whether a decision is to be reported on the day *on*; without a date of its own that is the next meeting."""
    return state not in CLOSED and due_on is not None and due_on <= on


def due_words(state: FollowUpState, due_on: dt.date | None, today: dt.date) -> str:
    """seit 12 Tagen fällig, heute fällig, Wiedervorlage 12.05.2026, zur nächsten Sitzung; "" for what is closed."""
    if state in CLOSED:
        return ""
    if due_on is None:
        return "zur nächsten Sitzung"
    late = (today - due_on).days
    if late > 0:
        return f"seit {text.counted(late, 'Tag', 'Tagen')} fällig ({text.date(due_on)})"
    if late == 0:
        return f"heute fällig ({text.date(due_on)})"
    noun = "nächster Bericht" if state is S.ONGOING else "neuer Termin" if state is S.DELAYED else "Wiedervorlage"
    return f"{noun} {text.date(due_on)}"
