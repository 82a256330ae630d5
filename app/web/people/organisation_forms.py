"""The forms of an institution: create, rename from a day on, change with its names, delete; for the secretariats."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.people import queries
from app.people.models import Organisation
from app.people.rules import KIND_WORDS, valid_one
from app.people.schemas import OrganisationChange, OrganisationIn
from app.people.service import organisations as service
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.validation import Day, Line, read
from app.web.forms import Form, Rows, differing, read_form, seen_version, typed
from app.web.history import in_words
from app.web.respond import done, page

router = APIRouter()

NAMES = Rows("names", ("long", "short", "valid_from", "valid_to"))
HOME = (("Gremien", "/gremien"), ("Institutionen", "/institutionen"))


class RenameIn(BaseModel):
    """A new name from a day on."""

    model_config = ConfigDict(extra="ignore")

    long: Line
    short: Line = ""
    valid_from: Day


@router.get("/institutionen/neu")
def new_organisation(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The empty form."""
    _require(actor)
    return _form(request, session, actor, Form({"kind": "other"}))


@router.post("/institutionen/neu")
def save_new_organisation(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Create the institution, or show the form again with what was typed."""
    _require(actor)
    values = typed(submitted)
    try:
        with database.write() as session:
            made = service.create_organisation(session, actor, read(OrganisationIn, _wish(values)))
            organisation_id = ident(made)
    except Invalid as error:
        with database.read() as session:
            form = Form(values, NAMES.at_fields(error, values))
            return _form(request, session, actor, form, status=error.status)
    return done(request, f"/institutionen/{organisation_id}", "Die Institution ist angelegt.")


@router.get("/institutionen/{organisation_id:int}/bearbeiten")
def edit_organisation(request: Request, session: ReadSession, actor: CurrentActor, organisation_id: int) -> Response:
    """The form with the institution's data."""
    organisation = queries.get_organisation(session, actor, organisation_id)
    _require(actor)
    if organisation.merged_into_id is not None:
        return done(request, f"/institutionen/{organisation.merged_into_id}")
    return _form(request, session, actor, Form(_stored(organisation)), organisation=organisation)


@router.post("/institutionen/{organisation_id:int}/bearbeiten")
def update_organisation(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor, organisation_id: int
) -> Response:
    """Change the institution; somebody else's change in between is shown beside what was typed."""
    values = typed(submitted)
    try:
        with database.write() as session:
            organisation = queries.lock_organisation(session, actor, organisation_id)
            _require(actor)
            wish = read(OrganisationChange, _wish(values))
            if not wish.names:
                raise Invalid({"names": "Bitte nennen Sie mindestens einen Namen."})
            service.change_organisation(session, actor, organisation, wish, expected=seen_version(values))
    except (Invalid, Stale) as error:
        with database.read() as session:
            organisation = queries.get_organisation(session, actor, organisation_id)
            compare = None
            if isinstance(error, Stale):
                mine = service.describe_organisation(session, read(OrganisationIn, _wish(values)))
                compare = differing(mine, error.current, in_words)
            form = Form(values, NAMES.at_fields(error, values))
            return _form(request, session, actor, form, organisation=organisation, status=error.status, compare=compare)
    return done(request, f"/institutionen/{organisation_id}", "Die Institution ist gespeichert.")


@router.post("/institutionen/{organisation_id:int}/umbenennen")
def rename_organisation(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor, organisation_id: int
) -> Response:
    """A new name from a day on; the old one ends the day before."""
    values = typed(submitted)
    try:
        with database.write() as session:
            organisation = queries.lock_organisation(session, actor, organisation_id)
            _require(actor)
            wish = read_form(RenameIn, values)
            service.rename_organisation(
                session,
                actor,
                organisation,
                long=wish.long,
                short=wish.short,
                valid_from=wish.valid_from,
                expected=seen_version(values),
            )
    except (Invalid, Stale) as error:
        with database.read() as session:
            organisation = queries.get_organisation(session, actor, organisation_id)
            errors = _renaming(error) if isinstance(error, Invalid) else {"": error.sentence}
            return _form(
                request,
                session,
                actor,
                Form(_stored(organisation)),
                organisation=organisation,
                status=error.status,
                rename=Form(values, errors),
            )
    return done(request, f"/institutionen/{organisation_id}", "Der neue Name ist eingetragen.")


@router.post("/institutionen/{organisation_id:int}/loeschen")
def delete_organisation(
    request: Request, database: CurrentDatabase, actor: CurrentActor, organisation_id: int
) -> Response:
    """Delete the institution, if nothing names it; else the form says what does."""
    try:
        with database.write() as session:
            organisation = queries.lock_organisation(session, actor, organisation_id)
            service.delete_organisation(session, actor, organisation)
    except Refused as error:
        with database.read() as session:
            organisation = queries.get_organisation(session, actor, organisation_id)
            form = Form(_stored(organisation), {"": error.sentence})
            return _form(request, session, actor, form, organisation=organisation, status=error.status)
    return done(request, "/institutionen", "Die Institution ist gelöscht.")


def _require(actor: Actor) -> None:
    if not actor.is_secretariat:
        raise Forbidden("Institutionen ändern die Geschäftsstellen.")


def _stored(organisation: Organisation) -> dict[str, Any]:
    return {
        "kind": organisation.kind.value,
        "successor": organisation.successor_id,
        "address": organisation.address,
        "country": organisation.country,
        **NAMES.shown(organisation.names),
    }


def _wish(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": values.get("kind") or "other",
        "successor": values.get("successor") or None,
        "address": values.get("address", ""),
        "country": values.get("country", ""),
        "names": NAMES.read(values),
    }


def _renaming(error: Invalid) -> dict[str, str]:
    """The service names the new name as the last of the institution's names; the small form has its own fields."""
    return {f"neu-{name.rpartition('.')[2]}" if name else "": words for name, words in error.fields.items()}


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form,
    *,
    organisation: Organisation | None = None,
    status: int = 200,
    compare: tuple[str, str] | None = None,
    rename: Form | None = None,
) -> Response:
    home = f"/institutionen/{organisation.id}" if organisation else "/institutionen"
    name = valid_one(organisation.names, actor.on) if organisation else None
    trail = ((name.long if name else "ohne Namen", home), ("Bearbeiten", None)) if organisation else (("Neu", None),)
    own = organisation.id if organisation else None
    return page(
        request,
        actor,
        "people/organisation_form.html",
        title="Institution bearbeiten" if organisation else "Institution anlegen",
        status=status,
        crumbs=(*HOME, *trail),
        action=f"{home}/bearbeiten" if organisation else "/institutionen/neu",
        home=home,
        form=form,
        rename=rename or Form(),
        organisation=organisation,
        compare=compare,
        kinds=[(kind.value, word) for kind, word in KIND_WORDS.items()],
        successors=[one for one in queries.organisation_choices(session, clock.today()) if one[0] != own],
        places=NAMES.places(form.values),
    )
