"""What every document shares: its frame (title, footer, banner, watermark) and the lights in words and shapes."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from app import text
from app.clock import BERLIN
from app.projects.models import Light

Values = TypeVar("Values", bound=BaseModel)
_ENDLESS_WORD = re.compile(r"\S{100,}")
_STEP, _MAY_BREAK = 40, "\u200b"

DEMO = "Beispieldaten – Personen, Sachstände und Beschlüsse sind erfunden"


@dataclass(frozen=True)
class Frame:
    """What ``documents/layout.html`` needs; empty texts show nothing.

    ``draft`` puts ENTWURF behind every page, ``review`` ZUR PRÜFUNG.
    """

    title: str
    author: str
    footer: str
    running: str
    banner: str = ""
    draft: bool = False
    review: bool = False


@dataclass(frozen=True)
class Mark:
    """A light as shape and word; ``css`` colours the shape."""

    shape: str
    word: str
    css: str


LIGHTS: dict[Light | None, Mark] = {
    Light.GREEN: Mark("●", "grün", "green"),
    Light.YELLOW: Mark("▲", "gelb", "yellow"),
    Light.RED: Mark("■", "rot", "red"),
    None: Mark("○", "keine Meldung", "none"),
}


def clipped(words: str, length: int) -> str:
    """*words* on one line of at most *length* characters, with … where something was cut."""
    line = text.one_line(words)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def run_of(*parts: str) -> str:
    """The parts that say something, with a middle dot between them."""
    return " · ".join(part for part in parts if part)


def checksum(version: int, digest: str) -> str:
    """What finds a document again, for the footer of frozen ones; "" for a draft, which nobody can look up."""
    return f"Prüfsumme {digest[:12]}" if version else ""


def stand(made_at: dt.datetime) -> str:
    """Stand 12. Mai 2026, 10:47 Uhr, in Berlin: what tells apart two of a document that is not frozen."""
    return f"Stand {text.long_date(made_at.astimezone(BERLIN).date())}, {text.time(made_at)} Uhr"


def typeset(values: Values) -> Values:
    """*values* with every text in NFC, free of control characters, and with places to break in endless words.

    Frozen values may hold what was typed a moment ago. Without the places a word of 20,000 letters takes 20 seconds.
    """
    return type(values).model_validate(_typeset(values.model_dump(mode="json")))


def _typeset(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _typeset(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_typeset(value) for value in part]
    return _ENDLESS_WORD.sub(_breakable, text.clean(part)) if isinstance(part, str) else part


def _breakable(word: re.Match[str]) -> str:
    letters = word[0]
    return _MAY_BREAK.join(letters[start : start + _STEP] for start in range(0, len(letters), _STEP))
