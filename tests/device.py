"""A device with passkeys, in software: answers WebAuthn options as a browser would, and can be told to misbehave."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTACHED = 0x01, 0x04, 0x40


class Device:
    """One key of one account at one site."""

    def __init__(self, origin: str = "http://localhost:8000") -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.host = ""

    def create(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED) -> str:
        """What a browser sends back for creation options."""
        self.host = options["rp"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(flags | ATTACHED) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options),
            attestationObject=attestation,
            transports=["internal", "erfunden"],
        )

    def get(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, step: int = 1) -> str:
        """What a browser sends back for request options; *step* is how far the counter goes on."""
        self.count += step
        self.host = self.host or options["rpId"]
        client, data = self._client("webauthn.get", options), self._data(flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: Any) -> str:
        named = bytes_to_base64url(self.id)
        plain = {name: bytes_to_base64url(one) if isinstance(one, bytes) else one for name, one in response.items()}
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": plain})


def other_challenge(options: dict[str, Any]) -> dict[str, Any]:
    """The options with a challenge of somebody else."""
    assert len(base64url_to_bytes(options["challenge"])) >= 16
    return {**options, "challenge": bytes_to_base64url(secrets.token_bytes(32))}
