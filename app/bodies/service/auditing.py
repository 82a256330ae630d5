"""The Revision opens confidential matters of a body with a recorded reason, for a while, and closes them again."""

import datetime as dt

from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.bodies import audit_queries, queries
from app.bodies.models import AuditAccess, Body
from app.bodies.rules import AUDIT_HOURS, may_audit
from app.bodies.schemas import AuditIn
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.models import Reach
from app.history.service import record, snapshot

_TOLD = ("begins_at", "ends_at", "closed_at")


def open_audit(session: Session, actor: Actor, wish: AuditIn) -> AuditAccess:
    """Read confidential matters of a body from now on, for the hours of its rule. Refused while an access lasts.

    Domain §6: with a recorded reason. Invalid for bodies that the actor does not read, Forbidden for whoever is not
    their Revision.
    """
    if actor.account_id is None or not actor.has_anywhere(Role.AUDITOR):
        raise Forbidden()
    body = _locked(session, actor, wish.body)
    if not may_audit(actor, ident(body)):
        raise Forbidden()
    running = audit_queries.find_running(session, actor.account_id, ident(body))
    if running is not None:
        raise Refused(
            f"Ihr Zugang gilt noch bis {text.moment(running.ends_at)}; er lässt sich nicht verlängern. "
            "Danach, oder wenn Sie ihn schließen, geben Sie einen neuen Grund an."
        )
    now = clock.now()
    found = AuditAccess(
        account_id=actor.account_id,
        body_id=ident(body),
        name=actor.name,
        reason=wish.reason,
        begins_at=now,
        ends_at=now + dt.timedelta(hours=queries.load_rules(session, ident(body))[AUDIT_HOURS]),
    )
    session.add(found)
    session.flush()
    _record(session, actor, "audit.open", found, body, before={}, reason=wish.reason)
    return found


def close_audit(session: Session, actor: Actor, access: AuditAccess) -> None:
    """Give the access up before its time; only whose own it is. Refused where it is over. The row is locked."""
    if actor.account_id is None or access.account_id != actor.account_id:
        raise Forbidden()
    if access.closed_at is not None or access.ends_at <= clock.now():
        raise Refused("Dieser Zugang ist schon zu Ende.")
    before = snapshot(access, *_TOLD)
    access.closed_at = clock.now()
    session.add(access)
    _record(session, actor, "audit.close", access, queries.load_body(session, access.body_id), before=before)


def _locked(session: Session, actor: Actor, body_id: int) -> Body:
    try:
        return queries.lock_body(session, actor, body_id)
    except NotFound:
        raise Invalid({"body": "Bitte wählen Sie ein Gremium aus der Liste."}) from None


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    access: AuditAccess,
    body: Body,
    *,
    before: dict[str, object],
    reason: str = "",
) -> None:
    record(
        session,
        actor,
        verb,
        access,
        before=before,
        after=snapshot(access, *_TOLD),
        label=body.short_name,
        reason=reason,
        body_id=ident(body),
        reach=Reach.DRAFT,
    )
