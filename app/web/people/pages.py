"""Persons and institutions: lists with their files, and plain pages with names, functions and seats over time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.bodies import queries as bodies
from app.bodies.models import Body, Membership, Seat
from app.db import ident
from app.people import queries
from app.people.models import Organisation, Person, PersonFunction
from app.people.rules import KIND_WORDS, holds, listed_name, postal_lines, valid_one
from app.projects.queries.leads import list_led
from app.projects.queries.listing import list_projects
from app.projects.schemas import ProjectFilter
from app.request import CurrentActor, ReadSession
from app.web.history import history_of, reads_history
from app.web.people.bodies import KINDS
from app.web.respond import done, page
from app.web.tables import Column, Kind, download

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list, with what they are today."""

    id: int
    name: str
    function: str
    organisation: str
    email: str


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An institution in the list, with the names of today."""

    id: int
    long: str
    short: str
    kind: str
    successor: str


PERSONS: tuple[Column[PersonLine], ...] = (
    Column("Name", lambda row: row.name, Kind.NAME, link=lambda row: f"/personen/{row.id}"),
    Column("Funktion", lambda row: row.function),
    Column("Institution", lambda row: row.organisation),
)
EMAIL: Column[PersonLine] = Column("E-Mail-Adresse", lambda row: row.email)
ORGANISATIONS: tuple[Column[OrganisationLine], ...] = (
    Column("Name", lambda row: row.long, Kind.NAME, link=lambda row: f"/institutionen/{row.id}"),
    Column("Kurzname", lambda row: row.short),
    Column("Art", lambda row: row.kind),
    Column("Übergegangen in", lambda row: row.successor),
)


@router.get("/personen")
def show_persons(request: Request, session: ReadSession, actor: CurrentActor, q: str = "") -> Response:
    """The persons whom the reader may know of."""
    return page(
        request,
        actor,
        "people/persons.html",
        title="Personen",
        crumbs=(("Gremien", "/gremien"), ("Personen", None)),
        rows=_persons(session, actor, q),
        columns=_person_columns(actor),
        q=q,
        may_edit=actor.is_secretariat,
    )


@router.get("/personen.csv")
@router.get("/personen.xlsx")
def download_persons(request: Request, session: ReadSession, actor: CurrentActor, q: str = "") -> Response:
    """The same list as a file."""
    ending = request.url.path.rpartition(".")[2]
    return download(ending, _person_columns(actor), _persons(session, actor, q), title="Personen", name="personen")


@router.get("/personen/{person_id:int}")
def show_person(request: Request, person_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One person: functions and seats over time; the address only for secretariats and the person."""
    person = bodies.get_person(session, actor, person_id)
    held = bodies.seats_of_person(session, actor, person_id)
    named = {one.organisation_id for one in person.functions if one.organisation_id is not None}
    organisations = queries.names_on(session, named | {seat.organisation_id for _, seat in held}, actor.on)
    names = {key: name.long for key, name in organisations.items()}
    reads_contact = actor.is_secretariat or actor.person_id == person_id
    return page(
        request,
        actor,
        "people/person.html",
        title=person.name,
        crumbs=(("Gremien", "/gremien"), ("Personen", "/personen"), (person.name, None)),
        person=person,
        email=person.email if reads_contact else "",
        postal=postal_lines(person.address, person.country) if reads_contact else (),
        functions=[(one, names.get(one.organisation_id or 0, "")) for one in _latest_first(person.functions)],
        seats=_seats_held(held, names, bodies.load_bodies(session), actor.on),
        reads_places=queries.reads_organisations(actor),
        led=list_led(session, actor, person_id),
        may_edit=actor.is_secretariat,
        lines=history_of(session, actor, "person", person_id) if reads_history(actor) else [],
    )


@router.get("/institutionen")
def show_organisations(request: Request, session: ReadSession, actor: CurrentActor, q: str = "") -> Response:
    """The institutions, with the names of today."""
    return page(
        request,
        actor,
        "people/organisations.html",
        title="Institutionen",
        crumbs=(("Gremien", "/gremien"), ("Institutionen", None)),
        rows=_organisations(session, actor, q),
        columns=ORGANISATIONS,
        q=q,
        may_edit=actor.is_secretariat,
    )


@router.get("/institutionen.csv")
@router.get("/institutionen.xlsx")
def download_organisations(request: Request, session: ReadSession, actor: CurrentActor, q: str = "") -> Response:
    """The same list as a file."""
    ending = request.url.path.rpartition(".")[2]
    rows = _organisations(session, actor, q)
    return download(ending, ORGANISATIONS, rows, title="Institutionen", name="institutionen")


