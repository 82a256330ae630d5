"""What every document shares: its frame (title, footer, banner, watermark) and the lights in words and shapes."""

from dataclasses import dataclass

from app import text
from app.projects.models import Light

DEMO = "Beispieldaten – Personen, Sachstände und Beschlüsse sind erfunden"


@dataclass(frozen=True)
class Frame:
    """What ``documents/layout.html`` needs; empty texts show nothing. ``draft`` puts ENTWURF behind every page."""

    title: str
    author: str
    footer: str
    running: str
    banner: str = ""
    draft: bool = False


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
