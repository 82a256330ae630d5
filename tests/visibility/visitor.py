"""A browser without a network and without its costs: thousands of requests straight into the application."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote, urlencode

import anyio.to_thread
from fastapi import FastAPI, Request, routing

from app import clock, request


@dataclass(frozen=True)
class Answer:
    """What came back. ``headers`` as (name, value), names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @cached_property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")


async def _here(work: Callable[..., Any], *values: Any, **_: Any) -> Any:
    """Do what else a thread of the pool does at once: there is one request at a time."""
    return work(*values)


class House:
    """The application with an event loop of its own, everything in the thread that asks: no costs of handing over.

    Which route a path belongs to is found once per path: matching some 500 routes takes longer than most pages.
    """

    def __init__(self, application: FastAPI) -> None:
        self.application = application
        self._loop = asyncio.new_event_loop()
        self._routes: dict[tuple[object, ...], tuple[Any, ...]] = {}
        self._actors: dict[object, Any] | None = None
        self._find_route = routing._IncludedRouter._match
        self._find_actor = request._find_actor

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """While nobody's rights change: who asks is found once per cookie."""
        self._actors = {}
        yield
        self._actors = None

    def _route_of(self, router: Any, scope: dict[str, Any]) -> tuple[Any, ...]:
        """What FastAPI's matching says, which follows from the method and the path alone."""
        key = (id(router), scope["method"], scope["path"])
        if key not in self._routes:
            self._routes[key] = (router, *self._find_route(router, scope))
        _, match, child, *rest = self._routes[key]
        return (match, {name: dict(one) if isinstance(one, dict) else one for name, one in child.items()}, *rest)

    def _actor_of(self, asking: Request, *values: Any) -> Any:
        if self._actors is None:
            return self._find_actor(asking, *values)
        key = (asking.headers.get("cookie"), asking.headers.get("authorization"), clock.now())
        if key not in self._actors:
            self._actors[key] = self._find_actor(asking, *values)
        return self._actors[key]

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("testclient", 50000),
            "server": ("testserver", 80),
        }
        with (
            patch.object(anyio.to_thread, "run_sync", _here),
            patch.object(routing._IncludedRouter, "_match", lambda router, found: self._route_of(router, found)),
            patch.object(request, "_find_actor", self._actor_of),
        ):
            return self._loop.run_until_complete(self._call(scope, body))

    async def _call(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[dict[str, Any]] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        try:
            await self.application(scope, receive, send)
        except Exception as error:
            return Answer(500, (), f"{type(error).__name__}: {error}".encode())
        start = next(message for message in sent if message["type"] == "http.response.start")
        headers = tuple((name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"])
        content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
        return Answer(start["status"], headers, content)


@dataclass
class Visitor:
    """Somebody with cookies (or a Bearer token) who asks the house; redirects are shown, not followed."""

    house: House
    cookies: dict[str, str] = field(default_factory=dict)
    bearer: str = ""
    _token: str = ""

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        return self.house.ask(method, address, {**self._headers(), **headers})

    def send(self, method: str, address: str, values: Any = None, *, token: str = "", **headers: str) -> Answer:
        """Send a form (values as pairs) or JSON (``json=True`` by the address), with a form token where given."""
        if address.startswith("/api/"):
            body, kind = json.dumps(values or {}).encode(), "application/json"
        else:
            body, kind = urlencode(values or [], doseq=True).encode(), "application/x-www-form-urlencoded"
        given = {**self._headers(), "content-type": kind, "content-length": str(len(body))}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            given["x-csrf-token"] = token
        return self.house.ask(method, address, given, body)

    def form_token(self) -> str:
        """The token that this visitor's forms carry, taken from a page once."""
        if not self._token:
            page = self.get("/barrierefreiheit")
            for name, value in page.headers:
                if name == "set-cookie":
                    key, _, content = value.partition(";")[0].partition("=")
                    self.cookies[key] = content
            self._token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
        return self._token

    def _headers(self) -> dict[str, str]:
        found = {"host": "testserver"}
        if self.cookies:
            found["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.bearer:
            found["authorization"] = f"Bearer {self.bearer}"
        return found
