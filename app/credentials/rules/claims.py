"""What a provider of OpenID Connect says about somebody: read from its claims, with roles by configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.actor import Role
from app.config import OidcProvider


@dataclass(frozen=True, slots=True)
class Said:
    """Who signed in at a provider. ``email`` is "" unless the provider vouches for it.

    ``roles``: what the configuration makes of the claims, as (role, short name of the body or "" for all).
    """

    issuer: str
    subject: str
    email: str
    typed_email: str
    roles: frozenset[tuple[Role, str]]


def read_claims(provider: OidcProvider, claims: Mapping[str, Any]) -> Said:
    """The claims of a checked id_token (and of userinfo) in the words of this house."""
    email = str(claims.get("email") or "").strip().lower()
    vouched = provider.trusts_email or claims.get("email_verified") in (True, "true")
    values = claim_values(claims, provider.roles_claim) if provider.roles_claim else frozenset()
    return Said(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=email if vouched else "",
        typed_email=email,
        roles=frozenset(split_role(role) for value, role in provider.roles.items() if value in values),
    )


def claim_values(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """The values of a claim, one or many; dots lead into claims of claims ("realm_access.roles")."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, list):
        return frozenset(str(one) for one in found)
    return frozenset() if found is None or isinstance(found, Mapping) else frozenset({str(found)})


def split_role(configured: str) -> tuple[Role, str]:
    """(role, body) of "secretariat/SKIP" or "admin"; the configuration was checked when it was read."""
    role, _, body = configured.partition("/")
    return Role(role), body
