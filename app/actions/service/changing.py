"""Changing what an action says and who answers for it."""

from sqlmodel import Session

from app.actions.models import Action
from app.actions.rules.rights import require_run
from app.actions.schemas import ActionChange
from app.actions.service.reporting import current_action
from app.actions.service.storing import link_projects, linked, remember, require_responsible, told, touch
from app.actor import Actor
from app.errors import Stale

_COLUMNS = {"organisation": "organisation_id", "person": "person_id"}


def change_action(
    session: Session, actor: Actor, action: Action, wish: ActionChange, *, base_version: int | None = None
) -> Action:
    """Change wording, responsible, level or projects of an action locked by the caller; absent fields stay.

    Only the secretariat may. State and date change by a report. Stale where it was seen at another *base_version*.
    """
    require_run(actor, action.body_id)
    if base_version is not None and action.version != base_version:
        raise Stale(current_action(session, action))
    before = told(session, action)
    given = wish.model_dump(exclude_unset=True, exclude={"projects"})
    known = (action.organisation_id, action.person_id)
    wanted = given.get("organisation", known[0]), given.get("person", known[1])
    require_responsible(session, *wanted, known=known)
    for name, value in given.items():
        if value is not None or name in _COLUMNS:
            setattr(action, _COLUMNS.get(name, name), value)
    if wish.projects is not None:
        link_projects(session, action, wish.projects, known=linked(session, action))
    session.flush()
    after = told(session, action)
    if after != before:
        touch(session, actor, action)
        remember(session, actor, "action.change", action, before=before, after=after)
    return action
