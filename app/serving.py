"""Serving the site with uvicorn."""

import os

from app.config import Settings
from app.main import create_app


def serve(settings: Settings, *, host: str, port: int, workers: int = 1, with_worker: bool = True) -> None:
    """Serve until stopped. No access log: feed addresses are keys and must stand in no log."""
    import uvicorn

    os.environ["SKIP_WITH_WORKER"] = "1" if with_worker else ""
    if workers > 1:
        uvicorn.run("app.serving:make", factory=True, host=host, port=port, workers=workers, access_log=False)
        return
    uvicorn.run(create_app(settings), host=host, port=port, access_log=False, log_level="warning")


def make() -> object:
    """The application as each of several processes makes it for itself."""
    return create_app(Settings())
