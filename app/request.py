"""What a route may ask for: the actor, a read or a write session, the submitted form, settings and storage."""

import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.datastructures import FormData

from app import clock
from app.access import queries as access
from app.actor import Actor
from app.config import Settings
from app.db import Database
from app.errors import Forbidden, NotSignedIn
from app.outbox.rules import UNSUBSCRIBE_PATH
from app.people import service as people
from app.storage import Storage

SESSION_COOKIE = "skip_session"
FORM_COOKIE = "skip_form"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PROLONG_AFTER = dt.timedelta(minutes=10)


def get_settings(request: Request) -> Settings:
    """The settings of this installation."""
    settings: Settings = request.app.state.settings
    return settings


def get_database(request: Request) -> Database:
    """The database of this installation; for routes that must end their session before slow work."""
    database: Database = request.app.state.database
    return database


def get_storage(request: Request) -> Storage:
    """The file storage of this installation."""
    storage: Storage = request.app.state.storage
    return storage


CurrentSettings = Annotated[Settings, Depends(get_settings)]
CurrentDatabase = Annotated[Database, Depends(get_database)]
CurrentStorage = Annotated[Storage, Depends(get_storage)]


def _read(database: CurrentDatabase) -> Iterator[Session]:
    with database.read() as session:
        yield session


def _write(database: CurrentDatabase) -> Iterator[Session]:
    with database.write() as session:
        yield session


# scope="function": the session ends (and a write is committed) before the answer is sent, so a failing commit is told.
ReadSession = Annotated[Session, Depends(_read, scope="function")]
WriteSession = Annotated[Session, Depends(_write, scope="function")]


def find_actor(request: Request, database: CurrentDatabase, settings: CurrentSettings) -> Actor | None:
    """Who asks: by Bearer token or session cookie, in a short session of its own; None if nobody is signed in.

    Asked once per request: a page that refuses something names the same person.
    """
    if not hasattr(request.state, "actor"):
        request.state.actor = _find_actor(request, database, settings)
    actor: Actor | None = request.state.actor
    return actor


def _find_actor(request: Request, database: Database, settings: Settings) -> Actor | None:
    bearer = bearer_token(request)
    if bearer is not None:
        return _actor_of_token(database, bearer)
    key = request.cookies.get(SESSION_COOKIE)
    if not key:
        return None
    with database.read() as session:
        found = access.find_actor_of_session(session, key)
    if found is None:
        return None
    actor, signed_in = found
    if clock.now() - signed_in.seen_at > PROLONG_AFTER and actor.session_id is not None:
        with database.write() as session:
            people.prolong_session(session, actor.session_id, lasts=dt.timedelta(hours=settings.session_hours))
    return actor


def _actor_of_token(database: Database, key: str) -> Actor | None:
    with database.read() as session:
        found = access.find_actor_of_token(session, key)
    if found is None:
        return None
    actor, token = found
    if token.last_used_on != clock.today():
        with database.write() as session:
            people.note_use(session, token)
    return actor


def bearer_token(request: Request) -> str | None:
    """The token of an ``Authorization: Bearer`` header, None without one."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None


def require_actor(actor: Annotated[Actor | None, Depends(find_actor)]) -> Actor:
    """The signed-in actor; NotSignedIn otherwise."""
    if actor is None:
        raise NotSignedIn()
    return actor


MaybeActor = Annotated[Actor | None, Depends(find_actor)]
CurrentActor = Annotated[Actor, Depends(require_actor)]


def form_token(request: Request, settings: Settings) -> str:
    """The token that every form of this browser carries: keyed to its session, else to its form cookie."""
    root = request.cookies.get(SESSION_COOKIE) or request.cookies.get(FORM_COOKIE) or ""
    return hmac.new(settings.signing_key, f"form:{root}".encode(), hashlib.sha256).hexdigest()


async def guard_forms(request: Request, settings: CurrentSettings) -> AsyncIterator[None]:
    """Refuse changes that do not come from our own pages (CSRF), and close what was uploaded when all is done."""
    try:
        await _require_own_form(request, settings)
        yield
    finally:
        await request.close()


async def _require_own_form(request: Request, settings: Settings) -> None:
    """Programs with a Bearer token send no cookie and need no token of a form."""
    if request.method in SAFE_METHODS or bearer_token(request) is not None:
        return
    if request.url.path.startswith(UNSUBSCRIBE_PATH):  # a mail program's one click: the key in the address is the right
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("Dieses Formular kam von einer fremden Seite und wurde nicht angenommen.")
    sent = request.headers.get("x-csrf-token")
    if sent is None and "form" in request.headers.get("content-type", ""):
        sent = str((await request.form()).get("csrf_token", ""))
    rooted = request.cookies.get(SESSION_COOKIE) or request.cookies.get(FORM_COOKIE)
    if not rooted and request.url.path.startswith("/api/"):
        raise NotSignedIn()
    if not rooted or not sent or not _is_token(sent, form_token(request, settings)):
        raise Forbidden(
            "Das Formular war abgelaufen; es wurde noch nichts gespeichert. "
            "Bitte senden Sie noch einmal, oder laden Sie die Seite neu."
        )


def _is_token(sent: str, expected: str) -> bool:
    """Compared as bytes: what was sent may be no ASCII."""
    return hmac.compare_digest(sent.encode(errors="replace"), expected.encode())


async def read_form(request: Request) -> FormData:
    """The submitted form."""
    return await request.form()


Submitted = Annotated[FormData, Depends(read_form)]
