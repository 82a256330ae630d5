"""Reading when the Revision looked into confidential matters of a body, and why."""

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.actor import Actor, Role
from app.bodies.models import AuditAccess
from app.errors import NotFound
from app.visibility import Matter, body_clause


def readable_audits(actor: Actor) -> SelectOfScalar[AuditAccess]:
    """Every access of the Revision: for the body's secretariat and chair, the administration, and whose own it is."""
    if actor.is_admin:
        return select(AuditAccess)
    own = col(AuditAccess.account_id) == actor.account_id if actor.account_id is not None else sa.false()
    return select(AuditAccess).where(sa.or_(own, body_clause(actor, Matter.DRAFT, col(AuditAccess.body_id))))


def concerns(actor: Actor) -> bool:
    """Whether there is a page about the Revision's access for this person at all."""
    chair = any(seat.chair for seat in actor.seats)
    return chair or any(actor.has_anywhere(role) for role in (Role.AUDITOR, Role.SECRETARIAT, Role.ADMIN))


def require_concerned(actor: Actor) -> None:
    """NotFound for those whom the matter does not concern: for them there is nothing here."""
    if not concerns(actor):
        raise NotFound()


def list_audits(session: Session, actor: Actor) -> list[AuditAccess]:
    """The readable accesses, the latest first; NotFound for those whom the matter does not concern."""
    require_concerned(actor)
    return list(session.exec(readable_audits(actor).order_by(col(AuditAccess.id).desc())))


def get_audit(session: Session, actor: Actor, access_id: int, *, lock: bool = False) -> AuditAccess:
    """One access, its row locked where it is to be closed; NotFound for unknown and invisible alike."""
    statement = readable_audits(actor).where(AuditAccess.id == access_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.exec(statement).first()
    if found is None:
        raise NotFound()
    return found


def find_running(session: Session, account_id: int, body_id: int) -> AuditAccess | None:
    """The access of an account that lasts now, None where there is none."""
    return session.exec(
        select(AuditAccess).where(
            AuditAccess.account_id == account_id,
            AuditAccess.body_id == body_id,
            col(AuditAccess.closed_at).is_(None),
            AuditAccess.ends_at > clock.now(),
        )
    ).first()
