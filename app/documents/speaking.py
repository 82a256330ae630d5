"""The chair's speaking notes as PDF: one page for each item that says what is to be decided and why."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from app import text
from app.agenda.rules.words import KIND_WORDS
from app.clock import BERLIN
from app.documents import pdf
from app.documents.agenda import Clause, clauses_of
from app.documents.layout import DEMO, LIGHTS, Frame, Mark, clipped, run_of, stand, typeset
from app.documents.speaking_duties import Duty
from app.documents.speaking_values import SpeakingItem, SpeakingProject, SpeakingSection, SpeakingValues
from app.projects.models import Phase
from app.projects.rules.words import phase_word
from app.templating import render

ONLY = "Nur für den Vorsitz"


@dataclass(frozen=True)
class Status:
    """A project in words: then ("" = it was not shown), now, and each with its Stand and phase."""

    name: str
    then: Mark | None
    then_note: str
    now: Mark
    now_note: str


@dataclass(frozen=True)
class DutyLine:
    """An open decision or action in words: its name, who answers for it, how it stands, and until when."""

    name: str
    who: str
    state: str
    due: str


@dataclass(frozen=True)
class Sheet:
    """The page of one item, all in words."""

    id: int
    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    to_decide: str
    why: tuple[str, ...]
    statuses: tuple[Status, ...]
    clauses: tuple[Clause, ...]
    duties: tuple[DutyLine, ...]
    goal: tuple[str, ...]
    key_messages: tuple[str, ...]
    reactive: tuple[str, ...]

    @property
    def own(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The chair's own texts that say something, with their headings."""
        texts = (("Ziel", self.goal), ("Kernbotschaften", self.key_messages), ("Reaktiv", self.reactive))
        return tuple((name, lines) for name, lines in texts if lines)


@dataclass(frozen=True)
class Row:
    """A line of the run of the meeting: a section (``item`` False) or an item."""

    clock: str
    number: str
    title: str
    minutes: str
    to_decide: str
    item: bool


@dataclass(frozen=True)
class Notes:
    """What ``documents/speaking.html`` and the DOCX show."""

    title: str
    heading: str
    body_name: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    sum: str
    then_head: str
    opening: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    closing: tuple[str, ...]
    footer: str


