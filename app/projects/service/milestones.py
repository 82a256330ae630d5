"""Dates as they are told: milestones of a project, and its end."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound
from app.history.service import record
from app.projects.models import Milestone, MilestoneDate, Project, ProjectEnd
from app.projects.queries.view import MilestoneView, list_milestones, load_ends
from app.projects.rules.dates import dating, known_on
from app.projects.rules.rights import may_change
from app.projects.schemas import MilestoneIn


def tell_milestones(
    session: Session, actor: Actor, project: Project, wishes: Sequence[MilestoneIn], *, told_on: dt.date
) -> None:
    """Milestones as the Stand *told_on* says: new ones, new dates, done ones; those not named stay as they are.

    *project* is locked by the caller. Invalid with fields ``milestones.<place>.<field>``.
    """
    if not may_change(actor, project):
        raise Forbidden()
    known = {ident(one.milestone): one for one in list_milestones(session, ident(project))}
    _check(wishes, known)
    before, after = _described(known.values()), dict[str, str]()
    for wish in wishes:
        after |= _tell(session, project, wish, known.get(wish.id or 0), told_on)
    changed = {title: words for title, words in after.items() if before.get(title) != words}
    if changed:
        record(
            session,
            actor,
            "project.milestones",
            project,
            before={title: before.get(title) for title in changed},
            after=changed,
            label=f"{project.code} {project.title}"[:200] + f", Stand {text.date(told_on)}",
        )


def tell_end(session: Session, project: Project, ends_on: dt.date | None, *, told_on: dt.date) -> None:
    """Remember the end of a project as told on a day; the latest telling is the present end. The caller records."""
    told = load_ends(session, ident(project))
    if not told and ends_on is None:
        return
    if told_on in told or known_on(told, told_on) != ends_on or not told:
        row = session.get(ProjectEnd, (project.id, told_on)) or ProjectEnd(project_id=ident(project), told_on=told_on)
        row.ends_on = ends_on
        session.add(row)
        told[told_on] = ends_on
    project.ends_on = dating(told).current
    session.add(project)


def _tell(
    session: Session, project: Project, wish: MilestoneIn, view: MilestoneView | None, told_on: dt.date
) -> dict[str, str]:
    milestone = view.milestone if view else Milestone(project_id=ident(project), title=wish.title, position=0)
    milestone.title, milestone.done_on = wish.title, wish.done_on
    session.add(milestone)
    session.flush()
    told = dict(view.told) if view else {}
    if wish.due_on != known_on(told, told_on) or (not told and wish.due_on is not None):
        key = (milestone.id, told_on)
        row = session.get(MilestoneDate, key) or MilestoneDate(milestone_id=ident(milestone), told_on=told_on)
        row.due_on = wish.due_on
        session.add(row)
        told[told_on] = wish.due_on
    return {wish.title: _words(dating(told).current, wish.done_on)}


def _check(wishes: Sequence[MilestoneIn], known: dict[int, MilestoneView]) -> None:
    named = {wish.id for wish in wishes}
    titles = {text.fold(one.milestone.title) for key, one in known.items() if key not in named}
    errors: dict[str, str] = {}
    for place, wish in enumerate(wishes):
        if wish.id is not None and wish.id not in known:
            raise NotFound()
        if text.fold(wish.title) in titles:
            errors[f"milestones.{place}.title"] = f"Einen Meilenstein „{wish.title}“ gibt es schon."
        if wish.done_on is not None and wish.done_on > clock.today():
            errors[f"milestones.{place}.done_on"] = "Erledigt am: Der Tag liegt in der Zukunft."
        titles.add(text.fold(wish.title))
    if errors:
        raise Invalid(errors)


def _described(views: Iterable[MilestoneView]) -> dict[str, str]:
    return {one.milestone.title: _words(one.dating.current, one.milestone.done_on) for one in views}


def _words(due_on: dt.date | None, done_on: dt.date | None) -> str:
    due = f"fällig {text.date(due_on)}" if due_on else "ohne Termin"
    return f"{due}, erledigt {text.date(done_on)}" if done_on else due
