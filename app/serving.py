"""Serving the site with uvicorn, with a worker in a thread beside it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from fastapi import FastAPI

from app.config import Settings
from app.db import Database
from app.main import create_app
from app.storage import open_storage
from app.worker import Workplace, work_until


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """A worker in a thread of its own while the block lasts; it finishes its present job."""
    stop, database = threading.Event(), Database(settings.database_url)
    place = Workplace(database, open_storage(settings.storage), settings)
    thread = threading.Thread(target=work_until, args=(stop, place), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
        database.close()


def serve(settings: Settings, *, host: str, port: int, workers: int = 1, with_worker: bool = True) -> None:
    """Serve until stopped. No access log: feed addresses are keys and must stand in no log."""
    with working(settings) if with_worker else nullcontext():
        _run(settings, host, port, workers)


def _run(settings: Settings, host: str, port: int, workers: int) -> None:
    import uvicorn

    options: dict[str, Any] = {"host": host, "port": port, "access_log": False, "log_level": "warning"}
    if workers > 1:
        os.environ.update({"SKIP_DATABASE_URL": settings.database_url, "SKIP_STORAGE": settings.storage})
        uvicorn.run("app.serving:make", factory=True, workers=workers, **options)
    else:
        uvicorn.run(create_app(settings), **options)


def make() -> FastAPI:
    """The application as each of several processes makes it for itself."""
    return create_app(Settings())
