"""Settings of an installation, read from ``SKIP_…`` environment variables or a ``.env`` file."""

import contextlib
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


GIVEN_ROLES = ("admin", "secretariat", "auditor")
"""The roles that are given to accounts; all other rights follow from seats, projects and invitations."""


class OidcProvider(BaseModel):
    """A provider of OpenID Connect: where people sign in with the account of their organisation.

    ``name`` stands in addresses, ``label`` on the button. ``roles`` maps values of the claim ``roles_claim`` to
    "admin", "secretariat" or "auditor", with "/SHORT NAME" for one body. ``trusts_email``: the provider checks
    addresses but does not say so (it sends no ``email_verified``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    issuer: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=300)]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr = SecretStr("")
    scope: str = "openid profile email"
    roles_claim: str = ""
    roles: dict[str, str] = Field(default_factory=dict)
    trusts_email: bool = False

    def __str__(self) -> str:
        """As ``skip check`` shows it: without the secret."""
        return f"{self.name} ({self.issuer})"

    @field_validator("roles")
    @classmethod
    def _known_roles(cls, roles: dict[str, str]) -> dict[str, str]:
        for configured in roles.values():
            role, separator, body = configured.partition("/")
            if role not in GIVEN_ROLES or (separator and (not body or role == "admin")):
                raise ValueError("a role is admin, secretariat or auditor, the last two perhaps with /SHORT NAME")
        return roles


class Settings(BaseSettings):
    """What the operator decides; ``skip check`` lists every field with its description."""

    model_config = SettingsConfigDict(
        env_prefix="SKIP_", env_file=".env", extra="ignore", frozen=False, hide_input_in_errors=True
    )

    database_url: Annotated[str, Field(description="Datenbank: sqlite:///PFAD oder postgresql://…")] = (
        "sqlite:///var/skip.db"
    )
    secret_key: Annotated[
        str,
        Field(description="Geheimnis für Formulare und Links, mindestens 32 Zeichen; fehlt es, wird eines erzeugt"),
    ] = ""
    base_url: Annotated[str, Field(description="Öffentliche Adresse der Anwendung, ohne Schrägstrich am Ende")] = (
        "http://127.0.0.1:8000"
    )
    storage: Annotated[str, Field(description="Ordner für Dateien")] = "var/files"
    smtp_url: Annotated[
        str, Field(description="Mailserver smtp://… (STARTTLS) oder smtps://…; leer = es wird keine Mail versandt")
    ] = ""
    imap_url: Annotated[
        str,
        Field(description="Postfach für Antworten: imaps://NAME:KENNWORT@SERVER/ORDNER; leer = es wird keines gelesen"),
    ] = ""
    mail_from: Annotated[
        str, Field(description="Absender, wo das Gremium kein eigenes Postfach hat: Adresse oder Name <Adresse>")
    ] = ""
    upload_limit_mb: Annotated[int, Field(description="Größte Datei beim Hochladen in Megabyte", ge=1, le=200)] = 20
    notices_hour: Annotated[
        int, Field(description="Stunde (Berlin), zu der an Werktagen Erinnerungen und Sammelmails gehen", ge=0, le=23)
    ] = 7
    session_hours: Annotated[int, Field(description="Abmeldung nach so vielen Stunden ohne Tätigkeit", ge=1)] = 12
    second_factor_for: Annotated[
        str,
        Field(description="Rollen, die sich nur mit zweitem Faktor anmelden, etwa admin,secretariat; leer = empfohlen"),
    ] = ""
    oidc_providers: Annotated[
        tuple[OidcProvider, ...],
        Field(description="Anmeldung über OpenID Connect: JSON-Liste der Anbieter, siehe README"),
    ] = ()

    @field_validator("second_factor_for")
    @classmethod
    def _roles_with_factor(cls, typed: str) -> str:
        roles = [part.strip() for part in typed.split(",") if part.strip()]
        if not set(roles) <= set(GIVEN_ROLES):
            raise ValueError("roles are admin, secretariat and auditor, separated by commas")
        return ",".join(roles)

    @field_validator("oidc_providers")
    @classmethod
    def _names_differ(cls, providers: tuple[OidcProvider, ...]) -> tuple[OidcProvider, ...]:
        if len({one.name for one in providers}) < len(providers) or len({one.issuer for one in providers}) < len(
            providers
        ):
            raise ValueError("every provider needs a name and an issuer of its own")
        return providers

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an embedded file (then one process serves)."""
        return self.database_url.startswith("sqlite")

    @property
    def uses_https(self) -> bool:
        """Whether cookies may be limited to encrypted connections."""
        return self.base_url.startswith("https://")

    @cached_property
    def signing_key(self) -> bytes:
        """The secret for form tokens: as configured, else kept beside the database in ``var/secret``.

        The file is created once with mode 600, so that sessions survive a restart without any set-up.
        """
        if self.secret_key:
            return self.secret_key.encode()
        path = self.home / "secret"
        if not path.exists():
            self._make_secret(path)
        return path.read_text().strip().encode()

    @staticmethod
    def _make_secret(path: Path) -> None:
        """Written whole under another name and linked into place, so that two processes agree on one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".secret-{secrets.token_hex(4)}")
        with open(draft, "x", opener=_private) as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()

    @property
    def home(self) -> Path:
        """The folder of the embedded database, else ``var``."""
        if self.is_sqlite:
            return Path(self.database_url.removeprefix("sqlite:///")).parent
        return Path("var")
