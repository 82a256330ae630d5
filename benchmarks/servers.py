"""Servers as processes of their own on 127.0.0.1, and a client that keeps its connection."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.request import SESSION_COOKIE

PATIENCE_SECONDS = 60
IDLE_SECONDS = 2
"""After so long the server may have closed a connection (uvicorn: 5 seconds), so a new one is opened."""


class Client:
    """Asks one server, one request after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._used_at = time.monotonic()

    def ask(
        self,
        path: str,
        *,
        status: int = 200,
        method: str = "GET",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[bytes, Mapping[str, str]]:
        """Content and headers of the answer; RuntimeError for any other status than *status*."""
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            self._connection.close()
        self._connection.request(method, path, body, dict(headers or {}))
        answer = self._connection.getresponse()
        content = answer.read()
        self._used_at = time.monotonic()
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content, {name.lower(): value for name, value in answer.getheaders()}


def signed_in(key: str) -> dict[str, str]:
    """The headers of a signed-in browser."""
    return {"Cookie": f"{SESSION_COOKIE}={key}"}


def bearer(token: str) -> dict[str, str]:
    """The headers of a program."""
    return {"Authorization": f"Bearer {token}"}


@contextmanager
def skip_server(url: str, folder: Path) -> Iterator[Client]:
    """``skip serve`` on the database at *url*; it renders in the background, as in life."""
    port = free_port()
    settings = {
        "SKIP_DATABASE_URL": url,
        "SKIP_STORAGE": str(folder / "files"),
        "SKIP_SECRET_KEY": "a secret for measuring, of no other use",
        "SKIP_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with _running([sys.executable, "-m", "app", "serve", "--port", str(port)], port, settings):
        yield Client(port)


@contextmanager
def bare_server(url: str, folder: Path) -> Iterator[Client]:
    """The yardstick on the same database."""
    port = free_port()
    with _running([sys.executable, "-m", "benchmarks.bare", url, str(folder), str(port)], port, {}):
        yield Client(port)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], port: int, settings: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env={**os.environ, **settings}, stdin=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not answer")
