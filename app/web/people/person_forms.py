"""The forms of a person: create, change with functions, delete; for the secretariats."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.bodies.queries import get_person, lock_person
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.people.models import Person
from app.people.queries import organisation_choices
from app.people.schemas import PersonChange, PersonIn
from app.people.service import persons as service
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.validation import read
from app.web.forms import Form, Rows, differing, seen_version, typed
from app.web.history import in_words
from app.web.respond import done, page

router = APIRouter()

FUNCTIONS = Rows("functions", ("title", "organisation", "valid_from", "valid_to"))
HOME = (("Gremien", "/gremien"), ("Personen", "/personen"))


@router.get("/personen/neu")
def new_person(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The empty form."""
    _require(actor)
    return _form(request, session, actor, Form())


@router.post("/personen/neu")
def save_new_person(request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Create the person, or show the form again with what was typed."""
    _require(actor)
    values = typed(submitted)
    try:
        with database.write() as session:
            person = service.create_person(session, actor, read(PersonIn, _wish(values)))
            person_id = ident(person)
    except Invalid as error:
        with database.read() as session:
            form = Form(values, FUNCTIONS.at_fields(error, values))
            return _form(request, session, actor, form, status=error.status)
    return done(request, f"/personen/{person_id}", "Die Person ist angelegt.")


@router.get("/personen/{person_id:int}/bearbeiten")
def edit_person(request: Request, session: ReadSession, actor: CurrentActor, person_id: int) -> Response:
    """The form with the person's data."""
    person = get_person(session, actor, person_id)
    _require(actor)
    values = {name: getattr(person, name) for name in service.PLAIN} | FUNCTIONS.shown(person.functions, _function)
    return _form(request, session, actor, Form(values), person=person)


@router.post("/personen/{person_id:int}/bearbeiten")
def update_person(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor, person_id: int
) -> Response:
    """Change the person; somebody else's change in between is shown beside what was typed."""
    values = typed(submitted)
    try:
        with database.write() as session:
            person = lock_person(session, actor, person_id)
            _require(actor)
            wish = read(PersonChange, _wish(values))
            service.change_person(session, actor, person, wish, expected=seen_version(values))
    except (Invalid, Stale) as error:
        with database.read() as session:
            person = get_person(session, actor, person_id)
            compare = None
            if isinstance(error, Stale):
                mine = service.describe_person(session, read(PersonIn, _wish(values)))
                compare = differing(mine, error.current, in_words)
            form = Form(values, FUNCTIONS.at_fields(error, values))
            return _form(request, session, actor, form, person=person, status=error.status, compare=compare)
    return done(request, f"/personen/{person_id}", "Die Person ist gespeichert.")


@router.post("/personen/{person_id:int}/loeschen")
def delete_person(request: Request, database: CurrentDatabase, actor: CurrentActor, person_id: int) -> Response:
    """Delete the person, if nothing names it; else the form says what does."""
    try:
        with database.write() as session:
            person = lock_person(session, actor, person_id)
            service.delete_person(session, actor, person)
    except Refused as error:
        with database.read() as session:
            person = get_person(session, actor, person_id)
            stored = {name: getattr(person, name) for name in service.PLAIN}
            form = Form(stored | FUNCTIONS.shown(person.functions, _function), {"": error.sentence})
            return _form(request, session, actor, form, person=person, status=error.status)
    return done(request, "/personen", "Die Person ist gelöscht.")


def _require(actor: Actor) -> None:
    if not actor.is_secretariat:
        raise Forbidden("Personen ändern die Geschäftsstellen.")


def _function(thing: Any, name: str) -> Any:
    return thing.organisation_id if name == "organisation" else getattr(thing, name)


def _wish(values: Mapping[str, str]) -> dict[str, Any]:
    return {**{name: values.get(name, "") for name in service.PLAIN}, "functions": FUNCTIONS.read(values)}


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form,
    *,
    person: Person | None = None,
    status: int = 200,
    compare: tuple[str, str] | None = None,
) -> Response:
    home = f"/personen/{person.id}" if person else "/personen"
    trail = ((person.name, home), ("Bearbeiten", None)) if person else (("Neu", None),)
    return page(
        request,
        actor,
        "people/person_form.html",
        title="Person bearbeiten" if person else "Person anlegen",
        status=status,
        crumbs=(*HOME, *trail),
        action=f"{home}/bearbeiten" if person else "/personen/neu",
        home=home,
        form=form,
        person=person,
        compare=compare,
        organisations=organisation_choices(session, clock.today()),
        places=FUNCTIONS.places(form.values),
    )
