"""Talking to a provider of OpenID Connect: authorization code with PKCE (S256), state and nonce; id_token checked.

Everything here goes over the network and stays outside of any transaction. A provider that is down, slow or talks
nonsense is one refusal with one sentence; what it said is never shown or logged.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app import clock
from app.config import OidcProvider
from app.credentials.rules.claims import Said, read_claims
from app.errors import SkipError

log = logging.getLogger("skip.providers")

TIMEOUT = httpx2.Timeout(5.0)
LEEWAY_SECONDS = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""Signatures with a key pair only: a secret shared with us proves nothing about who signed."""


class ProviderSilent(SkipError):
    """The provider does not answer, or not as agreed."""

    status = 503
    sentence = (
        "Die Anmeldung Ihrer Organisation antwortet gerade nicht wie erwartet. Versuchen Sie es in einigen Minuten "
        "noch einmal, oder melden Sie sich mit Ihrem Kennwort an, wenn Sie eines haben."
    )


class ProviderRefused(SkipError):
    """What came back does not prove who somebody is."""

    status = 403
    sentence = "Die Anmeldung ließ sich nicht bestätigen. Es wurde niemand angemeldet; bitte beginnen Sie noch einmal."


@dataclass(frozen=True, slots=True)
class Discovered:
    """Where a provider answers (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What only this browser and this server know of one try to sign in."""

    state: str
    nonce: str
    verifier: str


def discover(provider: OidcProvider) -> Discovered:
    """Ask the provider where it answers; ProviderSilent where it does not, or speaks for somebody else."""
    found = _get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    try:
        if str(found["issuer"]).rstrip("/") != provider.issuer.rstrip("/"):
            raise _silent(provider, "another issuer")
        made = Discovered(
            authorization_endpoint=str(found["authorization_endpoint"]),
            token_endpoint=str(found["token_endpoint"]),
            jwks_uri=str(found["jwks_uri"]),
            userinfo_endpoint=str(found.get("userinfo_endpoint") or ""),
            end_session_endpoint=str(found.get("end_session_endpoint") or ""),
        )
    except KeyError as error:
        raise _silent(provider, "incomplete discovery") from error
    _require_same_protection(provider, made)
    return made


def authorization_address(provider: OidcProvider, found: Discovered, challenge: Challenge, back: str) -> str:
    """Where the browser is sent; *back* is our own page that it comes back to."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scope,
        "state": challenge.state,
        "nonce": challenge.nonce,
        "code_challenge": create_s256_code_challenge(challenge.verifier),
        "code_challenge_method": "S256",
    }
    return _with_query(found.authorization_endpoint, asked)


def end_address(provider: OidcProvider, found: Discovered, back: str) -> str:
    """Where the browser signs out at the provider too (RP-Initiated Logout 1.0); "" where it cannot."""
    if not found.end_session_endpoint:
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return _with_query(found.end_session_endpoint, asked)


def redeem(provider: OidcProvider, code: str, challenge: Challenge, back: str) -> Said:
    """Who stands behind the *code*: it is redeemed, the id_token is checked, missing claims are asked for.

    ProviderRefused if anything does not fit, ProviderSilent if the provider does not answer.
    """
    found = discover(provider)
    token = _redeemed(provider, found, code, challenge, back)
    claims = _checked(provider, found, str(token.get("id_token") or ""), challenge.nonce)
    if _lacks(provider, claims) and found.userinfo_endpoint and token.get("access_token"):
        asked = _get(found.userinfo_endpoint, bearer=str(token["access_token"]))
        if asked.get("sub") != claims["sub"]:
            raise _refused(provider, "userinfo of somebody else")
        claims = {**asked, **claims}
    return read_claims(provider, claims)


def _redeemed(
    provider: OidcProvider, found: Discovered, code: str, challenge: Challenge, back: str
) -> Mapping[str, Any]:
    secret = provider.client_secret.get_secret_value()
    try:
        with OAuth2Client(
            client_id=provider.client_id,
            client_secret=secret or None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            redirect_uri=back,
            timeout=TIMEOUT,
        ) as client:
            token: Mapping[str, Any] = client.fetch_token(
                found.token_endpoint, grant_type="authorization_code", code=code, code_verifier=challenge.verifier
            )
    except AuthlibBaseError as error:
        raise _refused(provider, "code not redeemed") from error
    except (httpx2.HTTPError, ValueError) as error:
        raise _silent(provider, type(error).__name__) from error
    return token


def _checked(provider: OidcProvider, found: Discovered, id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of the id_token (OpenID Connect Core 1.0 §3.1.3.7)."""
    wanted = jwt.JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    keys = _get(found.jwks_uri)
    try:
        claims = jwt.decode(id_token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS).claims
        wanted.validate(claims)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise _refused(provider, f"id_token: {type(error).__name__}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise _refused(provider, "id_token for another party")
    return claims


def _lacks(provider: OidcProvider, claims: Mapping[str, Any]) -> bool:
    """Whether the id_token says less than the configuration asks for."""
    top = provider.roles_claim.partition(".")[0]
    return "email" not in claims or bool(top and top not in claims and provider.roles_claim not in claims)


def _get(address: str, *, bearer: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    try:
        answer = httpx2.get(address, headers=headers, timeout=TIMEOUT, follow_redirects=False)
        found = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        log.warning("a provider does not answer: %s", type(error).__name__)
        raise ProviderSilent() from error
    if not isinstance(found, dict):
        log.warning("a provider does not answer as agreed: status %s", answer.status_code)
        raise ProviderSilent()
    return found


def _require_same_protection(provider: OidcProvider, found: Discovered) -> None:
    """A provider behind HTTPS names no address without it."""
    if not provider.issuer.startswith("https://"):
        return
    named = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.userinfo_endpoint)
    if any(address and urlsplit(address).scheme != "https" for address in named):
        raise _silent(provider, "an address without HTTPS")


def _with_query(address: str, values: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


def _silent(provider: OidcProvider, why: str) -> ProviderSilent:
    log.warning("provider %s: %s", provider.name, why)
    return ProviderSilent()


def _refused(provider: OidcProvider, why: str) -> ProviderRefused:
    log.warning("provider %s: %s", provider.name, why)
    return ProviderRefused()