@router.get("/institutionen/{organisation_id:int}")
def show_organisation(request: Request, organisation_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One institution: names over time, what came before and after, its seats and the projects it leads."""
    organisation = queries.get_organisation(session, actor, organisation_id)
    if organisation.merged_into_id is not None:
        words = f"„{_named(organisation, actor.on)[1]}“ ist in dieser Institution aufgegangen."
        return done(request, f"/institutionen/{organisation.merged_into_id}", words)
    merged = queries.list_merged(session, organisation_id)
    name = valid_one(organisation.names, actor.on)
    title = name.long if name else "Institution ohne Namen"
    successor = (
        queries.get_organisation(session, actor, organisation.successor_id) if organisation.successor_id else None
    )
    names = bodies.load_bodies(session)
    return page(
        request,
        actor,
        "people/organisation.html",
        title=title,
        crumbs=(("Gremien", "/gremien"), ("Institutionen", "/institutionen"), (title, None)),
        organisation=organisation,
        kind=KIND_WORDS[organisation.kind],
        postal=postal_lines(organisation.address, organisation.country),
        names=_latest_first(organisation.names),
        successor=_named(successor, actor.on) if successor else None,
        predecessors=[_named(one, actor.on) for one in queries.list_predecessors(session, actor, organisation_id)],
        seats=[
            (seat, names[seat.body_id], holds(seat, actor.on))
            for seat in bodies.seats_of_organisation(session, actor, organisation_id)
        ],
        may_edit=actor.is_secretariat,
        leads=list_projects(session, actor, ProjectFilter(lead_id=organisation_id), limit=0).total,
        merged=[_named(one, actor.on)[1] for one in merged],
        lines=history_of(
            session,
            actor,
            "organisation",
            organisation_id,
            also={"organisation": [organisation_id, *(ident(one) for one in merged)]},
        )
        if reads_history(actor)
        else [],
    )


def _person_columns(actor: Actor) -> tuple[Column[PersonLine], ...]:
    return (*PERSONS, EMAIL) if actor.is_secretariat else PERSONS


def _persons(session: Session, actor: Actor, q: str) -> list[PersonLine]:
    persons = bodies.list_persons(session, actor)
    now = {ident(one): _function_on(one, actor.on) for one in persons}
    wanted = {one.organisation_id for one in now.values() if one and one.organisation_id is not None}
    names = queries.names_on(session, wanted, actor.on)
    lines = []
    for one in persons:
        function = now[ident(one)]
        place = names.get(function.organisation_id or 0) if function else None
        title = function.title if function else ""
        lines.append(PersonLine(ident(one), listed_name(one), title, place.long if place else "", one.email))
    return [line for line in lines if _found(q, line.name, line.function, line.organisation)]


def _organisations(session: Session, actor: Actor, q: str) -> list[OrganisationLine]:
    organisations = queries.list_organisations(session, actor)
    names = {ident(one): valid_one(one.names, actor.on) for one in organisations}
    merged = queries.merged_names(session) if q and organisations else {}
    lines = []
    for one in organisations:
        name, successor = names[ident(one)], names.get(one.successor_id or 0)
        known_as = [*one.names, *merged.get(ident(one), ())]
        if name is not None and _found(q, *(f"{known.long} {known.short}" for known in known_as)):
            after = successor.long if successor else ""
            lines.append(OrganisationLine(ident(one), name.long, name.short, KIND_WORDS[one.kind], after))
    return lines


def _found(q: str, *words: str) -> bool:
    """Whether every word of *q* stands in *words*, whatever case and umlauts."""
    text_there = text.fold(" ".join(words))
    return all(word in text_there for word in text.fold(text.clean(q)).split())


def _function_on(person: Person, on: dt.date) -> PersonFunction | None:
    return next((one for one in reversed(person.functions) if holds(one, on)), None)


def _latest_first(things: Sequence[Any]) -> list[Any]:
    return sorted(things, key=lambda one: one.valid_from or dt.date.min, reverse=True)


def _named(organisation: Organisation, on: dt.date) -> tuple[int, str]:
    name = valid_one(organisation.names, on)
    return ident(organisation), name.long if name else "Institution ohne Namen"


def _seats_held(
    held: list[tuple[Membership, Seat]], names: Mapping[int, str], known: Mapping[int, Body], on: dt.date
) -> list[dict[str, Any]]:
    """Seats of a person, those of today first, then the latest."""
    rows = [
        {
            "body": known[seat.body_id],
            "place": names.get(seat.organisation_id, seat.title),
            "place_id": seat.organisation_id,
            "kind": KINDS[membership.kind],
            "when": text.validity(membership.valid_from, membership.valid_to),
            "today": holds(membership, on) and holds(seat, on),
            "since": membership.valid_from or dt.date.min,
        }
        for membership, seat in held
    ]
    return sorted(rows, key=lambda row: (row["today"], row["since"]), reverse=True)
