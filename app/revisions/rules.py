"""When a stretch of writing is over, whether a save may be stored, and who counts as present; the times are our own."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from app import text
from app.clock import BERLIN
from app.revisions.schemas import Presence

PAUSE = dt.timedelta(minutes=5)
"""After so long without a save a stretch of writing is over."""
PRESENT = dt.timedelta(minutes=1)
"""So long after its last sign a form counts as open; it gives one every 25 seconds."""


class Written(Protocol):
    """What the rules look at in a revision."""

    writer: str
    writer_name: str
    version: int
    content: str
    saved_at: dt.datetime


def is_over(saved_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether the pause since the last save ends the stretch of writing."""
    return now - saved_at >= PAUSE


def collides(latest: Written | None, writer: str, base_version: int) -> bool:
    """Whether somebody else wrote the field after what the writer has seen."""
    return latest is not None and latest.writer != writer and latest.version > base_version


def collision_sentence(latest: Written, now: dt.datetime) -> str:
    """Who was faster and when, that nothing is lost, and what to do."""
    day = latest.saved_at.astimezone(BERLIN).date()
    today = day == now.astimezone(BERLIN).date()
    when = f"um {text.time(latest.saved_at)} Uhr" if today else f"am {text.date(day)}"
    return (
        f"{latest.writer_name or 'Jemand'} hat diesen Text {when} geändert. "
        "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Texte."
    )


def presence_sentence(present: Sequence[Presence]) -> str:
    """Wird gerade bearbeitet von Dana Muster (seit 10:41). "" where nobody is there."""
    others = dict.fromkeys(f"{one.name} (seit {text.time(one.since)})" for one in present if not one.own)
    if others:
        return f"Wird gerade bearbeitet von {text.joined(list(others))}."
    if any(one.own for one in present):
        return "Sie haben dies noch in einem anderen Fenster geöffnet."
    return ""
