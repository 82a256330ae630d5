"""What the secretariat does in the register: what replaces what, and old decisions with their old numbers."""

from typing import Any

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies.queries import lock_body
from app.bodies.rules import may_change
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision
from app.decisions.schemas import ReplaceIn, TakenOverChange, TakenOverIn
from app.decisions.service.contents import (
    freeze_statuses,
    record_decision,
    set_clauses,
    set_projects,
    set_replaced,
    told,
    touch_decision,
)
from app.decisions.service.numbering import mark_replaced, take_back_replaced
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import snapshot

CORRECTED = ("number", "decided_on", "title", "wording", "outcome", "level", "source")


def replace_decision(
    session: Session, actor: Actor, decision: Decision, wish: ReplaceIn, *, base_version: int | None = None
) -> Decision:
    """Say which earlier decision a numbered one replaces, or that it replaces none; both get their traces.

    The decision is locked by the caller. Invalid where the other cannot be replaced, Stale if overtaken.
    """
    require_register(actor, decision)
    if not decision.number or decision.void_reason:
        raise Refused("Nur ein nummerierter Beschluss, der gilt, kann einen früheren ersetzen.")
    require_seen(decision, base_version)
    if wish.replaces == decision.replaces_id:
        return decision
    before = told(session, decision)
    freed = queries.lock_earlier(session, decision.body_id, decision.replaces_id) if decision.replaces_id else None
    with session.no_autoflush:
        earlier = set_replaced(session, decision, wish.replaces)
        _require_no_circle(session, decision, earlier)
        touch_decision(session, actor, decision)
    if freed is not None:
        take_back_replaced(session, actor, freed, f"{decision.number} ersetzt ihn nicht")
    if earlier is not None:
        mark_replaced(session, actor, earlier, decision)
    record_decision(session, actor, "decision.replace", decision, before, label=decision.number)
    return decision


def take_over_decision(session: Session, actor: Actor, wish: TakenOverIn) -> Decision:
    """An old decision with the number it had, outside the series, and where it was taken from."""
    body = lock_body(session, actor, wish.body)  # two who take over at once must not give one number twice
    if not may_change(actor, ident(body)):
        raise Forbidden()
    _check_old(session, ident(body), wish.number, wish.model_dump(include={"decided_on"}))
    decision = Decision(
        body_id=ident(body),
        **{name: getattr(wish, name) for name in CORRECTED},
        changed_at=clock.now(),
    )
    touch_decision(session, actor, decision)
    set_clauses(session, decision, wish.clauses, day=wish.decided_on)
    set_projects(session, decision, wish.projects)
    with session.no_autoflush:
        freeze_statuses(session, decision)
        touch_decision(session, actor, decision)
    record_decision(session, actor, "decision.take_over", decision, {}, label=decision.number)
    return decision


def correct_taken_over(
    session: Session, actor: Actor, decision: Decision, wish: TakenOverChange, *, base_version: int | None = None
) -> Decision:
    """Correct a taken-over decision, locked by the caller; absent fields stay. Refused for one of the series."""
    require_register(actor, decision)
    if not is_taken_over(decision):
        raise Refused("Dieser Beschluss bekam seine Nummer hier; berichtigt wird er im Protokoll seiner Sitzung.")
    require_seen(decision, base_version)
    lock_body(session, actor, decision.body_id)
    given = {name: value for name, value in wish.model_dump(exclude_unset=True).items() if name in CORRECTED}
    number = given.get("number") or decision.number
    _check_old(session, decision.body_id, number, given, but=decision.id)
    before, day = told(session, decision), given.get("decided_on") or decision.decided_on
    if wish.clauses is not None and day is not None:
        set_clauses(session, decision, wish.clauses, day=day)
    if wish.projects is not None:
        set_projects(session, decision, wish.projects)
    with session.no_autoflush:
        for name, value in given.items():
            if value is not None or name == "outcome":
                setattr(decision, name, value)
        freeze_statuses(session, decision)
        touch_decision(session, actor, decision)
    record_decision(session, actor, "decision.correct", decision, before, label=decision.number)
    return decision


def is_taken_over(decision: Decision) -> bool:
    """Whether a decision has a number from elsewhere: no item, no circular procedure and no place in the series."""
    return bool(decision.number) and decision.serial is None


def may_register(actor: Actor, body_id: int) -> bool:
    """Whether the actor keeps the register of a body: its secretariat."""
    return may_change(actor, body_id)


def require_register(actor: Actor, decision: Decision) -> None:
    """Forbidden for whoever does not keep the register."""
    if not may_register(actor, decision.body_id):
        raise Forbidden()


def require_seen(decision: Decision, base_version: int | None) -> None:
    """Stale, with the present state, if somebody changed the decision after *base_version*."""
    if base_version is not None and decision.version != base_version:
        raise Stale(snapshot(decision, "id", "version", *CORRECTED, "replaces_id", "void_reason", "changed_by"))


def _check_old(session: Session, body_id: int, number: str, given: dict[str, Any], *, but: int | None = None) -> None:
    day = given.get("decided_on")
    if day is not None and day > clock.today():
        raise Invalid({"decided_on": "Ein übernommener Beschluss kann nicht in der Zukunft liegen."})
    if queries.find_numbered(session, body_id, number, but=but) is not None:
        raise Invalid({"number": f"Einen Beschluss {number} gibt es schon."})


def _require_no_circle(session: Session, decision: Decision, earlier: Decision | None) -> None:
    seen = {decision.id}
    while earlier is not None:
        if earlier.id in seen:
            raise Invalid({"replaces": "Zwei Beschlüsse können einander nicht gegenseitig ersetzen."})
        seen.add(earlier.id)
        earlier = (
            queries.load_decisions(session, [earlier.replaces_id]).get(earlier.replaces_id)
            if earlier.replaces_id is not None
            else None
        )
