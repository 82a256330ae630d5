"""Giving actions by hand, from an item or the clauses of a decision; their numbers; taking a provisional one back."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock, text
from app.actions.models import Action, ActionProject
from app.actions.queries import find_action_of_clause, unnumbered_of_meeting
from app.actions.queries.origins import decisions_of_meeting, projects_of_decision
from app.actions.rules.rights import require_run
from app.actions.schemas import ActionIn
from app.actions.service.storing import (
    fold,
    link_projects,
    remember,
    require_responsible,
    told,
)
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import projects_of_items
from app.bodies.models import Body
from app.db import ident
from app.decisions.models import Clause, Decision, FollowUpState, SeriesKind
from app.decisions.queries import clauses_of
from app.decisions.rules.following import is_followed
from app.decisions.rules.numbers import number_text
from app.decisions.rules.words import GIVES
from app.decisions.service.numbering import take_number
from app.errors import Invalid, NotFound, Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.visibility import Level


def give_action(
    session: Session,
    actor: Actor,
    body: Body,
    wish: ActionIn,
    *,
    item: AgendaItem | None = None,
    clause: Clause | None = None,
) -> Action:
    """Give an action, by hand or from an item or clause; the meeting of an item is locked by the caller.

    It is numbered at once, except while the meeting in which it arises is not closed. Invalid at "organisation" without
    anybody responsible, at "due_on" for a day before the action is given.
    """
    require_run(actor, ident(body))
    meeting = _meeting_of(session, body, item)
    given_on = wish.given_on or (life.day_of(meeting) if meeting else clock.today())
    if wish.due_on is not None and wish.due_on < given_on:
        raise Invalid({"due_on": f"Die Frist liegt vor dem Tag des Auftrags ({text.date(given_on)})."})
    require_responsible(session, wish.organisation, wish.person, known=(None, None))
    action = Action(
        body_id=ident(body),
        title=wish.title,
        details=wish.details,
        organisation_id=wish.organisation,
        person_id=wish.person,
        level=wish.level or (item.level if item else Level.INTERNAL),
        given_on=given_on,
        first_due_on=wish.due_on,
        due_on=wish.due_on,
        clause_id=clause.id if clause else None,
        item_id=item.id if item else None,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
    fold(action)
    session.add(action)
    session.flush()
    projects = wish.projects
    if projects is None:
        links = projects_of_items(session, [ident(item)]).get(ident(item), []) if item else []
        projects = [link.project_id for link in links]
        link_projects(session, action, projects, known=projects)
    else:
        link_projects(session, action, projects)
    session.flush()
    if meeting is None or meeting.state is MeetingState.HELD:
        _number(session, action, body)
    remember(session, actor, "action.give", action, before={}, after=told(session, action))
    return action


def make_actions(session: Session, actor: Actor, decisions: Sequence[Decision], body: Body) -> list[Action]:
    """The actions of those clauses of numbered decisions that charge or ask an institution until a day (domain §5).

    Called with the decisions of a closing meeting or of an ended circular procedure, locked by the caller. A clause
    that has its action already makes no second one. Each takes the level and the projects of its decision.
    """
    made = []
    clauses = clauses_of(session, [ident(decision) for decision in decisions])
    for decision in decisions:
        for clause in clauses.get(ident(decision), ()):
            if _gives(decision, clause) and find_action_of_clause(session, ident(clause)) is None:
                made.append(_from_clause(session, actor, body, decision, clause))
    return made


def number_actions(session: Session, actor: Actor, meeting: Meeting) -> list[Action]:
    """Number what a meeting that closes has given, in the order of its agenda; the meeting is locked by the caller.

    Before that its numbered decisions make their actions; at an item they come before what was given by hand.
    """
    body = session.get_one(Body, meeting.body_id)
    decisions = decisions_of_meeting(session, ident(meeting))
    made = make_actions(session, actor, decisions, body)
    waiting = unnumbered_of_meeting(session, ident(meeting))
    waiting.sort(key=lambda row: (text.number_key(row[1].number), ident(row[1]), not row[0].clause_id, ident(row[0])))
    for action, _ in waiting:
        fresh = action in made
        before = {} if fresh else told(session, action)
        _number(session, action, body)
        action.changed_at, action.changed_by = clock.now(), actor.name
        verb = "action.give" if fresh else "action.number"
        remember(session, actor, verb, action, before=before, after=told(session, action))
    return [action for action, _ in waiting]


def take_back_action(session: Session, actor: Actor, action: Action) -> None:
    """Remove an action that has no number yet; a numbered one is dropped with a word instead. Locked by the caller."""
    require_run(actor, action.body_id)
    if action.number:
        raise Refused("Ein Auftrag mit Nummer wird nicht gelöscht. Heben Sie ihn mit einer Begründung auf.")
    remember(session, actor, "action.take_back", action, before=told(session, action), after={})
    session.execute(delete(ActionProject).where(col(ActionProject.action_id) == ident(action)))
    session.delete(action)
    session.flush()


def _meeting_of(session: Session, body: Body, item: AgendaItem | None) -> Meeting | None:
    if item is None:
        return None
    meeting = session.get_one(Meeting, item.meeting_id)
    if meeting.body_id != body.id:
        raise NotFound()
    if meeting.state not in (MeetingState.IN_SESSION, MeetingState.HELD):
        raise Refused("Aufträge zu einem Punkt entstehen, während die Sitzung läuft, oder danach.")
    return meeting


def _from_clause(session: Session, actor: Actor, body: Body, decision: Decision, clause: Clause) -> Action:
    title, details = _title_of(clause.text)
    action = Action(
        body_id=ident(body),
        title=title,
        details=details,
        organisation_id=clause.organisation_id,
        person_id=clause.person_id,
        level=decision.level,
        given_on=decision.decided_on or clock.today(),
        first_due_on=clause.due_on,
        due_on=clause.due_on,
        clause_id=clause.id,
        item_id=decision.item_id,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
    fold(action)
    session.add(action)
    session.flush()
    projects = projects_of_decision(session, ident(decision))
    link_projects(session, action, projects, known=projects)
    session.flush()
    if decision.item_id is None:
        _number(session, action, body)
        remember(session, actor, "action.give", action, before={}, after=told(session, action))
    return action


def _gives(decision: Decision, clause: Clause) -> bool:
    """Whether a clause makes an action: it charges or asks an institution until a day, and it was not rejected."""
    lays_on = is_followed(decision.outcome, frozenset({clause.verb}), FollowUpState.OPEN) and not decision.void_reason
    named = clause.verb in GIVES and clause.organisation_id is not None and clause.due_on is not None
    return named and lays_on


def _title_of(wording: str) -> tuple[str, str]:
    """A clause's text as the one line that names the action, and the whole as its details where that is more.

    The line goes on a sentence ("… wird beauftragt: die Anlaufstelle einzurichten"); as a title it begins large.
    """
    line = text.one_line(wording)
    line = line[:1].upper() + line[1:]
    if len(line) <= 300 and "\n" not in wording.strip():
        return line, ""
    short = line if len(line) <= 200 else line[:200].rsplit(" ", 1)[0] + " …"
    return short, wording.strip()


def _number(session: Session, action: Action, body: Body) -> None:
    year = action.given_on.year
    action.year, action.serial = year, take_number(session, ident(body), SeriesKind.ACTION, year)
    action.number = number_text(body.short_name, SeriesKind.ACTION, year, action.serial)
    fold(action)
    session.add(action)
    session.flush()
