"""What the page of an item shows of its results: outcome, decision with clauses and votes, actions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock, text
from app.actions import queries as actions
from app.actions.schemas import ActionLine
from app.actor import Actor
from app.agenda.models import AgendaItem, Outcome
from app.agenda.rules.outcomes import WORDS
from app.agenda.rules.words import LEVEL_WORDS
from app.bodies.queries import list_persons, load_rules
from app.db import ident
from app.decisions import queries as decisions
from app.decisions.models import Clause, Decision, Taking, Verb
from app.decisions.rules.majority import contradiction
from app.decisions.rules.outcomes import mismatch
from app.decisions.rules.words import TAKING_WORDS, VERB_WORDS
from app.decisions.service.writing import decision_desk, votes_of
from app.differences import Piece, word_difference
from app.errors import SkipError, Stale
from app.meetings.models import Meeting, MeetingState
from app.people.queries import organisation_choices
from app.visibility import Level
from app.web.forms import Form, Rows, iso
from app.web.texts import Difference, difference, writing

CLAUSES = Rows("clauses", ("text", "verb", "organisation", "person", "due_on", "id"))
VOTES = ("yes", "no", "abstentions")


@dataclass(frozen=True, slots=True)
class Results:
    """What the page of an item shows of its results."""

    form: Form
    version: int
    item_version: int
    places: range
    may_decide: bool
    stale: str
    differences: Sequence[Difference]
    pieces: Sequence[Piece]
    hints: Sequence[str]
    number: str
    address: str


def result_values(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    values: Mapping[str, str] | None,
    error: SkipError | None,
    *,
    part: str,
    may_write: bool,
) -> dict[str, Any]:
    """What the page of the item shows of outcome, decision and actions; *values* and *error* of the form *part*."""
    decision = decisions.draft_of_item(session, ident(item))
    stored = stored_values(session, item, decision)
    own = part == "beschluss"
    sent, failed = (values, error) if own else (None, None)
    shown = {**stored, **_without_clauses(stored, sent)} if sent else stored
    address = f"/sitzungen/{ident(meeting)}/protokoll/{ident(item)}/beschluss"
    desk = decision_desk(session, actor, meeting, item)
    stale = isinstance(failed, Stale)
    wording = str(shown.get("wording", ""))
    proposed = decision.proposed_wording if decision and decision.proposed_wording else item.proposed_decision
    results = Results(
        form=Form(shown, CLAUSES.at_fields(failed, shown) if failed and not stale else {}),
        version=desk.holder.version,
        item_version=item.version,
        places=CLAUSES.places(shown),
        may_decide=may_write and meeting.state is MeetingState.IN_SESSION,
        stale=failed.sentence if failed and stale else "",
        differences=_differences(stored, shown) if stale else [],
        pieces=word_difference(proposed, wording) if proposed and wording and proposed != wording else (),
        hints=_hints(session, meeting, item, decision, proposed),
        number=decision.number if decision else "",
        address=address,
    )
    given = actions.actions_of_items(session, actor, [ident(item)]).get(ident(item), [])
    persons = [(str(ident(one)), one.name) for one in list_persons(session, actor)]
    return {
        "result": results,
        "proposed": proposed,
        "result_writing": writing(
            session, actor, desk, address, may_write=may_write, typed=sent is not None, error=failed
        ),
        "outcomes": [(one.value, WORDS[one]) for one in Outcome],
        "outcome_word": WORDS[item.outcome] if item.outcome else "",
        "levels": [(one.value, LEVEL_WORDS[one]) for one in Level],
        "takings": [(one.value, TAKING_WORDS[one]) for one in (Taking.CONSENSUS, Taking.VOTES)],
        "verbs": [(one.value, VERB_WORDS[one]) for one in Verb],
        "organisations": organisation_choices(session, clock.today()),
        "persons": persons,
        "given": _lines(session, actor, [ident(one) for one in given]),
        "action": Form(values or {}, error.by_field if error else {}) if part == "auftrag" else Form(),
    }


def stored_values(session: Session, item: AgendaItem, decision: Decision | None) -> dict[str, str]:
    """Outcome, decision and clauses as the values of the form."""
    values: dict[str, Any] = {
        "outcome": item.outcome.value if item.outcome else "",
        "outcome_note": item.outcome_note,
        "resume_on": iso(item.resume_on),
        "level": (decision.level if decision else item.level).value,
        "taking": (decision.taking if decision else Taking.CONSENSUS).value,
        "wording": decision.wording if decision else "",
        "chair_vote": "1" if decision and decision.chair_vote else "",
    }
    values |= {name: _number(getattr(decision, name)) if decision else "" for name in VOTES}
    clauses: Sequence[Clause] = ()
    if decision is not None:
        clauses = decisions.clauses_of(session, [ident(decision)]).get(ident(decision), [])
    return {**values, **CLAUSES.shown(clauses, _clause_value)}


def _hints(session: Session, meeting: Meeting, item: AgendaItem, decision: Decision | None, proposed: str) -> list[str]:
    """What does not fit together yet, before closing the meeting refuses it."""
    if decision is None:
        return []
    clauses = bool(decisions.clauses_of(session, [ident(decision)]))
    said = [
        mismatch(item.outcome, proposed, decision.wording, clauses=clauses),
        contradiction(load_rules(session, meeting.body_id), item.outcome, votes_of(decision)),
    ]
    return [one for one in said if one]


def _differences(stored: Mapping[str, str], shown: Mapping[str, str]) -> list[Difference]:
    """Where what was typed differs from what stands there now, in words."""
    labels = {"outcome": "Ergebnis", "outcome_note": "Anmerkung", "resume_on": "Wiedervorlage", "wording": "Wortlaut"}
    words = {one.value: WORDS[one] for one in Outcome}
    found = []
    for name, label in labels.items():
        mine, theirs = text.clean(str(shown.get(name, ""))), str(stored.get(name, ""))
        if mine != theirs:
            found.append(difference(label, words.get(mine, mine), words.get(theirs, theirs)))
    mine, theirs = (_clauses_as_text(one) for one in (shown, stored))
    return [*found, difference("Ziffern", mine, theirs)] if mine != theirs else found


def _clauses_as_text(values: Mapping[str, str]) -> str:
    verbs = {one.value: VERB_WORDS[one] for one in Verb}
    rows = CLAUSES.read(values)
    return "\n".join(
        f"{place}. {verbs.get(row.get('verb', ''), '')} {row['text']}" for place, row in enumerate(rows, 1)
    )


def _without_clauses(stored: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent, with clauses that were taken out not shown again, and an unticked box unticked."""
    emptied = {name: "" for name in stored if name.startswith("clauses-")}
    return {**emptied, "chair_vote": "", **sent}


def _clause_value(clause: Clause, name: str) -> str | dt.date | int | None:
    found = {
        "text": clause.text,
        "verb": clause.verb.value,
        "organisation": clause.organisation_id,
        "person": clause.person_id,
        "due_on": clause.due_on,
        "id": clause.id,
    }[name]
    return str(found) if isinstance(found, int) else found


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _lines(session: Session, actor: Actor, action_ids: Sequence[int]) -> list[ActionLine]:
    return actions.lines_of(session, actor, action_ids) if action_ids else []
