"""Tables of what proves who somebody is: identities, second factors, known browsers, steps of a sign-in."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import enum_column


class Identity(SQLModel, table=True):
    """Who an account is at a provider of OpenID Connect: ``subject`` is unique and never reused at its ``issuer``."""

    __tablename__ = "identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    created_at: dt.datetime
    last_used_at: dt.datetime | None = None


class OneTimeSecret(SQLModel, table=True):
    """The secret of an app for one-time codes (TOTP, RFC 6238), sealed with the installation's key.

    It counts from ``confirmed_at`` on. ``last_step`` is the time step of the last code taken: a code works once.
    """

    __tablename__ = "one_time_secret"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    sealed: str = Field(max_length=200)
    created_at: dt.datetime
    confirmed_at: dt.datetime | None = None
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """A code for the day on which the app or the key is lost; only its keyed hash is stored, each works once."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    created_at: dt.datetime
    used_at: dt.datetime | None = None


class Passkey(SQLModel, table=True):
    """A key on somebody's device (WebAuthn). Both keys as base64url; ``sign_count`` betrays copies where it counts."""

    __tablename__ = "passkey"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=80)
    credential_id: str = Field(max_length=1400, unique=True)
    public_key: str = Field(max_length=2000)
    sign_count: int = Field(default=0, sa_type=sa.BigInteger)
    transports: str = Field(default="", max_length=120)
    created_at: dt.datetime
    last_used_at: dt.datetime | None = None


class KnownBrowser(SQLModel, table=True):
    """A browser from which the account was signed in before: it may go on trying while strangers are slowed down."""

    __tablename__ = "known_browser"
    __table_args__ = (sa.UniqueConstraint("account_id", "token_hash", name="uq_known_browser_account_token"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64, index=True)
    created_at: dt.datetime
    seen_at: dt.datetime


class StepKind(StrEnum):
    """Where somebody stands on the way to a session; none of these is one.

    FACTOR: the password was right, the second factor is missing. ENROL: it is required and none is set up yet.
    PROVIDER: sent to a provider of OpenID Connect. PASSKEY: asked for a key. REGISTER: about to add one.
    """

    FACTOR = "factor"
    ENROL = "enrol"
    PROVIDER = "provider"
    PASSKEY = "passkey"
    REGISTER = "register"


class SignInStep(SQLModel, table=True):
    """What the server remembers of a browser between two pages; found by the hash of its cookie, used once.

    ``detail`` is JSON: where to go on, and state, nonce, verifier or challenge.
    """

    __tablename__ = "sign_in_step"

    id: int | None = Field(default=None, primary_key=True)
    kind: StepKind = Field(sa_type=enum_column(StepKind))
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE", index=True)
    detail: str = "{}"
    created_at: dt.datetime
    expires_at: dt.datetime = Field(index=True)
