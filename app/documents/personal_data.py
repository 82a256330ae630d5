"""Everything stored about a person, as plain values and as PDF: one short table for each thing that is stored."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from app import text
from app.documents import pdf
from app.documents.layout import DEMO, Frame, clipped, run_of, stand, typeset
from app.templating import render

MOST_ROWS = 60
"""Rows of one kind on paper; the file for machines holds them all."""
LONGEST_VALUE = 1200


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True)


class DataField(_Values):
    """A stored value: the column's name, its German name, the value as it is stored, and the value in words."""

    key: str
    label: str
    value: str | int | bool | None
    words: str


class DataPart(_Values):
    """Rows of one kind; ``key`` is the place in the database."""

    key: str
    title: str
    rows: tuple[tuple[DataField, ...], ...]


class Explained(_Values):
    """Something in a word or two, and why."""

    what: str
    why: str


class PersonalDataValues(_Values):
    """Everything stored about somebody. ``left_out``: what is not here, and why."""

    name: str
    made_at: dt.datetime
    parts: tuple[DataPart, ...]
    left_out: tuple[Explained, ...]
    demo: bool = False


@dataclass(frozen=True)
class Thing:
    """A row on paper; ``number`` counts within its part."""

    number: int
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chapter:
    """A part on paper; ``more`` says what only the file for machines holds."""

    title: str
    count: str
    things: tuple[Thing, ...]
    more: str


def render_personal_data(values: PersonalDataValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The values as PDF/A-3a and PDF/UA-1. Errors as in ``pdf.to_pdf``."""
    shown = typeset(values)
    frame = Frame(
        title=f"Gespeicherte Daten – {text.one_line(shown.name)}",
        author="SKIP",
        footer=run_of("Gespeicherte Daten", stand(shown.made_at)),
        running=run_of("Gespeicherte Daten", clipped(shown.name, 80)),
        banner=DEMO if shown.demo else "",
    )
    html = render(
        "documents/personal_data.html",
        {
            "document": frame,
            "name": shown.name,
            "stand": stand(shown.made_at),
            "chapters": [_chapter(part) for part in shown.parts],
            "left_out": [(one.what, one.why) for one in shown.left_out],
        },
    )
    digest = hashlib.sha256(json.dumps(values.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
    return pdf.to_pdf(html, identifier=digest[:32], created=values.made_at, patience=patience)


def _chapter(part: DataPart) -> Chapter:
    hidden = len(part.rows) - MOST_ROWS
    return Chapter(
        title=part.title,
        count=text.counted(len(part.rows), "Eintrag", "Einträge"),
        things=tuple(
            Thing(number, tuple((one.label, _short(one.words)) for one in row if one.words))
            for number, row in enumerate(part.rows[:MOST_ROWS], start=1)
        ),
        more=f"{text.counted(hidden, 'weiterer Eintrag', 'weitere Einträge')} in der JSON-Datei" if hidden > 0 else "",
    )


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]} … (ganz in der JSON-Datei)"
