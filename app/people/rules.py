"""Pure rules about names, accounts, keys and passwords."""

import datetime as dt
import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app import text
from app.actor import Actor, Role
from app.errors import Forbidden, Invalid
from app.links.rules import key_hash as key_hash
from app.people.models import OrganisationKind, Person

TRIES_PER_ACCOUNT = 5
TRY_WINDOW = dt.timedelta(hours=1)
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(minutes=15)
"""After so many failures within the window every further try waits, twice as long each time (eigene Festlegung)."""
TRIES_PER_ADDRESS = 40
ADDRESS_WINDOW = dt.timedelta(minutes=15)
PASSWORD_LENGTH = 12

ROLE_WORDS: Mapping[Role, str] = {
    Role.ADMIN: "Systemadministration",
    Role.SECRETARIAT: "Geschäftsstelle",
    Role.AUDITOR: "Revision",
    Role.CHAIR: "Vorsitz",
    Role.MEMBER: "Mitglied",
    Role.GUEST: "Gast",
    Role.LEAD: "Projektleitung",
}
KIND_WORDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.SENATE: "Senatsverwaltung",
    OrganisationKind.CHAMBER: "Kammer",
    OrganisationKind.ASSOCIATION: "Verband",
    OrganisationKind.UNION: "Gewerkschaft",
    OrganisationKind.PROMOTION: "Wirtschaftsförderung",
    OrganisationKind.LABOUR: "Arbeitsverwaltung",
    OrganisationKind.COMPANY: "Unternehmen",
    OrganisationKind.SCIENCE: "Wissenschaft",
    OrganisationKind.OTHER: "sonstige Institution",
}

USE_WORDS: Mapping[str, tuple[str, str]] = {
    "account": ("Konto", "Konten"),
    "action": ("Auftrag", "Aufträge"),
    "action_project": ("Auftrag", "Aufträge"),
    "letter_dispatch": ("versandtes Schreiben", "versandte Schreiben"),
    "agenda_item_guest": ("Einladung als Gast", "Einladungen als Gast"),
    "ballot": ("Antwort in einem Umlaufverfahren", "Antworten in Umlaufverfahren"),
    "circular_seat": ("Umlaufverfahren, in dem er gefragt ist", "Umlaufverfahren, in denen er gefragt ist"),
    "body_period": ("Gremium, das sie steuert", "Gremien, die sie steuern"),
    "cluster": ("Themencluster", "Themencluster"),
    "membership": ("Besetzung eines Sitzes", "Besetzungen von Sitzen"),
    "organisation.merged_into_id": ("zusammengeführte Institution", "zusammengeführte Institutionen"),
    "organisation.successor_id": ("Vorgängerin", "Vorgängerinnen"),
    "person_function": ("Funktion einer Person", "Funktionen von Personen"),
    "plan_field": ("Handlungsfeld", "Handlungsfelder"),
    "project": ("Projekt", "Projekte"),
    "project.lead_id": ("Federführung", "Federführungen"),
    "project_code": ("frühere Projektnummer", "frühere Projektnummern"),
    "project_field": ("Projekt als weiteres Handlungsfeld", "Projekte als weiteres Handlungsfeld"),
    "project_lead": ("Projektleitung", "Projektleitungen"),
    "project_partner": ("Partnerschaft in einem Projekt", "Partnerschaften in Projekten"),
    "seat": ("Sitz in einem Gremium", "Sitze in Gremien"),
}
"""What a table's rows (or those of one column) are called where they keep a thing: one, many."""


_EMAIL = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+")
hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


class Dated(Protocol):
    """Something valid from–to, both inclusive, open where None."""

    valid_from: dt.date | None
    valid_to: dt.date | None


class NamedOrganisation(Dated, Protocol):
    """A dated name of an institution."""

    long: str
    short: str


class Named(Protocol):
    """Somebody with title and names."""

    title: str
    first_name: str
    last_name: str


DatedThing = TypeVar("DatedThing", bound=Dated)


def holds(thing: Dated, on: dt.date) -> bool:
    """Whether *thing* is valid on the day *on*."""
    return (thing.valid_from is None or thing.valid_from <= on) and (thing.valid_to is None or on <= thing.valid_to)


