"""Decision needs: kept in step with the statuses, answered by decisions, closed by the secretariat."""

import datetime as dt
from collections.abc import Collection, Mapping

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.errors import Forbidden, Refused
from app.history.service import record, snapshot
from app.projects.models import DecisionNeed, NeedEnd, Project
from app.projects.queries.needs import load_needs, load_tellings, open_needs_of
from app.projects.rules import needs as rules
from app.projects.rules.rights import may_change

BATCH = 500
SHOWN = ("opened_on", "text", "closed_on", "closed_how", "closed_reason")


def refresh_needs(session: Session, project_ids: Collection[int]) -> None:
    """Make the stored needs of these projects follow from their statuses and from how needs were closed by hand.

    Done after every write of a status. Doing it twice changes nothing, and the order of imports does not matter.
    """
    session.flush()
    for chunk in _chunks(sorted(set(project_ids))):
        stored, told = load_needs(session, chunk), load_tellings(session, chunk)
        for project_id in chunk:
            rows = stored.get(project_id, [])
            closings = [_closing(row) for row in rows if row.closed_how in rules.BY_HAND]
            _store(session, project_id, rules.needs_from(told.get(project_id, ()), closings), rows)
    session.flush()


def close_need(
    session: Session, actor: Actor, project: Project, need: DecisionNeed, *, reason: str, on: dt.date | None = None
) -> DecisionNeed:
    """The secretariat closes a need with a reason; *project* is locked by the caller."""
    if not may_change(actor, project):
        raise Forbidden()
    if need.closed_on is not None:
        raise Refused(f"Dieser Entscheidungsbedarf ist seit {text.date(need.closed_on)} nicht mehr offen.")
    before = snapshot(need, *SHOWN)
    _end(need, on or clock.today(), NeedEnd.CLOSED, text.one_line(reason))
    session.add(need)
    _record(session, actor, "project.need.close", project, need, before, reason=need.closed_reason)
    return need


def answer_needs(session: Session, actor: Actor, answers: Mapping[int, str], *, on: dt.date) -> None:
    """Decisions of the day *on* answer the open needs of projects that were opened up to then.

    *answers* names the decision by project. The caller has checked that the actor may record it.
    """
    for need, project in open_needs_of(session, list(answers), on):
        before, reason = snapshot(need, *SHOWN), text.one_line(answers[need.project_id])[:500]
        _end(need, on, NeedEnd.DECIDED, reason)
        session.add(need)
        _record(session, actor, "project.need.decide", project, need, before, reason=reason)


def _end(need: DecisionNeed, on: dt.date, how: NeedEnd, reason: str) -> None:
    need.closed_on, need.closed_how, need.closed_reason = max(on, need.opened_on), how, reason


def _closing(row: DecisionNeed) -> rules.Closing:
    if row.closed_on is None or row.closed_how is None:
        raise ValueError("an open need has no closing")
    return rules.Closing(row.closed_on, row.closed_how, row.closed_reason, row.text)


def _store(session: Session, project_id: int, wanted: list[rules.Need], rows: list[DecisionNeed]) -> None:
    """Let the rows say what is wanted; they keep their ids. A closing by hand is never thrown away."""
    unused = list(rows)
    for need, row in _matched(wanted, unused):
        found = row or DecisionNeed(project_id=project_id, opened_on=need.opened_on, text=need.words)
        found.opened_on, found.text = need.opened_on, need.words
        found.closed_on, found.closed_how, found.closed_reason = need.closed_on, need.closed_how, need.closed_reason
        session.add(found)
    for row in unused:
        if row.closed_how not in rules.BY_HAND:
            session.delete(row)


def _matched(wanted: list[rules.Need], unused: list[DecisionNeed]) -> list[tuple[rules.Need, DecisionNeed | None]]:
    """Each need with its row: the one of its opening day, else one with the same closing. Takes rows from *unused*."""
    by_day = {row.opened_on: row for row in unused}
    first = [(need, by_day.get(need.opened_on)) for need in wanted]
    for _, row in first:
        if row is not None:
            unused.remove(row)
    return [(need, row or _same_closing(need, unused)) for need, row in first]


def _same_closing(need: rules.Need, unused: list[DecisionNeed]) -> DecisionNeed | None:
    for row in unused:
        if need.closed_how in rules.BY_HAND and (row.closed_on, row.closed_how) == (need.closed_on, need.closed_how):
            unused.remove(row)
            return row
    return None


def _chunks(keys: list[int]) -> list[list[int]]:
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    project: Project,
    need: DecisionNeed,
    before: dict[str, object],
    *,
    reason: str,
) -> None:
    label = f"{project.code} {project.title}"[:200]
    record(session, actor, verb, project, before=before, after=snapshot(need, *SHOWN), label=label, reason=reason)
