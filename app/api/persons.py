"""Persons: list, one, create, change."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.persons import PersonOut, person_out
from app.api.schemas.thing import Id, Listing
from app.api.versions import MustHaveSeen
from app.bodies.queries import get_person, list_persons, lock_person
from app.db import ident
from app.people.models import Person
from app.people.rules import require_secretariat
from app.people.schemas import PersonChange, PersonIn
from app.people.service import change_person, create_person
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/persons", tags=["Personen"])


@router.get("", response_model=Listing[PersonOut], summary="Personen")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The persons you may see, by last name."""
    walk = Walk(request, query)
    page, following = walk.cut(list_persons(session, actor), lambda one: (one.sort_key, ident(one)))
    return listed([person_out(actor, one) for one in page], following)


@router.get("/{person_id}", response_model=PersonOut, summary="Eine Person")
def show_person(person_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One person with functions; the e-mail address only where you may see it."""
    return shown(person_out(actor, get_person(session, actor, person_id)))


@router.post("", response_model=PersonOut, status_code=201, summary="Person anlegen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: PersonIn) -> Response:
    """A new person with functions. Any secretariat may."""
    return once.created(session, lambda: create_person(session, actor, wish), partial(_show, session, actor))


@router.patch("/{person_id}", response_model=PersonOut, summary="Person ändern")
def update(
    person_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: PersonChange
) -> Response:
    """Change the given fields; the functions are replaced whole."""

    def act() -> Person:
        person = lock_person(session, actor, person_id)
        require_secretariat(actor)
        seen.check(person.version, lambda: person_out(actor, person))
        return change_person(session, actor, person, wish)

    return changed(session, act, partial(_show, session, actor))


def _show(session: Session, actor: Actor, person: Person) -> PersonOut:
    session.expire(person, ["functions"])
    return person_out(actor, get_person(session, actor, ident(person)))
