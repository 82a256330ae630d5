"""One-time codes of an app (TOTP, RFC 6238) and recovery codes: pure arithmetic, and how the secret is sealed."""

import base64
import datetime as dt
import hashlib
import hmac
import secrets

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

STEP_SECONDS = 30
SKEW_STEPS = 1
"""Clocks of phones go wrong: one step before and after counts, too (RFC 6238 §5.2)."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NONCE_BYTES = 12


def new_secret() -> str:
    """A fresh secret of 160 bit, as apps take it (base32)."""
    return pyotp.random_base32()


def provisioning_address(secret: str, *, name: str, issuer: str) -> str:
    """What the QR code holds: ``otpauth://totp/…``."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def seal(key: bytes, account_id: int, secret: str) -> str:
    """The secret encrypted (AES-256-GCM) with a key that follows from the installation's; bound to the account.

    Who has the database alone cannot make codes.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_derived(key)).encrypt(nonce, secret.encode(), str(account_id).encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(key: bytes, account_id: int, sealed: str) -> str:
    """The secret again; "" where the installation's key is another one now, the row was damaged or moved."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        plain = AESGCM(_derived(key)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], str(account_id).encode())
    except (InvalidTag, ValueError):
        return ""
    return plain.decode()


def matching_step(secret: str, code: str, now: dt.datetime, last_step: int) -> int | None:
    """The time step whose code this is, later than the last one that was taken; None for a wrong or used code."""
    typed = "".join(code.split())
    if not secret or not typed.isascii() or not typed.isdecimal():
        return None
    app, here = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(here - SKEW_STEPS, here + SKEW_STEPS + 1):
        if hmac.compare_digest(app.generate_otp(step), typed) and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of some 79 bit, without letters that look alike: "abcd-efgh-jkmn-pqrs"."""
    made = ("".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in made]


def recovery_hash(account_id: int, typed: str) -> str:
    """What is stored of a recovery code; how it was typed (capitals, spaces, dashes) does not matter."""
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return hashlib.sha256(f"recovery code:{account_id}:{plain}".encode()).hexdigest()


def _derived(key: bytes) -> bytes:
    return hmac.new(key, b"one-time secrets", hashlib.sha256).digest()
