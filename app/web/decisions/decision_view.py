"""What the page of a decision shows: its texts beside what was proposed, projects then and now, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import text
from app.actions.queries import actions_of_clauses, actions_of_items, lines_of
from app.actions.schemas import ActionLine
from app.actor import Actor
from app.agenda.queries import numbers_of_items, project_lines
from app.agenda.service.shown_papers import shown_groups
from app.bodies.queries import load_body, name_on
from app.circulars.queries.circulars import find_circular_of
from app.db import ident
from app.decisions import queries
from app.decisions.models import Clause, Decision, FollowUp, Taking
from app.decisions.queries.clause_lines import ClauseLine, clause_lines
from app.decisions.queries.following import follow_ups_of
from app.decisions.rules.following import CLOSED
from app.decisions.rules.following import WORDS as STATE_WORDS
from app.decisions.rules.numbers import number_shown
from app.decisions.rules.outcomes import same_wording
from app.decisions.rules.words import outcome_word, taking_words
from app.decisions.schemas import StatusThen, read_statuses
from app.decisions.service.registering import is_taken_over, may_register
from app.differences import Piece, word_difference
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.rules import life
from app.papers.schemas import ShownPaper
from app.projects.models import Light
from app.projects.queries.projects import readable_ids
from app.visibility import LEVEL_WORDS


@dataclass(frozen=True, slots=True)
class ProjectThen:
    """A project of a decision, as it stood then and as it stands now. ``id`` None: the reader may not open it."""

    id: int | None
    code: str
    title: str
    then: Light | None
    now: Light | None
    known: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision for its page. ``whole`` False: only publishing shows it, so votes and follow-up stay away."""

    decision: Decision
    number: str
    body: str
    outcome: str
    whole: bool
    clauses: tuple[ClauseLine, ...] = ()
    pieces: tuple[Piece, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    projects: tuple[ProjectThen, ...] = ()
    meeting: Meeting | None = None
    meeting_label: str = ""
    item_number: str = ""
    replaces: Decision | None = None
    replaced_by: Sequence[Decision] = ()
    follow_ups: Sequence[FollowUp] = ()
    actions: Sequence[ActionLine] = ()
    papers: Sequence[ShownPaper] = ()
    circular_id: int | None = None
    may_register: bool = False
    taken_over: bool = False
    sealed: bool = False

    @property
    def state(self) -> str:
        """What became of it, in a word."""
        return STATE_WORDS[self.decision.state]

    @property
    def is_closed(self) -> bool:
        """Whether nothing is followed any more."""
        return self.decision.state in CLOSED


def load_decision(session: Session, actor: Actor, decision: Decision) -> DecisionView:
    """A readable decision with everything that its page shows; a fixed number of queries."""
    key, whole = ident(decision), queries.reads_whole(session, actor, decision)
    meeting = _meeting(session, actor, decision)
    rows = queries.clauses_of(session, [key]).get(key, [])
    on = decision.decided_on or actor.on
    item_id = decision.item_id
    body = load_body(session, decision.body_id)
    shown = not decision.void_reason or may_register(actor, decision.body_id)
    return DecisionView(
        decision=decision,
        number=number_shown(decision),
        body=name_on(body, on),
        outcome=outcome_word(decision.outcome),
        whole=whole,
        clauses=clause_lines(session, [decision], actor.on).get(key, ()) if shown else (),
        pieces=amendment(decision) if shown and whole else (),
        facts=_facts(decision, whole=whole),
        projects=_projects(session, actor, decision) if whole else (),
        meeting=meeting,
        meeting_label=life.label_with_date(meeting) if meeting else "",
        item_number=numbers_of_items(session, [item_id]).get(item_id, "") if item_id is not None else "",
        replaces=_readable(session, actor, decision.replaces_id),
        replaced_by=queries.find_replacing(session, actor, key),
        follow_ups=follow_ups_of(session, [key]).get(key, ()) if whole else (),
        actions=_actions(session, actor, decision, rows) if whole else (),
        papers=_papers(session, actor, meeting, item_id) if whole else (),
        circular_id=find_circular_of(session, actor, key) if decision.taking is Taking.CIRCULAR else None,
        may_register=may_register(actor, decision.body_id),
        taken_over=is_taken_over(decision),
        sealed=meeting is not None and meeting.sealed_at is not None,
    )


def amendment(decision: Decision) -> tuple[Piece, ...]:
    """The way from the proposed wording to the decided one in words; nothing where both are the same or one is none."""
    proposed, decided = decision.proposed_wording, decision.wording
    if not proposed or not decided or same_wording(proposed, decided):
        return ()
    return word_difference(proposed, decided)


def _taking(decision: Decision) -> str:
    return taking_words(decision.taking, decision.yes, decision.no, decision.abstentions, chair=decision.chair_vote)


def _facts(decision: Decision, *, whole: bool) -> tuple[tuple[str, str], ...]:
    there = "" if decision.present is None else f"{decision.present} von {decision.entitled} stimmberechtigten Sitzen"
    facts = [
        ("Beschlossen am", text.long_date(decision.decided_on) if decision.decided_on else ""),
        ("Ergebnis", outcome_word(decision.outcome)),
    ]
    if whole:
        facts += [
            ("Beschlossen", "" if is_taken_over(decision) else _taking(decision)),
            ("Anwesend", there),
            ("Beschlussfähigkeit", decision.quorum),
            ("Vertraulichkeit", LEVEL_WORDS[decision.level]),
            ("Quelle", decision.source),
        ]
    return tuple((name, value) for name, value in facts if value)


def _projects(session: Session, actor: Actor, decision: Decision) -> tuple[ProjectThen, ...]:
    key = ident(decision)
    ids = [link.project_id for link in queries.projects_of(session, [key]).get(key, [])]
    then, readable = read_statuses(decision.statuses), readable_ids(session, actor, ids)
    now = project_lines(session, ids=ids, on=actor.on) if ids else {}
    found = []
    for one in ids:
        before: StatusThen | None = then.get(one)
        line = now[one]
        found.append(
            ProjectThen(
                id=one if one in readable else None,
                code=before.code if before else line.code,
                title=before.title if before else line.title,
                then=before.light if before else None,
                now=line.standing.light,
                known=before is not None,
            )
        )
    return tuple(found)


def _actions(session: Session, actor: Actor, decision: Decision, clauses: Sequence[Clause]) -> list[ActionLine]:
    found = {one.id for one in actions_of_clauses(session, actor, [ident(row) for row in clauses]).values()}
    if decision.item_id is not None:
        found |= {one.id for one in actions_of_items(session, actor, [decision.item_id]).get(decision.item_id, [])}
    ids = [one for one in found if one is not None]
    return lines_of(session, actor, ids) if ids else []


def _papers(session: Session, actor: Actor, meeting: Meeting | None, item_id: int | None) -> list[ShownPaper]:
    if meeting is None or item_id is None:
        return []
    return [one for group in shown_groups(session, actor, meeting) if group.item_id == item_id for one in group.papers]


def _meeting(session: Session, actor: Actor, decision: Decision) -> Meeting | None:
    meeting_id = queries.meeting_of(session, decision)
    try:
        return get_meeting(session, actor, meeting_id) if meeting_id is not None else None
    except NotFound:
        return None


def _readable(session: Session, actor: Actor, decision_id: int | None) -> Decision | None:
    try:
        return queries.get_decision(session, actor, decision_id) if decision_id is not None else None
    except NotFound:
        return None
