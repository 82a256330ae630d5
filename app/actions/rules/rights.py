"""Who may do what with an action item: the secretariat of its body, and those who answer for it."""

from app.actions.models import Action
from app.actor import Actor, Role
from app.errors import Forbidden


def may_run(actor: Actor, body_id: int) -> bool:
    """Whether the actor gives, changes, drops actions of the body and moves their dates: its secretariat."""
    return actor.has(Role.SECRETARIAT, body_id)


def may_report(actor: Actor, action: Action, *, own: bool) -> bool:
    """Whether the actor reports on an action that they read: the secretariat, and whose own it is (domain §5).

    *own*: the actor is the responsible person or acts for a seat of the responsible institution.
    """
    return bool(action.number) and (may_run(actor, action.body_id) or own)


def require_run(actor: Actor, body_id: int) -> None:
    """Forbidden for whoever is not the secretariat of the body."""
    if not may_run(actor, body_id):
        raise Forbidden("Aufträge erteilt und ändert die Geschäftsstelle des Gremiums.")
