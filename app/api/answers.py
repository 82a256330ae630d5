"""Answers of the API as JSON: one object with its ETag, a created one with its address, a list."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel
from sqlmodel import Session

from app.api.schemas.thing import Problem, Thing

T = TypeVar("T")
JSON = "application/json"
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": words}
    for status, words in {
        401: "Nicht angemeldet",
        403: "Sichtbar, aber nicht erlaubt",
        404: "Unbekannt oder nicht sichtbar",
        409: "Das lässt der Stand der Dinge nicht zu",
        412: "Inzwischen geändert; „current“ ist der jetzige Stand",
        422: "Angaben stimmen nicht; „errors“ nennt die Felder",
        428: "If-Match fehlt",
    }.items()
}


def shown(thing: Thing, status: int = 200) -> Response:
    """One object, with its version as ETag."""
    return answer(thing, status, {"ETag": f'"{thing.version}"'})


def created(thing: Thing) -> Response:
    """A new object (201) with its address."""
    return answer(thing, 201, {"ETag": f'"{thing.version}"', "Location": thing.url})


def listed(items: Sequence[Thing], following: str | None) -> Response:
    """A page of a list."""
    content = ",".join(one.model_dump_json() for one in items)
    return _json(f'{{"items":[{content}],"next":{json.dumps(following)}}}')


def changed(session: Session, act: Callable[[], T], show: Callable[[T], Thing]) -> Response:
    """Do a change and answer with the object as it is then."""
    done = act()
    session.flush()
    return shown(show(done))


def answer(content: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """*content* as JSON that nobody on the way keeps."""
    return _json(content.model_dump_json(), status, headers)


def _json(content: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "private, no-store", **(headers or {})}
    return Response(content, status, kept, media_type=JSON)