def valid_one(things: Iterable[DatedThing], on: dt.date) -> DatedThing | None:
    """The thing valid on *on*, else the nearest one (so that a name is found for every date); None of none."""
    ordered = sorted(things, key=lambda thing: thing.valid_from or dt.date.min)
    for thing in reversed(ordered):
        if holds(thing, on):
            return thing
    return next((thing for thing in reversed(ordered) if (thing.valid_from or dt.date.min) <= on), None) or (
        ordered[0] if ordered else None
    )


def overlap(one: Dated, other: Dated) -> bool:
    """Whether both are valid on some day."""
    first, last = dt.date.min, dt.date.max
    return (one.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
        one.valid_to or last
    )


def is_reversed(thing: Dated) -> bool:
    """Whether its end lies before its beginning."""
    return thing.valid_from is not None and thing.valid_to is not None and thing.valid_to < thing.valid_from


def span_errors(field: str, things: Sequence[Dated], labels: Sequence[str], *, apart: bool = True) -> dict[str, str]:
    """What is wrong with the days of *things*, at ``field.0.valid_to`` …; ``apart``: no two may hold on one day."""
    found: dict[str, str] = {}
    for place, thing in enumerate(things):
        if is_reversed(thing):
            found[f"{field}.{place}.valid_to"] = "Das Ende liegt vor dem Beginn."
            continue
        earlier = next((at for at in range(place) if apart and overlap(things[at], thing)), None)
        if earlier is not None:
            found[f"{field}.{place}.valid_from"] = (
                f"Überschneidet sich mit „{labels[earlier]}“. An einem Tag gilt nur einer; bitte ändern Sie die Daten."
            )
    return found


ADDRESS_LINES, ADDRESS_WIDTH = 4, 45
"""How many lines of a postal address, and signs on each, fit the window of an envelope below name and function."""

_HOME = frozenset({"deutschland", "germany", "allemagne", "bundesrepublik deutschland", "d", "de", "brd"})
_POSTCODE = re.compile(r"(?:D-)?\d{5} \S")


def address_errors(address: str, country: str) -> dict[str, str]:
    """What keeps a letter to *address* from arriving, at ``address`` and ``country`` (DIN 5008; eigene Festlegung)."""
    found: dict[str, str] = {}
    lines = address.splitlines()
    if text.fold(country) in _HOME:
        found["country"] = "Innerhalb Deutschlands steht kein Land in der Anschrift. Bitte lassen Sie das Feld leer."
    elif country and not lines:
        found["address"] = "Zu einem Land gehört eine Anschrift. Bitte füllen Sie dieses Feld aus."
    if len(lines) > ADDRESS_LINES:
        found["address"] = f"Ins Fenster des Umschlags passen höchstens {ADDRESS_LINES} Zeilen."
    elif any(not line.strip() for line in lines):
        found["address"] = "Zwischen den Zeilen einer Anschrift bleibt keine Zeile leer."
    elif too_long := next((line for line in lines if len(line) > ADDRESS_WIDTH), ""):
        found["address"] = f"„{too_long}“ ist für das Fenster zu lang (höchstens {ADDRESS_WIDTH} Zeichen je Zeile)."
    elif lines and not country and not _POSTCODE.match(lines[-1]):
        found["address"] = (
            "Die letzte Zeile nennt Postleitzahl und Ort, zum Beispiel „10178 Berlin“. "
            "Liegt die Anschrift im Ausland, nennen Sie bitte das Land."
        )
    return found


def postal_lines(address: str, country: str) -> tuple[str, ...]:
    """An address as it is printed: its lines, and abroad the country in capitals (DIN 5008)."""
    return (*address.splitlines(), *((country.upper(),) if country else ()))


def require_secretariat(actor: Actor) -> None:
    """Institutions and persons are common to all bodies: every secretariat changes them, nobody else."""
    if not actor.is_secretariat:
        raise Forbidden("Personen und Institutionen ändern die Geschäftsstellen.")


_PARTICLES = frozenset(
    ("von", "vom", "zu", "zum", "zur", "und", "an", "am", "auf", "der", "den", "dem", "de", "del", "della", "di", "da")
) | {"du", "la", "le", "van", "ten", "ter"}
_TITLES = frozenset(("dr", "prof", "dipl", "ing", "mag", "phd", "hc", "h", "c"))


def person_sort_key(last_name: str, first_name: str = "") -> str:
    """The key that sorts persons by German rules: "von der Heide" below H, a title typed into the name is passed over.

    Only particles in small letters are passed over ("Von Daniken" sorts below V), and never the whole name.
    """
    words = last_name.split()
    kept = list(words)
    while len(kept) > 1 and (kept[0] in _PARTICLES or kept[0].rstrip(".").lower() in _TITLES):
        kept.pop(0)
    passed = words[: len(words) - len(kept)]
    return text.sort_key(" ".join([*kept, first_name, *passed]))


