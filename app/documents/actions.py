"""The list of action items as PDF: plain values in, tables by urgency out; long tables are split."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from app import text
from app.clock import BERLIN
from app.documents import pdf
from app.documents.layout import DEMO, Frame, clipped, run_of, stand, typeset
from app.templating import render

MOST_ROWS = 60
"""Rows of one table; setting a table takes time that grows with the square of its rows."""
LONGEST_DETAILS = 600


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True)


class ActionValues(_Values):
    """An action in words. ``group``: how urgent it is; ``late`` and ``moved`` in words, "" where they say nothing."""

    number: str
    title: str
    details: str = ""
    who: str = ""
    due_on: dt.date | None = None
    late: str = ""
    moved: str = ""
    state: str
    over_on: dt.date | None = None
    projects: str = ""
    level: str = ""
    last_text: str = ""
    group: str


class ActionListValues(_Values):
    """What a list shows on a day. ``selection``: its filters in words; ``body``: short name where it is of one body."""

    made_at: dt.datetime
    selection: str
    sender: str
    body: str = ""
    demo: bool = False
    actions: tuple[ActionValues, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the table; the smaller lines say something or are left out."""

    number: str
    title: str
    notes: tuple[str, ...]
    who: str
    due: str
    due_notes: tuple[tuple[str, bool], ...]
    state: str


@dataclass(frozen=True)
class Part:
    """A table of one group; ``more``: it goes on from the table before."""

    name: str
    caption: str
    rows: tuple[Row, ...]
    more: bool


@dataclass(frozen=True)
class Sheet:
    """What ``documents/actions.html`` shows."""

    heading: str
    sender: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


def render_actions(values: ActionListValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The list as PDF/A-3a and PDF/UA-1; the values lie inside as ``auftraege.json``. Errors as in ``pdf.to_pdf``."""
    canonical = _canonical(values)
    return pdf.to_pdf(
        actions_html(values),
        attachments=[pdf.Attached("auftraege.json", canonical.encode(), "Data", "Aufträge als Daten (JSON)")],
        identifier=_digest(canonical)[:32],
        created=values.made_at,
        patience=patience,
    )


def actions_html(values: ActionListValues) -> str:
    """The page that ``render_actions`` sets."""
    shown = typeset(values)
    frame = Frame(
        title=run_of("Auftragsliste", values.body, _day(values)),
        author=text.one_line(values.sender),
        footer=run_of(clipped(values.sender, 80), "Auftragsliste", stand(values.made_at)),
        running=run_of("Auftragsliste", clipped(values.selection, 80), f"Stand {_day(values)}"),
        banner=DEMO if values.demo else "",
    )
    sheet = Sheet(
        heading=f"Auftragsliste {shown.body}".strip(),
        sender=shown.sender,
        facts=(
            ("Stand", _day(values)),
            ("Auswahl", shown.selection),
            ("Umfang", text.counted(len(shown.actions), "Auftrag", "Aufträge")),
        ),
        parts=tuple(_parts(shown)),
    )
    return render("documents/actions.html", {"document": frame, "sheet": sheet})


def _day(values: ActionListValues) -> str:
    return text.long_date(values.made_at.astimezone(BERLIN).date())


def _parts(values: ActionListValues) -> list[Part]:
    parts = []
    for group in dict.fromkeys(one.group for one in values.actions):
        own = [one for one in values.actions if one.group == group]
        for start in range(0, len(own), MOST_ROWS):
            rows = tuple(_row(one) for one in own[start : start + MOST_ROWS])
            caption = text.counted(len(own), "Auftrag", "Aufträge")
            if len(own) > MOST_ROWS:
                caption = f"{start + 1} bis {start + len(rows)} von {caption}"
            parts.append(Part(group, caption, rows, more=start > 0))
    return parts


def _row(one: ActionValues) -> Row:
    details = one.details if len(one.details) <= LONGEST_DETAILS else f"{one.details[:LONGEST_DETAILS].rstrip()} …"
    notes = (
        details,
        f"Projekte: {one.projects}" if one.projects else "",
        f"Zuletzt gemeldet: {one.last_text}" if one.last_text else "",
        one.level,
    )
    return Row(
        number=one.number or "vorläufig",
        title=one.title,
        notes=tuple(note for note in notes if note),
        who=one.who or "–",
        due=text.date(one.due_on) if one.due_on else "–",
        due_notes=tuple((words, late) for words, late in ((one.late, True), (one.moved, False)) if words),
        state=f"{one.state} am {text.date(one.over_on)}" if one.over_on else one.state,
    )


def _canonical(values: ActionListValues) -> str:
    return json.dumps(values.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(canonical: str) -> str:
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
