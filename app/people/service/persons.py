"""What the secretariats do with persons: create, change with their functions, delete whom nothing names."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record
from app.people import queries, rules
from app.people.models import Person, PersonFunction
from app.people.schemas import FunctionIn, PersonChange, PersonIn
from app.validation import read

PLAIN = ("title", "first_name", "last_name", "salutation", "email", "address", "country")


def add_person(
    session: Session,
    actor: Actor,
    *,
    last_name: str,
    first_name: str = "",
    title: str = "",
    salutation: str = "",
    email: str = "",
) -> Person:
    """A new person without a function; Invalid without a last name."""
    wish = {
        "last_name": last_name,
        "first_name": first_name,
        "title": title,
        "salutation": salutation,
        "email": email,
    }
    return create_person(session, actor, read(PersonIn, wish))


def create_person(session: Session, actor: Actor, wish: PersonIn) -> Person:
    """A new person with functions. Invalid where a function ends before it begins or the address is none."""
    _require(actor)
    _check(session, wish.functions, rules.address_errors(wish.address, wish.country))
    made = Person(
        **{name: getattr(wish, name) for name in PLAIN}, sort_key=rules.person_sort_key(wish.last_name, wish.first_name)
    )
    made.email = _address(wish.email)
    session.add(made)
    session.flush()
    _store_functions(session, made, wish.functions)
    record(session, actor, "person.create", made, after=describe_person(session, wish), label=made.name[:200])
    return made


def change_person(
    session: Session, actor: Actor, person: Person, wish: PersonChange, *, expected: int | None = None
) -> Person:
    """Change the given fields; *person* is locked by the caller, with its functions loaded.

    Stale if the version is not the *expected* one; Invalid as for :func:`create_person`.
    """
    _require(actor)
    before = describe_person(session, person)
    if expected is not None and expected != person.version:
        raise Stale(before)
    given = wish.model_fields_set
    address, country = (getattr(wish if name in given else person, name) for name in ("address", "country"))
    _check(session, wish.functions if "functions" in given else (), rules.address_errors(address, country))
    for name in PLAIN:
        if name in given:
            setattr(person, name, _address(wish.email) if name == "email" else getattr(wish, name))
    after = describe_person(session, person) | (
        {"functions": _functions(session, wish.functions)} if "functions" in given else {}
    )
    if after == before:
        return person
    person.sort_key = rules.person_sort_key(person.last_name, person.first_name)
    flag_modified(person, "sort_key")  # lets the version rise, also where only functions changed
    session.add(person)
    if "functions" in given:
        for row in queries.list_functions(session, ident(person)):
            session.delete(row)
        session.flush()
        _store_functions(session, person, wish.functions)
    session.flush()
    record(session, actor, "person.change", person, before=before, after=after, label=person.name[:200])
    return person


def delete_person(session: Session, actor: Actor, person: Person) -> None:
    """Delete a person whom nothing names; Refused with what names the person otherwise."""
    _require(actor)
    used = queries.uses_of(session, "person", ident(person), but=("person_function",))
    if used:
        raise Refused(
            f"{person.name} wird gebraucht: {text.joined(used)}. Die Person bleibt deshalb erhalten; "
            "beenden Sie ihre Funktionen und Sitze mit einem Datum."
        )
    before = describe_person(session, person)
    for row in queries.list_functions(session, ident(person)):
        session.delete(row)
    session.delete(person)
    session.flush()
    record(session, actor, "person.delete", person, before=before, label=person.name[:200])


def describe_person(session: Session, thing: Person | PersonIn) -> dict[str, Any]:
    """A person, stored (functions loaded) or wished, in words for the history and for comparing."""
    found = {name: getattr(thing, name) for name in PLAIN}
    return {**found, "functions": _functions(session, thing.functions)}


def _functions(session: Session, functions: Sequence[PersonFunction | FunctionIn]) -> list[str]:
    ordered = sorted(functions, key=lambda one: one.valid_from or dt.date.min)
    places = [one.organisation if isinstance(one, FunctionIn) else one.organisation_id for one in ordered]
    names = queries.names_on(session, {one for one in places if one is not None}, clock.today())
    words = [names[one].long if one in names else "" for one in places]
    return [rules.function_words(one.title, place, one) for one, place in zip(ordered, words, strict=True)]


def _require(actor: Actor) -> None:
    if not actor.is_secretariat:
        raise Forbidden("Personen ändern die Geschäftsstellen.")


def _address(typed: str) -> str:
    """The address as typed, if it is one: how it was written is kept."""
    if typed:
        rules.checked_email(typed)
    return typed


def _check(session: Session, functions: Sequence[FunctionIn], errors: dict[str, str]) -> None:
    errors |= rules.span_errors("functions", functions, [one.title for one in functions], apart=False)
    places = {one.organisation for one in functions if one.organisation is not None}
    known = queries.live_organisations(session, places)
    for place, one in enumerate(functions):
        if one.organisation is not None and one.organisation not in known:
            errors[f"functions.{place}.organisation"] = "Diese Institution gibt es nicht."
    if errors:
        raise Invalid(errors)


def _store_functions(session: Session, person: Person, functions: Sequence[FunctionIn]) -> None:
    session.add_all(
        PersonFunction(
            person_id=ident(person),
            organisation_id=one.organisation,
            title=one.title,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in functions
    )
    session.flush()
