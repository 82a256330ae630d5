"""Files that programs send as multipart/form-data, and the answer with all that was made of them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Header, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from app.actor import Actor
from app.api.answers import listed
from app.api.idempotency import Once, once_for
from app.api.schemas.papers import PaperOut
from app.config import Settings
from app.errors import Invalid
from app.papers.schemas import PaperIn, StoredFile, Upload
from app.papers.service.storing import store_uploads
from app.storage import Storage
from app.validation import read

KEY = Annotated[str | None, Header(description="Ein eigener Schlüssel: dieselbe Anfrage wirkt dann nur einmal")]


def stored_files(storage: Storage, submitted: FormData, settings: Settings) -> list[StoredFile]:
    """The files of a request, looked into and stored; to be called outside of any session."""
    uploads = [
        Upload(one.filename, one.file)
        for one in submitted.getlist("files")
        if isinstance(one, UploadFile) and one.filename
    ]
    return store_uploads(storage, uploads, limit_mb=settings.upload_limit_mb)


def only_file(files: Sequence[StoredFile]) -> StoredFile:
    """The one file of a new version."""
    if len(files) > 1:
        raise Invalid({"files": "Eine neue Version ist eine einzelne Datei."})
    return files[0]


def wish_of(submitted: FormData, *also: str) -> PaperIn:
    """What is said about the files; fields that are unknown are refused, *also* are the route's own."""
    given = {name: value for name, value in submitted.items() if isinstance(value, str) and value != ""}
    skipped = {"csrf_token", *also}
    return read(PaperIn, {name: value for name, value in given.items() if name not in skipped})


def number_in(submitted: FormData, name: str) -> int | None:
    """A field that holds an id, None where it is empty."""
    value = submitted.get(name, "")
    if value == "":
        return None
    if not isinstance(value, str) or not value.isdecimal() or len(value) > 9:
        raise Invalid({name: "Bitte geben Sie eine ganze Zahl ein."})
    return int(value)


def once_of(request: Request, actor: Actor, key: str | None, submitted: FormData, files: Sequence[StoredFile]) -> Once:
    """The key of a request with files: the same fields and the same bytes are the same request."""
    said = sorted((name, value) for name, value in submitted.multi_items() if isinstance(value, str))
    asked = json.dumps([request.method, request.url.path, said, [(one.name, one.key) for one in files]])
    return once_for(actor, key, hashlib.sha256(asked.encode()).hexdigest())


def created_all(session: Session, once: Once, act: Callable[[], list[PaperOut]]) -> Response:
    """Do *act* and answer 201 with everything it made; the address of a single thing as Location."""

    def answer() -> Response:
        made = act()
        response = listed(made, None)
        response.status_code = 201
        if len(made) == 1:
            response.headers["Location"] = made[0].url
        return response

    return once.answered(session, answer)
