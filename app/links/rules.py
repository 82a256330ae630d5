"""Pure rules of personal links: purposes, and the key that follows from a nonce and the installation's secret."""

import base64
import hashlib
import hmac
from enum import StrEnum


class Purpose(StrEnum):
    """What a link opens."""

    INVITED = "invited"
    """Choose a first password for an account that somebody was invited to."""
    RESET = "reset"
    """Choose a new password."""
    ANSWER = "answer"
    """Answer the invitation to a meeting."""
    UNSUBSCRIBE = "unsubscribe"
    """Stop one kind of notices; ``detail`` names the kind."""


def link_key(secret: bytes, nonce: str) -> str:
    """The key of a link, 43 letters and digits of 256 bits: a keyed hash, so that rows alone open nothing."""
    made = hmac.new(secret, b"personal link:" + nonce.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def key_hash(key: str) -> str:
    """What is stored of a key to find it again: its SHA-256 (the key itself has 256 bit, so no salt is needed)."""
    return hashlib.sha256(key.encode()).hexdigest()
