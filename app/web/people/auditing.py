"""Vertrauliches einsehen: the Revision gives a reason and reads for a while; who else sees that it did."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, Role
from app.bodies import audit_queries, queries, service
from app.bodies.models import AuditAccess
from app.bodies.rules import AUDIT_HOURS, may_audit
from app.bodies.schemas import AuditIn
from app.db import ident
from app.errors import Forbidden, Invalid, Refused
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.web.forms import Form, read_form, typed
from app.web.respond import done, page

router = APIRouter()

HERE = "/vertrauliches"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One access as the page lists it: body, who, reason, the span in words, and whether it may be closed here."""

    id: int
    body: str
    name: str
    reason: str
    span: str
    word: str
    running: bool
    may_close: bool


@router.get(HERE)
def show_audits(request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "") -> Response:
    """Every access that concerns the person, and for the Revision the form of a new one."""
    return _page(request, session, actor, Form({"body": gremium} if gremium.isdecimal() else {}))


@router.post(HERE)
def open_audit(request: Request, actor: CurrentActor, database: CurrentDatabase, submitted: Submitted) -> Response:
    """Read confidential matters of a body from now on, with this reason."""
    audit_queries.require_concerned(actor)
    if not actor.has_anywhere(Role.AUDITOR):
        raise Forbidden()
    values = typed(submitted)
    try:
        with database.write() as session:
            service.open_audit(session, actor, read_form(AuditIn, values))
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _page(request, session, actor, Form(values, error.by_field), status=error.status)
    return done(request, HERE, "Sie sehen jetzt Vertrauliches dieses Gremiums. Ihr Grund ist festgehalten.")


@router.post(HERE + "/{access_id:int}/schliessen")
def close_audit(request: Request, access_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """Give the access up before its time."""
    access = audit_queries.get_audit(session, actor, access_id, lock=True)
    service.close_audit(session, actor, access)
    return done(request, HERE, "Der Zugang ist geschlossen. Vertrauliches sehen Sie erst mit einem neuen Grund wieder.")


def _page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    found = audit_queries.list_audits(session, actor)
    names = {key: body.short_name for key, body in queries.load_bodies(session).items()}
    own = [body for body in queries.list_bodies(session, actor) if may_audit(actor, ident(body))]
    hours = {ident(body): queries.load_rules(session, ident(body))[AUDIT_HOURS] for body in own}
    return page(
        request,
        actor,
        "people/audits.html",
        title="Vertrauliches einsehen",
        status=status,
        crumbs=(("Profil", "/profil"), ("Vertrauliches einsehen", None)),
        lines=[_line(actor, one, names[one.body_id]) for one in found],
        form=form,
        bodies=[(str(ident(body)), f"{body.short_name} ({hours[ident(body)]} Stunden)") for body in own],
    )


def _line(actor: Actor, access: AuditAccess, body: str) -> AuditLine:
    running = access.closed_at is None and access.ends_at > clock.now()
    end = access.closed_at or access.ends_at
    return AuditLine(
        id=ident(access),
        body=body,
        name=access.name,
        reason=access.reason,
        span=f"{text.moment(access.begins_at)} bis {text.moment(end)}",
        word="läuft" if running else "vorzeitig geschlossen" if access.closed_at else "abgelaufen",
        running=running,
        may_close=running and access.account_id == actor.account_id,
    )