def listed_name(person: Named) -> str:
    """Beispiel, Dr. Ada"""
    before = " ".join(part for part in (person.title, person.first_name) if part)
    return f"{person.last_name}, {before}" if before else person.last_name


def name_words(name: NamedOrganisation) -> str:
    """A name of an institution with its days, as the history tells it: "Kammer (IHK), seit 01.01.2020"."""
    short = f" ({name.short})" if name.short else ""
    when = text.validity(name.valid_from, name.valid_to)
    return f"{name.long}{short}" + (f", {when}" if when else "")


def function_words(title: str, place: str, thing: Dated) -> str:
    """A function with institution and days: "Präsidentin, IHK Berlin, seit 01.01.2020"."""
    return ", ".join(part for part in (title, place, text.validity(thing.valid_from, thing.valid_to)) if part)


def checked_email(typed: str) -> str:
    """The address in lower case; Invalid (field ``email``) if it is none."""
    email = typed.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Invalid({"email": "Bitte geben Sie eine gültige E-Mail-Adresse ein."})
    return email


def checked_password(password: str) -> str:
    """The password if it is long enough; Invalid (field ``password``) otherwise."""
    if not PASSWORD_LENGTH <= len(password) <= 200:
        raise Invalid({"password": f"Das Kennwort braucht mindestens {PASSWORD_LENGTH} Zeichen (höchstens 200)."})
    return password


def new_key() -> str:
    """A fresh secret of 256 bit for a cookie, a token or a feed address."""
    return secrets.token_urlsafe(32)


def address_block(host: str) -> str:
    """Whom tries from an address are counted for: the address itself, of IPv6 the /64 that one subscriber has."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def try_key(kind: str, value: str, pepper: bytes) -> str:
    """Under what failed sign-ins are counted: keyed, so that the table tells no address and no account."""
    return hmac.new(pepper, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def wait_after(failures: int) -> dt.timedelta:
    """How long the next try waits after so many failures in a row: nothing, then 30 seconds, doubled up to 15 minutes.

    Delays instead of a lock: who guesses gets some dozen tries an hour, and nobody is shut out for long.
    """
    if failures < TRIES_PER_ACCOUNT:
        return dt.timedelta()
    doubled: int = 2 ** min(failures - TRIES_PER_ACCOUNT, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def hash_password(password: str) -> str:
    """Argon2id (RFC 9106, low memory). Takes a third of a second: never inside a transaction."""
    return hasher.hash(password)


def password_matches(stored: str, password: str) -> bool:
    """Whether *password* is the stored one; takes as long when none is stored, so that no account is betrayed."""
    try:
        return hasher.verify(stored or _nobody(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def _nobody() -> str:
    global _nobody_hash
    _nobody_hash = _nobody_hash or hasher.hash(secrets.token_hex(16))
    return _nobody_hash


_nobody_hash = ""


def letter_salutation(person: Person) -> str:
    """How a letter begins, without the comma: by the Anrede of the person, neutral where none is known.

    "Frau" and "Herr" take title and last name; "Frau Senatorin" is an Amtsbezeichnung and takes no name; a whole phrase
    ("Liebe Kim Muster") is taken as it is (eigene Festlegung).
    """
    said = person.salutation.strip().rstrip(",")
    word, _, office = said.partition(" ")
    formal = {"frau": "Sehr geehrte Frau", "herr": "Sehr geehrter Herr", "herrn": "Sehr geehrter Herr"}.get(
        word.lower()
    )
    if formal is not None:
        titled = " ".join(part for part in (person.title, person.last_name) if part)
        return f"{formal} {office or titled}"
    if office and word.lower() in _BEGINNINGS:
        return said
    return f"Guten Tag {person.name}"


def letter_name(person: Person) -> str:
    """The person in a letter's address: "Frau Dr. Ada Beispiel"; without the Anrede where it is not Frau or Herr."""
    word = person.salutation.strip().partition(" ")[0].lower()
    before = {"frau": "Frau", "herr": "Herrn", "herrn": "Herrn"}.get(word, "")
    return f"{before} {person.name}".strip()


_BEGINNINGS = frozenset({"sehr", "liebe", "lieber", "guten", "werte", "werter", "hallo"})
