"""Registered topics (TOP-Anmeldung): list, one, register, change, withdraw, consent, decline."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import Registration, RegistrationState
from app.agenda.queries import registrations as queries
from app.agenda.rules.registrations import is_own, may_consent, runs
from app.agenda.schemas.wishes import ConsentIn, DeclineIn, RegistrationChange, RegistrationIn
from app.agenda.service import registrations as service
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody
from app.api.paging import ListQuery, Walk
from app.api.queries import codes_of
from app.api.schemas.registrations import RegistrationOut, registration_outs
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import ident
from app.errors import Forbidden
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(prefix="/registrations", tags=["Anmeldungen"])


class RegistrationQuery(ListQuery):
    """Filters of the list."""

    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    meeting: RowId | None = Field(default=None, description="Kennung der gewünschten Sitzung")
    state: RegistrationState | None = None


@router.get("", response_model=Listing[RegistrationOut], summary="Anmeldungen")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[RegistrationQuery, Query()]
) -> Response:
    """Your own registered topics and those of your seats; for secretariat and chair all of their bodies."""
    walk = Walk(request, query)
    rows = queries.list_registrations(session, actor, body_id=query.body, state=query.state, meeting_id=query.meeting)
    page, following = walk.cut(rows, lambda one: (ident(one),))
    return listed(show_all(session, actor, page), following)


@router.get("/{registration_id}", response_model=RegistrationOut, summary="Eine Anmeldung")
def show_one(registration_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One registered topic."""
    return shown(_show(session, actor, queries.get_registration(session, actor, registration_id)))


@router.post("", response_model=RegistrationOut, status_code=201, summary="Thema anmelden")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: RegistrationIn) -> Response:
    """Register a topic for one of your seats, or for projects that you lead."""
    return once.created(session, lambda: service.register_topic(session, actor, wish), partial(_show, session, actor))


@router.patch("/{registration_id}", response_model=RegistrationOut, summary="Anmeldung ändern")
def update(
    registration_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: RegistrationChange
) -> Response:
    """Change the given fields while the topic is received."""

    def act() -> Registration:
        one = queries.lock_registration(session, actor, registration_id)
        if not is_own(actor, one) and not runs(actor, one):
            raise Forbidden()
        seen.check(one.version, lambda: _show(session, actor, one))
        return service.change_registration(session, actor, one, wish, base_version=one.version)

    return changed(session, act, partial(_show, session, actor))


@router.post("/{registration_id}/withdraw", response_model=RegistrationOut, summary="Zurückziehen")
def withdraw(
    registration_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """Take a received topic back."""

    def act() -> Registration:
        one = _lock(session, actor, registration_id, seen)
        return service.withdraw_registration(session, actor, one)

    return once.done(session, act, partial(_show, session, actor))


@router.post("/{registration_id}/consent", response_model=RegistrationOut, summary="Einverständnis festhalten")
def consent(
    registration_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: ConsentIn,
) -> Response:
    """Keep the chair's consent to a late topic."""

    def act() -> Registration:
        one = queries.lock_registration(session, actor, registration_id)
        if not may_consent(actor, one):
            raise Forbidden()
        seen.check(one.version, lambda: _show(session, actor, one))
        return service.record_consent(session, actor, one, wish)

    return once.done(session, act, partial(_show, session, actor))


@router.post("/{registration_id}/decline", response_model=RegistrationOut, summary="Nicht vorsehen")
def decline(
    registration_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: DeclineIn,
) -> Response:
    """Put a received topic into the backlog; ``told`` is what those who registered it read, ``reason`` stays inside."""

    def act() -> Registration:
        one = queries.lock_registration(session, actor, registration_id)
        if not runs(actor, one):
            raise Forbidden()
        seen.check(one.version, lambda: _show(session, actor, one))
        service.decline_registration(session, actor, one, wish)
        return one

    return once.done(session, act, partial(_show, session, actor))


def show_all(session: Session, actor: Actor, rows: Sequence[Registration]) -> list[RegistrationOut]:
    """Readable registered topics as programs read them; three queries, whatever their number."""
    links = queries.projects_of_registrations(session, [ident(one) for one in rows])
    return registration_outs(
        rows,
        links=links,
        codes=codes_of(session, {link.project_id for there in links.values() for link in there}),
        known_meetings=queries.meetings_by_id(session, actor, {one.meeting_id for one in rows if one.meeting_id}),
    )


def _show(session: Session, actor: Actor, one: Registration) -> RegistrationOut:
    return show_all(session, actor, [one])[0]


def _lock(session: Session, actor: Actor, registration_id: int, seen: Seen) -> Registration:
    one = queries.lock_registration(session, actor, registration_id)
    if not is_own(actor, one) and not runs(actor, one):
        raise Forbidden()
    seen.check(one.version, lambda: _show(session, actor, one))
    return one
