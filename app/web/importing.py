"""Uploaded tables on their way from preview to application: the file, what was seen of it, signed for the account."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile

from app import text
from app.actor import Actor
from app.config import Settings
from app.errors import Invalid, Refused
from app.storage import Storage

MOST_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a preview hands on to the application: the kept file, and what was seen. Signed for the account.

    ``detail`` is what was chosen beside the file (a Stand, a body).
    """

    key: str
    name: str
    detail: str
    seen: str

    def sign(self, kind: str, settings: Settings, actor: Actor) -> str:
        """A signature that only this installation makes, for this account and this kind of import."""
        content = json.dumps([kind, actor.account_id, self.key, self.name, self.detail, self.seen])
        return hmac.new(settings.signing_key, content.encode(), hashlib.sha256).hexdigest()

    @classmethod
    def read(cls, kind: str, values: Mapping[str, str], settings: Settings, actor: Actor) -> "Ticket":
        """The ticket of a submitted preview; Refused if it was not made here for this account."""
        ticket = cls(*(values.get(name, "") for name in ("key", "name", "detail", "seen")))
        if not hmac.compare_digest(ticket.sign(kind, settings, actor), values.get("signature", "")):
            raise Refused("Diese Vorschau gilt nicht mehr. Bitte laden Sie die Datei noch einmal hoch.")
        return ticket


def uploaded_file(submitted: FormData) -> tuple[str, bytes]:
    """Name and content of the uploaded file; Invalid (field ``file``) without one."""
    upload = submitted.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Invalid({"file": "Bitte wählen Sie eine CSV- oder XLSX-Datei."})
    return text.one_line(upload.filename)[:200], upload.file.read()


def kept_file(storage: Storage, ticket: Ticket) -> bytes:
    """The file of the preview; Refused where it is gone."""
    try:
        return storage.get(ticket.key)
    except FileNotFoundError:
        raise Refused("Die Datei liegt nicht mehr vor. Bitte laden Sie sie noch einmal hoch.") from None


def fingerprint(plan: Any) -> str:
    """Equal for plans that do the same: a hash over every value of them."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()