def render_speaking_notes(values: SpeakingValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The speaking notes as PDF/A-3a and PDF/UA-1; equal values give equal bytes. Errors as in ``pdf.to_pdf``."""
    digest = hash_of(values)
    return pdf.to_pdf(speaking_html(values), identifier=digest[:32], created=values.changed_at, patience=patience)


def speaking_html(values: SpeakingValues) -> str:
    """The pages that ``render_speaking_notes`` sets."""
    shown = typeset(values)
    notes = notes_of(shown)
    frame = Frame(
        title=notes.title,
        author=text.one_line(shown.sender or shown.body_name),
        footer=notes.footer,
        running=run_of(ONLY, clipped(shown.label, 60), clipped(shown.body_name, 80)),
        banner=DEMO if shown.demo else "",
        draft=shown.version == 0,
    )
    return render("documents/speaking.html", {"document": frame, "notes": notes})


def hash_of(values: SpeakingValues) -> str:
    """SHA-256 of everything the notes say: two prints with the same hash say the same."""
    plain = json.dumps(values.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def notes_of(values: SpeakingValues) -> Notes:
    """The notes in words, for PDF and DOCX alike."""
    day = values.starts_at.astimezone(BERLIN).date()
    version = f"Version {values.version} der Tagesordnung" if values.version else "Entwurf"
    planned = sum(section.minutes for section in values.sections)
    facts = (
        ("Termin", f"{text.weekday_date(day)}, {text.span(values.starts_at, values.ends_at)}"),
        ("Ort", values.place),
        ("Vorsitz", values.chair_title),
        ("Schwerpunktthema", values.main_topic),
        ("Grundlage", _basis(values)),
    )
    return Notes(
        title=f"Sprechzettel zur {text.one_line(values.label)} – {text.one_line(values.body_name)}",
        heading=f"Sprechzettel zur {values.label}",
        body_name=values.body_name,
        facts=tuple((name, value) for name, value in facts if value),
        rows=tuple(row for section in values.sections for row in _rows(section)),
        sum=f"{planned} von {values.length_minutes} Minuten",
        then_head=f"Sitzung vom {values.previous}" if values.previous else "letzte Sitzung",
        opening=_lines(values.opening),
        sheets=tuple(_sheet(item, day) for item in values.items),
        closing=_lines(values.closing),
        footer=run_of(clipped(values.reference, 80), f"Sprechzettel, {version}", stand(values.made_at), ONLY),
    )


def _basis(values: SpeakingValues) -> str:
    basis = f"Tagesordnung Version {values.version}" if values.version else "Entwurf der Tagesordnung"
    stand = f"Projektstände zum {text.long_date(values.as_of)}" if values.as_of else ""
    return ", ".join(part for part in (basis, stand) if part)


def _rows(section: SpeakingSection) -> list[Row]:
    clock = "" if any(item.minutes for item in section.items) else text.time(section.starts_at)
    minutes = f"{section.minutes} Min." if clock else ""
    head = Row(clock, section.number, section.title, minutes, run_of(*section.standing), item=False)
    items = [
        Row(
            text.time(item.starts_at) if item.minutes else "",
            item.number,
            item.title,
            f"{item.minutes} Min." if item.minutes else "",
            item.to_decide,
            item=True,
        )
        for item in section.items
    ]
    return [head, *items]


def _sheet(item: SpeakingItem, day: dt.date) -> Sheet:
    end = item.starts_at + dt.timedelta(minutes=item.minutes)
    when = f"{text.span(item.starts_at, end)}, {item.minutes} Min." if item.minutes else ""
    facts = (
        ("Zeit", when),
        ("Art", run_of(KIND_WORDS[item.kind], "vertraulich" if item.confidential else "")),
        ("Bericht", item.presenter),
        ("Gäste", "; ".join(item.guests)),
    )
    return Sheet(
        id=item.id,
        number=item.number,
        title=item.title,
        facts=tuple((name, value) for name, value in facts if value),
        to_decide=item.to_decide,
        why=(*_lines(item.occasion), *item.reasons),
        statuses=tuple(_status(project, item.title) for project in item.projects),
        clauses=clauses_of(item.proposed_decision),
        duties=tuple(_duty(one, day) for one in item.duties),
        goal=_lines(item.goal),
        key_messages=_lines(item.key_messages),
        reactive=_lines(item.reactive),
    )


def _status(project: SpeakingProject, item_title: str) -> Status:
    name = project.code if project.title == item_title else f"{project.code} {project.title}".strip()
    return Status(
        name=name,
        then=LIGHTS[project.then] if project.known_then else None,
        then_note=_note(project.then_on, project.phase_then) if project.known_then else "",
        now=LIGHTS[project.now],
        now_note=_note(project.now_on, project.phase_now),
    )


def _duty(duty: Duty, day: dt.date) -> DutyLine:
    """How the chair meets it in the room on *day*: an action is overdue after its day, a decision due on it."""
    return DutyLine(
        name=f"{duty.number} {text.one_line(duty.title)}",
        who=duty.who,
        state=duty.state,
        due="" if duty.over else _due(duty, day),
    )


def _due(duty: Duty, day: dt.date) -> str:
    if duty.due_on is None:
        return "zur nächsten Sitzung" if duty.decision else "ohne Frist"
    if duty.decision:
        return f"Wiedervorlage {text.date(duty.due_on)}{', fällig' if duty.due_on <= day else ''}"
    return f"bis {text.date(duty.due_on)}{', überfällig' if duty.due_on < day else ''}"


def _note(day: dt.date | None, phase: Phase | None) -> str:
    stand = f"Stand {text.date(day)}" if day else ""
    known = phase is not None and phase is not Phase.UNKNOWN
    return run_of(stand, phase_word(phase) if known else "")


def _lines(words: str) -> tuple[str, ...]:
    """The lines that say something, without the dashes and dots that people type before them."""
    stripped = (line.strip().lstrip("-–•*").strip() for line in words.splitlines())
    return tuple(line for line in stripped if line)
