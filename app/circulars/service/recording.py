"""What every act on a circular procedure shares: its rights, its version, and its line in the history."""

from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.circulars.models import Circular, CircularState
from app.circulars.rules.rights import may_run
from app.decisions.models import Decision
from app.errors import Forbidden
from app.history.models import Reach
from app.history.service import record, snapshot
from app.visibility import Level

SHOWN = ("state", "grounds", "ends_on", "outcome_note")
TEXT = ("title", "wording", "level")


def require_run(actor: Actor, circular: Circular) -> None:
    """Forbidden for everybody but the secretariat of the body."""
    if not may_run(actor, circular):
        raise Forbidden()


def touch(session: Session, actor: Actor, circular: Circular) -> None:
    """Let the version rise and say who changed it."""
    circular.changed_at, circular.changed_by = clock.now(), actor.name
    flag_modified(circular, "changed_at")
    session.add(circular)
    session.flush()


def seen(circular: Circular, decision: Decision) -> dict[str, Any]:
    """What the history compares: the procedure with the text it asks about."""
    return {**snapshot(decision, *TEXT), **snapshot(circular, *SHOWN)}


def note(
    session: Session,
    actor: Actor,
    verb: str,
    circular: Circular,
    decision: Decision,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    secret: bool = False,
) -> None:
    """One line of the history, for those who read the procedure; *secret* ones for those who see the answers."""
    reach = Reach.CONFIDENTIAL if decision.level is Level.CONFIDENTIAL else Reach.INTERNAL
    record(
        session,
        actor,
        verb,
        circular,
        before=before,
        after=after,
        label=decision.title,
        reason=reason,
        body_id=circular.body_id,
        reach=Reach.DRAFT if circular.state is CircularState.DRAFT or (secret and reach is Reach.INTERNAL) else reach,
    )
