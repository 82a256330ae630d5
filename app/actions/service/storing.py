"""What every act on an action shares: checked references, links to projects, the changed row, its history."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from app import clock
from app.actions.models import Action, ActionProject
from app.actions.queries import project_ids_of
from app.actor import Actor
from app.agenda.service.items import require_known_projects
from app.db import ident
from app.decisions.rules.searching import folded
from app.errors import Invalid
from app.history.models import Reach
from app.history.service import record, snapshot
from app.people.queries import live_organisations, load_persons, names_on
from app.projects.queries.plan import list_named_projects
from app.visibility import Level

TOLD = ("title", "details", "level", "state", "given_on", "due_on", "done_on", "number")
SHOWN = (
    "title",
    "details",
    "organisation_id",
    "person_id",
    "level",
    "state",
    "given_on",
    "due_on",
    "done_on",
    "number",
)


def require_responsible(
    session: Session, organisation_id: int | None, person_id: int | None, *, known: tuple[int | None, int | None]
) -> None:
    """Refuse nobody at all, and institutions and persons that do not exist; the *known* ones are there already."""
    if organisation_id is None and person_id is None:
        raise Invalid({"organisation": "Bitte wählen Sie, welche Institution oder Person zuständig ist."})
    if organisation_id not in (None, known[0]) and not live_organisations(session, [organisation_id or 0]):
        raise Invalid({"organisation": "Diese Institution gibt es nicht."})
    if person_id not in (None, known[1]) and not load_persons(session, [person_id or 0]):
        raise Invalid({"person": "Diese Person gibt es nicht."})


def link_projects(session: Session, action: Action, project_ids: Sequence[int], *, known: Sequence[int] = ()) -> None:
    """Let the action be about these projects; new ones must be steered by its body."""
    require_known_projects(session, action.body_id, [one for one in project_ids if one not in known])
    session.execute(delete(ActionProject).where(col(ActionProject.action_id) == ident(action)))
    session.add_all(
        ActionProject(action_id=ident(action), project_id=project_id, position=place)
        for place, project_id in enumerate(dict.fromkeys(project_ids), 1)
    )


def linked(session: Session, action: Action) -> list[int]:
    """The projects that the action is about."""
    return project_ids_of(session, [ident(action)]).get(ident(action), [])


def touch(session: Session, actor: Actor, action: Action) -> None:
    """Let the action's version rise because it or something below it changed."""
    action.changed_at, action.changed_by = clock.now(), actor.name
    fold(action)
    flag_modified(action, "changed_at")
    session.add(action)
    session.flush()


def fold(action: Action) -> None:
    """Keep the words of an action as lists search them."""
    action.folded = folded([action.number, action.title, action.details])


def state_of(session: Session, action: Action) -> dict[str, Any]:
    """The present values of an action with its projects, by id: for who was overtaken."""
    return {**snapshot(action, *SHOWN), "projects": linked(session, action)}


def told(session: Session, action: Action) -> dict[str, Any]:
    """The present values of an action as the history tells them: institution, person and projects by name."""
    names = names_on(session, [action.organisation_id or 0], clock.today())
    persons = load_persons(session, [action.person_id or 0])
    about = linked(session, action)
    titles = dict(list_named_projects(session, about))
    return {
        **snapshot(action, *TOLD),
        "organisation": next((name.long for name in names.values()), ""),
        "person": next((person.name for person in persons.values()), ""),
        "project_names": [titles[one] for one in about if one in titles],
    }


def remember(
    session: Session,
    actor: Actor,
    verb: str,
    action: Action,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    """Record a change of an action, for those who read it."""
    record(
        session,
        actor,
        verb,
        action,
        before=before,
        after=after,
        label=label_of(action),
        reason=reason,
        body_id=action.body_id,
        reach=reach_of(action),
    )


def label_of(action: Action) -> str:
    """A 2026/014 Flächenkataster vorlegen"""
    return f"{action.number} {action.title}".strip()


def reach_of(action: Action) -> Reach:
    """Who reads the history of an action: like the action itself."""
    if action.level is Level.CONFIDENTIAL:
        return Reach.CONFIDENTIAL
    return Reach.INTERNAL if action.number else Reach.DRAFT
