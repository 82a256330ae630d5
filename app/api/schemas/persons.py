"""How programs read persons."""

import datetime as dt

from app.actor import Actor
from app.api.schemas.thing import PREFIX, Shape, Thing
from app.db import ident
from app.people.models import Person


class FunctionOut(Shape):
    """What a person is in an institution (Funktion), dated; ``organisation`` is an id."""

    title: str
    organisation: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None


class PersonOut(Thing):
    """A person. ``email`` and the postal ``address`` (lines, without the name; ``country`` only abroad) are null for
    everybody but secretariats and the person.
    """

    name: str
    title: str
    first_name: str
    last_name: str
    salutation: str
    email: str | None
    address: str | None
    country: str | None
    functions: list[FunctionOut]


def person_out(actor: Actor, person: Person) -> PersonOut:
    """A person whose functions are loaded, as the actor may read it."""
    reads_contact = actor.is_secretariat or person.id == actor.person_id
    return PersonOut(
        id=ident(person),
        version=person.version,
        url=f"{PREFIX}/persons/{person.id}",
        page=f"/personen/{person.id}",
        name=person.name,
        title=person.title,
        first_name=person.first_name,
        last_name=person.last_name,
        salutation=person.salutation,
        email=person.email if reads_contact else None,
        address=person.address if reads_contact else None,
        country=person.country if reads_contact else None,
        functions=[
            FunctionOut(
                title=one.title, organisation=one.organisation_id, valid_from=one.valid_from, valid_to=one.valid_to
            )
            for one in person.functions
        ],
    )
