"""What all objects of the API share: their id, version and two addresses; and how moments are written."""

import datetime as dt
from typing import Annotated, Generic, TypeVar

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from app.clock import BERLIN
from app.validation import HIGHEST_ID

PREFIX = "/api/v1"

Id = Annotated[int, Path(ge=1, le=HIGHEST_ID, description="Kennung")]
"""An id in an address; what no id can be is unknown (404)."""

Moment = Annotated[
    dt.datetime,
    PlainSerializer(
        lambda moment: moment.astimezone(BERLIN).isoformat(timespec="seconds"), return_type=str, when_used="json"
    ),
]
"""A moment in Berlin's time, with its offset: 2026-05-12T10:00:00+02:00."""


class Shape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


class Thing(Shape):
    """An object: ``url`` is its address in the API, ``page`` that of its page; ``version`` 1 where none is counted."""

    id: int
    version: int = Field(default=1, description="Stand des Objekts, für If-Match")
    url: str
    page: str


Item = TypeVar("Item", bound=Thing)


class Listing(Shape, Generic[Item]):
    """A page of a list; ``next`` continues it, null at its end."""

    items: list[Item]
    next: str | None = None


class Nothing(BaseModel):
    """The body of an act that needs none: absent or an empty object."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """A refusal (RFC 9457). ``errors`` name the fields, ``current`` is the present state where a version is stale."""

    class FieldError(BaseModel):
        """What is wrong with one field; "" is the whole body."""

        field: str
        message: str

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None
    current: dict[str, object] | None = None
