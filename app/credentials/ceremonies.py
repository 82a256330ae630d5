"""Passkeys (WebAuthn): what the browser is asked, and whether what it answers is good. Nothing here knows a session.

Passkeys are bound to the host of ``SKIP_BASE_URL``; they need HTTPS (or ``localhost``) and a name instead of a number.
"""

import hashlib
import hmac
import ipaddress
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.config import Settings
from app.credentials.models import Passkey
from app.people.models import Account

MOST_LETTERS = 20_000
_KEY = re.compile(r"[A-Za-z0-9_-]{1,1400}")
_TRANSPORTS = frozenset(one.value for one in AuthenticatorTransport)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A key that a device made for this site; both keys as base64url."""

    credential_id: str
    public_key: str
    sign_count: int
    transports: str


def passkeys_work(settings: Settings) -> bool:
    """Whether browsers make passkeys for this address: a named host, with HTTPS or on the machine itself."""
    host = _host(settings)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return settings.uses_https or host == "localhost"
    return False


def registration_options(settings: Settings, account: Account, passkeys: tuple[Passkey, ...], challenge: str) -> str:
    """What the browser is asked for a new passkey of *account*, as JSON."""
    made = webauthn.generate_registration_options(
        rp_id=_host(settings),
        rp_name="SKIP",
        user_id=hmac.new(settings.signing_key, f"passkey:{account.id}".encode(), hashlib.sha256).digest(),
        user_name=account.email,
        user_display_name=account.name,
        challenge=base64url_to_bytes(challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(passkeys),
    )
    return webauthn.options_to_json(made)


def sign_in_options(settings: Settings, passkeys: tuple[Passkey, ...], challenge: str) -> str:
    """What the browser is asked to sign in, as JSON: one of *passkeys*, or any that it knows if there are none.

    Without a password before, the device must have asked for finger, face or PIN.
    """
    verified = UserVerificationRequirement.PREFERRED if passkeys else UserVerificationRequirement.REQUIRED
    made = webauthn.generate_authentication_options(
        rp_id=_host(settings),
        challenge=base64url_to_bytes(challenge),
        allow_credentials=_descriptors(passkeys) or None,
        user_verification=verified,
    )
    return webauthn.options_to_json(made)


def checked_registration(settings: Settings, challenge: str, answer: str) -> NewPasskey | None:
    """The key in what the browser answered; None if it does not fit the challenge, the host or itself."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer[:MOST_LETTERS],
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
        )
        named = json.loads(answer).get("response", {}).get("transports") or []
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        return None
    return NewPasskey(
        credential_id=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        transports=",".join(sorted(_TRANSPORTS & {str(one) for one in named})),
    )


def named_key(answer: str) -> str:
    """Which passkey the browser says it used; "" if it says nothing sensible."""
    try:
        found = json.loads(answer[:MOST_LETTERS])
    except ValueError:
        return ""
    named = str(found.get("id") or "") if isinstance(found, dict) else ""
    return named if _KEY.fullmatch(named) else ""


def checked_sign_in(settings: Settings, challenge: str, answer: str, passkey: Passkey, *, verified: bool) -> int | None:
    """The new counter of *passkey* if the answer was made with it for this challenge; None otherwise.

    ``verified``: the device must have checked who holds it.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer[:MOST_LETTERS],
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=verified,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found.new_sign_count if bytes_to_base64url(found.credential_id) == passkey.credential_id else None


def _descriptors(passkeys: tuple[Passkey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential_id),
            transports=[AuthenticatorTransport(name) for name in one.transports.split(",") if name] or None,
        )
        for one in passkeys
    ]


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or ""


def _origin(settings: Settings) -> str:
    found = urlsplit(settings.base_url)
    return f"{found.scheme}://{found.netloc}"
