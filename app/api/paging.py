"""Lists page by page: how many, from where on, and the opaque cursor that says where the next page begins.

A cursor holds the sort key and the id of the last object shown and is sealed together with the address and the filter,
so that it fits its own list only. Pages neither skip nor repeat what was there, whatever is added meanwhile.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.config import Settings
from app.errors import Invalid

T = TypeVar("T")
Mark = tuple[Any, ...]


class ListQuery(BaseModel):
    """The questions that every list understands; subjects add their filters. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    limit: int = Field(default=50, ge=1, le=200, description="Wie viele Einträge höchstens")
    cursor: str | None = Field(default=None, max_length=8000, description="Wert von „next“ der vorigen Seite")


class Walk:
    """One page of a walk through a list: at most ``limit`` objects behind the mark ``after`` (None: from the start)."""

    def __init__(self, request: Request, query: ListQuery) -> None:
        settings: Settings = request.app.state.settings
        filters = query.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        self._key = settings.signing_key
        self._scope = f"{request.url.path}?{json.dumps(filters, sort_keys=True)}"
        self.limit = query.limit
        self.after: Mark | None = None if query.cursor is None else self._opened(query.cursor)

    def cut(self, things: Iterable[T], mark: Callable[[T], Mark]) -> tuple[list[T], str | None]:
        """The page of a list that is wholly at hand, ordered by *mark* (a tuple of text and numbers, unique)."""
        ordered = sorted(things, key=mark)
        after = self.after
        return self.take([one for one in ordered if after is None or mark(one) > after], mark)

    def take(self, found: Sequence[T], mark: Callable[[T], Mark]) -> tuple[list[T], str | None]:
        """The page of what was fetched behind ``after`` (one more than ``limit`` tells that there is more)."""
        shown = list(found[: self.limit])
        return shown, self._pack(mark(shown[-1])) if len(found) > self.limit else None

    def sealed(self, following: str | None) -> str | None:
        """The cursor of a list that knows its own; it comes back as the only part of ``after``."""
        return self._pack((following,)) if following else None

    def _pack(self, mark: Mark) -> str:
        content = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
        return f"{content}.{self._seal(content)}"

    def _opened(self, cursor: str) -> Mark:
        content, _, seal = cursor.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(content).encode()):
            raise Invalid(
                {"cursor": "Dieser Cursor gehört nicht zu dieser Liste. Bitte beginnen Sie ohne ihn von vorn."}
            )
        return tuple(json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))))

    def _seal(self, content: str) -> str:
        return hmac.new(self._key, f"cursor:{self._scope}:{content}".encode(), hashlib.sha256).hexdigest()[:32]
