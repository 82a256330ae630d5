"""Tables of institutions, persons, accounts, sessions and tokens."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from app.actor import Role
from app.db import Versioned, enum_column, key_column


class OrganisationKind(StrEnum):
    """Kinds of institutions (domain §3)."""

    SENATE = "senate"
    CHAMBER = "chamber"
    ASSOCIATION = "association"
    UNION = "union"
    PROMOTION = "promotion"
    LABOUR = "labour"
    COMPANY = "company"
    SCIENCE = "science"
    OTHER = "other"


class Organisation(Versioned, table=True):
    """An institution (Institution). Its names are dated; ``successor_id`` is the institution that took over.

    ``address`` is where post goes: street or Postfach, postcode and town, on lines; ``country`` only abroad.
    ``merged_into_id``: it was entered twice and is now that other one; it stands in no list, and nothing names it.
    """

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    kind: OrganisationKind = Field(default=OrganisationKind.OTHER, sa_type=enum_column(OrganisationKind))
    successor_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    address: str = Field(default="", max_length=500)
    country: str = Field(default="", max_length=60)
    merged_into_id: int | None = Field(default=None, foreign_key="organisation.id")
    names: list["OrganisationName"] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "OrganisationName.valid_from"}
    )


class OrganisationName(SQLModel, table=True):
    """A name of an institution, valid from (None = always) to (inclusive; None = still)."""

    __tablename__ = "organisation_name"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="CASCADE", index=True)
    long: str = Field(max_length=300)
    short: str = Field(default="", max_length=80)
    sort_key: str = Field(sa_type=key_column(), index=True)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Person(Versioned, table=True):
    """A person with title and form of address (Anrede).

    ``address`` and ``country``: a postal address of their own, where it is not that of the institution.
    """

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(default="", max_length=80)
    first_name: str = Field(default="", max_length=120)
    last_name: str = Field(max_length=120)
    salutation: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=254)
    address: str = Field(default="", max_length=500)
    country: str = Field(default="", max_length=60)
    sort_key: str = Field(sa_type=key_column(), index=True)
    functions: list["PersonFunction"] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "PersonFunction.valid_from"}
    )

    @property
    def name(self) -> str:
        """Dr. Ada Beispiel"""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)


class PersonFunction(SQLModel, table=True):
    """What a person is in an institution (Funktion), dated."""

    __tablename__ = "person_function"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    title: str = Field(max_length=200)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Account(Versioned, table=True):
    """A way to sign in. ``email`` is stored in lower case; ``person_id`` ties it to seats and projects.

    ``visited_at`` and ``visited_before``: some minute of the present visit, and of the last but this one.
    ``removed_at``: everything personal is gone; the empty row stays, so that its number is never given again.
    """

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    password_hash: str = Field(default="", max_length=300)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    active: bool = True
    created_at: dt.datetime
    visited_at: dt.datetime | None = None
    visited_before: dt.datetime | None = None
    removed_at: dt.datetime | None = None


class AccountRole(SQLModel, table=True):
    """A role given to an account, for one body or for all (``body_id`` None). Other rights follow from seats.

    ``given_by``: "" where a person gave it by hand, else the issuer whose claims give it anew at every sign-in.
    """

    __tablename__ = "account_role"
    __table_args__ = (sa.CheckConstraint("role IN ('admin', 'secretariat', 'auditor')", name="given_role"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=enum_column(Role))
    body_id: int | None = Field(default=None, foreign_key="body.id", ondelete="CASCADE")
    given_by: str = Field(default="", max_length=300)


class SignInSession(SQLModel, table=True):
    """A signed-in browser. Only the SHA-256 of its cookie is stored.

    ``browser`` is its kind in plain words ("Firefox unter Windows"), ``provider`` the name of the provider that
    vouched for the person ("" = signed in here). No address is kept.
    """

    __tablename__ = "sign_in_session"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    browser: str = Field(default="", max_length=80)
    provider: str = Field(default="", max_length=40)
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime = Field(index=True)


class ApiToken(SQLModel, table=True):
    """A key for programs (Bearer). Shown once, stored as SHA-256."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    label: str = Field(default="", max_length=120)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: dt.datetime
    last_used_on: dt.date | None = None
    revoked_at: dt.datetime | None = None


class FeedToken(SQLModel, table=True):
    """The key of a calendar subscription, for all bodies of the person or for one. Shown once, stored as SHA-256."""

    __tablename__ = "feed_token"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    body_id: int | None = Field(default=None, foreign_key="body.id", ondelete="CASCADE")
    label: str = Field(default="", max_length=120)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: dt.datetime
    last_used_on: dt.date | None = None
    revoked_at: dt.datetime | None = None


class SignInFailure(SQLModel, table=True):
    """A failed try to sign in; ``key`` is the SHA-256 of address or account, so that no personal data is kept."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (sa.Index("ix_sign_in_failure_key_at", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=64)
    at: dt.datetime


class SignInEventKind(StrEnum):
    """What happened at the door. LOCKED: so many tries failed that the next one must wait."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    FAILED = "failed"
    LOCKED = "locked"


class SignInEvent(SQLModel, table=True):
    """A line of the security log. ``account_id`` is empty where the address belongs to nobody; no address is kept."""

    __tablename__ = "sign_in_event"

    id: int | None = Field(default=None, primary_key=True)
    at: dt.datetime = Field(index=True)
    kind: SignInEventKind = Field(sa_type=enum_column(SignInEventKind))
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True)
    browser: str = Field(default="", max_length=80)
    provider: str = Field(default="", max_length=40)
