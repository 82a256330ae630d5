"""Puts the application together: settings, database, storage, routes, error answers, headers."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from app import api, web
from app.actor import Actor
from app.api.problems import show_problem
from app.config import Settings
from app.db import Database
from app.errors import Broken, Invalid, NotFound, NotSignedIn, Overtaken, Refused, SkipError, Unavailable
from app.headers import HeadersMiddleware, HeadMiddleware
from app.installation.queries import is_demo
from app.meetings.rules.life import SEALED
from app.request import find_actor, guard_forms
from app.storage import Storage, open_storage
from app.validation import sentences
from app.web.errors import show_error
from app.web.respond import VERSION

STATIC = Path(__file__).parent / "web" / "static"
API = "/api/"
FILES_AT_ONCE = 5
"""A request may carry so many files of the largest size, or more smaller ones."""

log = logging.getLogger("skip")


def create_app(
    settings: Settings | None = None, *, database: Database | None = None, storage: Storage | None = None
) -> FastAPI:
    """The application; tests hand in their own database and storage."""
    settings = settings or Settings()
    database = database or Database(settings.database_url)

    app = FastAPI(
        title="SKIP",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_life,
        dependencies=[Depends(guard_forms)],
        max_body_size=(FILES_AT_ONCE * settings.upload_limit_mb + 1) * 1024 * 1024,
        telemetry={"auto_configure": False},
    )
    furnish(app, settings, database, storage or open_storage(settings.storage))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(api.router)
    app.include_router(web.router)
    for kind in (
        SkipError,
        HTTPException,
        RequestValidationError,
        SQLAlchemyError,
        OverflowError,
        TimeoutError,
        OSError,
    ):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(Exception, _stumble)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(HeadersMiddleware)
    return app


def furnish(app: FastAPI, settings: Settings, database: Database, storage: Storage) -> None:
    """Give *app* what its routes work on; else only the size of requests differs between installations."""
    app.state.settings = settings
    app.state.database = database
    app.state.storage = storage
    with database.read() as session:
        app.state.demo = is_demo(session)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.database.close()


async def _answer(request: Request, error: Exception) -> Response:
    """Every refusal in the form of its channel. For people not signed in, known and unknown addresses answer alike."""
    refusal = _as_refusal(error)
    actor = await run_in_threadpool(_actor_of, request)
    in_api = request.url.path.startswith(API)
    hides = in_api or refusal.status in (403, 404, 405)
    if actor is None and hides and refusal.status < 500 and not _is_public(request):
        refusal = NotSignedIn()
    if in_api:
        return show_problem(refusal)
    return await show_error(request, actor, refusal)


async def _stumble(request: Request, _error: Exception) -> Response:
    """What should not happen, without internals; the server's log holds the traceback."""
    if request.url.path.startswith(API):
        return show_problem(Broken())
    return await show_error(request, None, Broken(), again=False)


SEALED_BY = "sealed by approved minutes"
"""What the triggers of the database say that guard approved minutes."""
OUT_OF_RANGE = "22003"
"""PostgreSQL's state for a number that is too large for its column (numeric_value_out_of_range)."""


def _as_refusal(error: Exception) -> SkipError:
    if isinstance(error, SkipError):
        return error
    if isinstance(error, DBAPIError) and SEALED_BY in str(error.orig):
        return Refused(SEALED)
    if isinstance(error, DataError) and getattr(error.orig, "sqlstate", "") == OUT_OF_RANGE:
        return NotFound()  # a number in the address that no row can bear; SQLite says it as OverflowError
    if isinstance(error, IntegrityError | StaleDataError):
        return Overtaken()
    if isinstance(error, OperationalError | PoolTimeout | TimeoutError | OSError):
        log.error("unavailable: %s", type(error).__name__)
        return Unavailable()
    if isinstance(error, SQLAlchemyError):
        log.exception("the database refused", exc_info=error)
        return Broken()
    if isinstance(error, OverflowError):
        if "SQLite INTEGER" in str(error):
            return NotFound()
        log.exception("a number was too large", exc_info=error)
        return Broken()
    if isinstance(error, RequestValidationError):
        if any(part.get("loc", ("",))[0] == "path" for part in error.errors()):
            return NotFound()
        return Invalid(sentences(error.errors(), of_request=True))
    if isinstance(error, HTTPException) and error.status_code == 404:
        return NotFound()
    refusal = SkipError()
    if isinstance(error, HTTPException):
        refusal.status = error.status_code
        refusal.sentence = _SENTENCES.get(error.status_code, refusal.sentence)
    return refusal


def _actor_of(request: Request) -> Actor | None:
    try:
        return find_actor(request, request.app.state.database, request.app.state.settings)
    except (SQLAlchemyError, TimeoutError):
        return None


def _is_public(request: Request) -> bool:
    path = request.url.path
    feed = path.startswith("/kalender/") and path.endswith(".ics")
    keyed = path.startswith(("/abbestellen/", "/anmelden/", "/antwort/", "/konto/", "/static/"))
    return path in ("/anmelden", "/barrierefreiheit") or keyed or feed


_SENTENCES = {
    405: "Diese Adresse kennt diese Art von Anfrage nicht.",
    413: "Das ist zu groß. Bitte wählen Sie eine kleinere Datei.",
}
