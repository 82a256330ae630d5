"""Pure rules about names, accounts, keys and passwords."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.actor import Role
from app.errors import Invalid
from app.people.models import OrganisationKind

TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 40
TRY_WINDOW = dt.timedelta(minutes=15)
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

_EMAIL = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+")
hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


class Dated(Protocol):
    """Something valid from–to, both inclusive, open where None."""

    valid_from: dt.date | None
    valid_to: dt.date | None


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


def checked_email(text: str) -> str:
    """The address in lower case; Invalid (field ``email``) if it is none."""
    email = text.strip().lower()
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


def key_hash(key: str) -> str:
    """What is stored of a secret: its SHA-256 (the secret itself has 256 bit, so no salt is needed)."""
    return hashlib.sha256(key.encode()).hexdigest()


def try_key(kind: str, value: str, pepper: bytes) -> str:
    """Under what failed sign-ins are counted: keyed, so that the table tells no address and no account."""
    return hmac.new(pepper, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


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
