"""What a decision says: title, wording, clauses, projects, level, what it replaces; of items and circulars alike."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.agenda.queries import project_lines
from app.agenda.service.items import require_known_projects
from app.db import ident
from app.decisions import queries
from app.decisions.models import Clause, Decision, DecisionProject
from app.decisions.rules.searching import folded
from app.decisions.rules.words import GIVES, VERB_WORDS
from app.decisions.schemas import ClauseIn, StatusThen, read_statuses, write_statuses
from app.errors import Invalid, Refused
from app.history.models import Reach
from app.history.service import record, snapshot
from app.people.queries import live_organisations, load_persons
from app.visibility import Level

SHOWN = (
    "number",
    "title",
    "decided_on",
    "outcome",
    "wording",
    "level",
    "taking",
    "yes",
    "no",
    "abstentions",
    "chair_vote",
    "present",
    "entitled",
    "quorum",
    "replaces_id",
    "void_reason",
    "source",
)
"""The fields of a decision that the history tells."""


def set_clauses(session: Session, decision: Decision, wished: Sequence[ClauseIn], *, day: dt.date) -> None:
    """Let the stored *decision* have these clauses, numbered from 1. Known ones keep their rows.

    Invalid (``clauses.0.text``) where one does not hold; *day* is the decision's: no due date lies before it. Refused
    where a clause goes out of which an action has come.
    """
    _check_clauses(session, wished, day)
    stored = {ident(row): row for row in queries.clauses_of(session, [ident(decision)]).get(ident(decision), [])}
    kept = [stored.pop(one.id, None) if one.id is not None else None for one in wished]
    _take_out(session, list(stored.values()))
    for place, known in enumerate((row for row in kept if row is not None), 1001):
        known.position = place  # out of the way, so that no two stand at one place meanwhile
    session.flush()
    for place, (wish, row) in enumerate(zip(wished, kept, strict=True), 1):
        clause = row or Clause(decision_id=ident(decision), position=place, verb=wish.verb, text=wish.text)
        clause.position, clause.verb, clause.text = place, wish.verb, wish.text
        clause.organisation_id, clause.person_id, clause.due_on = wish.organisation, wish.person, wish.due_on
        session.add(clause)
    session.flush()


def set_projects(
    session: Session, decision: Decision, project_ids: Sequence[int], answers: Sequence[int] | None = None
) -> None:
    """Let the stored *decision* be about these projects, in this order; unknown ones are Invalid.

    *answers*: those whose decision need it closes; None leaves that to each as it is.
    """
    links = {link.project_id: link for link in queries.projects_of(session, [ident(decision)]).get(ident(decision), [])}
    wanted = list(dict.fromkeys(project_ids))
    require_known_projects(session, decision.body_id, [one for one in wanted if one not in links])
    if answers is not None and set(answers) - set(wanted):
        raise Invalid({"answers": "Beantwortet wird nur der Entscheidungsbedarf von Projekten des Beschlusses."})
    for project_id, link in links.items():
        if project_id not in wanted:
            session.delete(link)
    for place, project_id in enumerate(wanted, 1):
        link = links.get(project_id) or DecisionProject(decision_id=ident(decision), project_id=project_id)
        link.position = place
        if answers is not None:
            link.answers_need = project_id in answers
        session.add(link)
    session.flush()


def set_replaced(session: Session, decision: Decision, earlier_id: int | None) -> Decision | None:
    """Name the earlier decision that *decision* replaces (None: none); gives it back, locked. Invalid if it cannot."""
    if earlier_id is None:
        decision.replaces_id = None
        return None
    earlier = queries.lock_earlier(session, decision.body_id, earlier_id)
    if earlier is None or earlier.id == decision.id:
        raise Invalid({"replaces": "Diesen früheren Beschluss gibt es nicht."})
    if earlier.void_reason:
        raise Invalid({"replaces": f"{earlier.number} ist nicht vergeben und kann nicht ersetzt werden."})
    if decision.decided_on and earlier.decided_on and earlier.decided_on > decision.decided_on:
        raise Invalid({"replaces": f"{earlier.number} ist jünger als dieser Beschluss."})
    other = queries.find_successor(session, ident(earlier), but=decision.id)
    if other is not None:
        raise Invalid({"replaces": f"{earlier.number} ist schon durch {other.number} ersetzt."})
    decision.replaces_id = earlier.id
    return earlier


def freeze_statuses(session: Session, decision: Decision) -> None:
    """Freeze how the projects of a decision stand on its day; what is frozen already stays as it is."""
    if decision.decided_on is None:
        return
    links = queries.projects_of(session, [ident(decision)]).get(ident(decision), [])
    known = read_statuses(decision.statuses)
    missing = [link.project_id for link in links if link.project_id not in known]
    lines = project_lines(session, ids=missing, on=decision.decided_on) if missing else {}
    for line in lines.values():
        standing = line.standing
        known[line.id] = StatusThen(
            line.id, line.code, line.title, line.field, standing.light, standing.phase, standing.as_of
        )
    decision.statuses = write_statuses(known[link.project_id] for link in links if link.project_id in known)


def touch_decision(session: Session, actor: Actor, decision: Decision) -> None:
    """Note who changed a decision, fold its texts for searching, let its version rise by one."""
    clauses = queries.clauses_of(session, [decision.id]).get(decision.id, []) if decision.id is not None else []
    decision.folded = folded([decision.number, decision.title, decision.wording, *(one.text for one in clauses)])
    decision.changed_at, decision.changed_by = clock.now(), actor.name
    if decision.id is not None:
        flag_modified(decision, "changed_at")
    session.add(decision)
    session.flush()


def told(session: Session, decision: Decision) -> dict[str, Any]:
    """What the history tells of a decision now: its fields, clauses and projects; of one not stored yet nothing."""
    if decision.id is None:
        return {}
    clauses = queries.clauses_of(session, [decision.id]).get(decision.id, [])
    links = queries.projects_of(session, [decision.id]).get(decision.id, [])
    return {
        **snapshot(decision, *SHOWN),
        "clauses": [_clause_line(one) for one in clauses],
        "projects": [link.project_id for link in links],
    }


def record_decision(
    session: Session,
    actor: Actor,
    verb: str,
    decision: Decision,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
    *,
    label: str,
    reason: str = "",
) -> None:
    """The history of a decision as it is now beside *before*."""
    record(
        session,
        actor,
        verb,
        decision,
        before=before,
        after=told(session, decision) if after is None else after,
        label=label,
        reason=reason,
        body_id=decision.body_id,
        reach=reach_of(decision),
    )


def reach_of(decision: Decision) -> Reach:
    """Who reads its history: like its level; a provisional one like drafts."""
    if decision.level is Level.CONFIDENTIAL:
        return Reach.CONFIDENTIAL
    return Reach.INTERNAL if decision.number else Reach.DRAFT


def _clause_line(clause: Clause) -> str:
    due = f" (bis {clause.due_on:%d.%m.%Y})" if clause.due_on else ""
    return f"{clause.position}. {VERB_WORDS[clause.verb]}: {clause.text}{due}"


def _check_clauses(session: Session, wished: Sequence[ClauseIn], day: dt.date) -> None:
    bad: dict[str, str] = {}
    wanted = {one.organisation for one in wished if one.organisation is not None}
    organisations = live_organisations(session, wanted) if wanted else set()
    people = {one.person for one in wished if one.person is not None}
    persons = load_persons(session, people) if people else {}
    for place, one in enumerate(wished):
        if one.due_on is not None and one.verb not in GIVES:
            bad[f"clauses.{place}.due_on"] = "Eine Frist hat nur eine Ziffer, die beauftragt oder bittet."
        elif one.due_on is not None and one.due_on < day:
            bad[f"clauses.{place}.due_on"] = f"Die Frist liegt vor dem Tag des Beschlusses ({day:%d.%m.%Y})."
        if one.organisation is not None and one.organisation not in organisations:
            bad[f"clauses.{place}.organisation"] = "Diese Institution gibt es nicht."
        if one.person is not None and one.person not in persons:
            bad[f"clauses.{place}.person"] = "Diese Person gibt es nicht."
    if bad:
        raise Invalid(bad)


def _take_out(session: Session, gone: Sequence[Clause]) -> None:
    if not gone:
        return
    try:
        with session.begin_nested():
            session.execute(sa.delete(Clause).where(col(Clause.id).in_([ident(one) for one in gone])))
    except IntegrityError:
        raise Refused(
            "Aus einer der Ziffern, die wegfallen sollen, ist schon ein Auftrag entstanden. Lassen Sie die Ziffer "
            "stehen, und heben Sie den Auftrag auf."
        ) from None
    for one in gone:
        session.expunge(one)
