"""Versions that programs have seen: the header If-Match, required where two people may edit the same thing."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header

from app.api.schemas.thing import Thing
from app.errors import SkipError, Stale


class VersionRequired(SkipError):
    """A change without the version it was made for."""

    status = 428
    sentence = (
        'Bitte nennen Sie mit If-Match die Version, die Sie ändern, zum Beispiel If-Match: "3". '
        "Sie steht im Feld „version“ und im Kopf ETag."
    )


class Seen:
    """The versions named in If-Match; a missing or empty header and ``*`` (any version) name none."""

    def __init__(self, header: str | None) -> None:
        self.given = header is not None and header.strip() not in ("", "*")
        self.versions = {int(found) for found in re.findall(r'(?<![^\s,"/])\d{1,9}(?![^\s,"])', header or "")}

    def check(self, version: int, current: Callable[[], Thing]) -> None:
        """Refuse (Stale, with the present state) where versions were named and *version* is not among them."""
        if self.given and version not in self.versions:
            raise Stale(
                current().model_dump(mode="json"),
                f"Inzwischen wurde dies geändert; die jetzige Version ist {version}. "
                "Bitte vergleichen Sie mit „current“ und senden Sie die Änderung mit dieser Version noch einmal.",
            )


_WORDS = 'Die gesehene Version, zum Beispiel "3"'
MayMatch = Annotated[str | None, Header(description=_WORDS, max_length=400)]
MustMatch = Annotated[
    str | None, Header(description=f"{_WORDS}; ohne sie 428", max_length=400, json_schema_extra={"x-needed": True})
]


def read_seen(if_match: MayMatch = None) -> Seen:
    """What If-Match names, if anything."""
    return Seen(if_match)


def require_seen(if_match: MustMatch = None) -> Seen:
    """What If-Match names; VersionRequired where it names none."""
    seen = Seen(if_match)
    if not seen.given:
        raise VersionRequired()
    return seen


MaybeSeen = Annotated[Seen, Depends(read_seen)]
MustHaveSeen = Annotated[Seen, Depends(require_seen)]
