"""Institutions, persons, the body with its seats and rules, and the accounts of the personas."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import text
from app.actor import Role
from app.bodies import rules
from app.bodies import service as bodies
from app.bodies.models import AddressKind, MembershipKind, Seat
from app.bodies.schemas import BodyIn
from app.db import ident
from app.demo.reading import people
from app.demo.stage import INVENTED, Stage
from app.people import service
from app.people.models import OrganisationKind, PersonFunction
from app.people.schemas import AccountIn, NameIn, OrganisationIn

BODY_NAME, BODY_SHORT = "Steuerungskreis Industriepolitik", "SKIP"
DOMAIN = "example.org"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody as whom the demo can be seen: sign in with ``email``; ``sees`` says what to look at."""

    key: str
    title: str
    sees: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@{DOMAIN}"


PERSONAS: tuple[Persona, ...] = (
    Persona("geschaeftsstelle", "Geschäftsstelle", "Vorschläge mit Gründen, Tagesordnung, Freigabe"),
    Persona("vorsitz", "Vorsitz", "Entwurf der Tagesordnung und Themenspeicher"),
    Persona("buero-vorsitz", "Büro des Vorsitzes", "wie der Vorsitz, im Auftrag"),
    Persona("mitglied", "Mitglied", "freigegebene Tagesordnungen, Projekte"),
    Persona("stellvertretung", "Stellvertretung", "wie das Mitglied"),
    Persona("buero-mitglied", "Büro eines Mitglieds", "wie das Mitglied"),
    Persona("beratend", "Beratendes Mitglied", "ohne vertrauliche Punkte"),
    Persona("projektleitung", "Projektleitung", "eigene Projekte, Sachstand melden"),
    Persona("gast", "Gast", "den eigenen Punkt ab der Freigabe"),
    Persona("revision", "Revision", "alles Interne, nur lesend, den Verlauf"),
    Persona("admin", "Systemadministration", "Konten und Betrieb, keine Inhalte"),
)
ROLES: Mapping[str, Role] = {
    "geschaeftsstelle": Role.SECRETARIAT,
    "revision": Role.AUDITOR,
    "admin": Role.ADMIN,
}
RULES: Mapping[rules.RuleSpec, tuple[str, str]] = {
    rules.CHAIR_TITLE: ("Regierender Bürgermeister", "Vorsitz laut Gründung am 09.03.2010"),
    rules.LETTERHEAD: (
        "Steuerungskreis Industriepolitik\nGeschäftsstelle Masterplan Industriestadt\nBeispielstraße 1, 10178 Berlin",
        INVENTED,
    ),
    rules.SENDER: ("Geschäftsstelle Masterplan Industriestadt", INVENTED),
    rules.REFERENCE: ("SKIP-GS 0815 (Demo)", INVENTED),
    rules.ENTRY: ("Bitte nehmen Sie den Haupteingang und zeigen Sie diese Einladung vor.", INVENTED),
    rules.PER_YEAR: ("2", "etwa zwei Sitzungen im Jahr sind vorgesehen"),
}


def make_people(stage: Stage, password_hash: str) -> None:
    """Institutions, the body with everybody on its seats, project leads, and an account for every persona."""
    for number, (key, row) in enumerate(people()["organisations"].items(), 1):
        wish = OrganisationIn(
            kind=OrganisationKind(row["kind"]),
            names=(NameIn(long=row["long"], short=row["short"]),),
            address=f"Beispielstraße {number}\n10178 Berlin",  # invented, and looks it
        )
        made = service.create_organisation(stage.session, stage.operator(), wish)
        stage.organisations[key] = ident(made)
    stage.bodies.append(bodies.create_body(stage.session, stage.operator(), BodyIn(name=BODY_NAME, short_name="SKIP")))
    bodies.change_rules(
        stage.session,
        stage.operator(),
        stage.body,
        {spec.key: wanted for spec, wanted in RULES.items()},
        tuple(RULES),
    )
    for place, row in enumerate(people()["seats"], 1):
        _fill_seat(stage, place, row)
    for key, (salutation, title, first, last, organisation, function) in people()["others"].items():
        _person(stage, key, (salutation, title, first, last), function, organisation)
    for place, names in enumerate(people()["leaders"]["names"]):
        _person(stage, f"leader-{place}", names, "Projektleitung (erfunden)", "")
    for persona in PERSONAS:
        _account(stage, persona, password_hash)


def _fill_seat(stage: Stage, place: int, row: Mapping[str, Any]) -> None:
    seat = bodies.add_seat(
        stage.session,
        stage.operator(),
        stage.body,
        organisation_id=stage.organisations[row["org"]],
        title=row.get("title", ""),
        voting=row.get("voting", True),
        chair=row.get("chair", False),
        protocol_order=place,
        source=row["source"],
    )
    for kind in MembershipKind:
        if kind.value in row:
            *names, function, account = row[kind.value]
            key = account or f"{row['org']}-{kind.value}"
            person_id = _person(stage, key, names, function, row["org"])
            bodies.fill_seat(
                stage.session,
                stage.operator(),
                seat,
                person_id=person_id,
                kind=kind,
                valid_from=dt.date(stage.days.setup.year - 1, 1, 1),
            )
    _addresses(stage, seat, row)


def _addresses(stage: Stage, seat: Seat, row: Mapping[str, Any]) -> None:
    local = row["org"].replace("_", "-")
    name = f"Büro {people()['organisations'][row['org']]['short']}"
    wanted = [(AddressKind.OFFICE, name, f"buero.{local}@{DOMAIN}")]
    if row.get("chair"):
        wanted.append((AddressKind.COPY, "Protokollreferat", f"protokoll.{local}@{DOMAIN}"))
    for kind, words, email in wanted:
        bodies.add_seat_address(stage.session, stage.operator(), seat, kind=kind, name=words, email=email)


def _person(stage: Stage, key: str, names: Sequence[str], function: str, organisation: str) -> int:
    salutation, title, first_name, last_name = names
    made = service.add_person(
        stage.session,
        stage.operator(),
        last_name=last_name,
        first_name=first_name,
        title=title,
        salutation=salutation,
        email=_email(first_name, last_name),
    )
    stage.persons[key] = ident(made)
    stage.session.add(
        PersonFunction(
            person_id=ident(made),
            organisation_id=stage.organisations.get(organisation),
            title=function,
            valid_from=dt.date(stage.days.setup.year - 1, 1, 1),
        )
    )
    return ident(made)


def _email(first_name: str, last_name: str) -> str:
    plain = text.fold(f"{first_name}.{last_name}").replace(" ", "-")
    return f"{''.join(sign for sign in plain if sign.isascii())}@{DOMAIN}"


def _account(stage: Stage, persona: Persona, password_hash: str) -> None:
    stage.accounts[persona.key] = service.add_account(
        stage.session,
        stage.operator(),
        AccountIn(
            email=persona.email,
            name=f"{person_name(persona.key)} ({persona.title})",
            role=ROLES.get(persona.key),
            person_id=stage.persons[persona.key],
            password_hash=password_hash,
        ),
    )


def person_name(key: str) -> str:
    """Dr. Ada Beispiel, for the key of an account or a seat's kind as ``people.toml`` has it."""
    for row in people()["seats"]:
        for kind in MembershipKind:
            if row.get(kind.value, [""])[-1] == key:
                return _written(row[kind.value])
    return _written(people()["others"][key])


def _written(names: Sequence[str]) -> str:
    return " ".join(part for part in names[1:4] if part)
