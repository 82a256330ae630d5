"""The invitation with agenda: frozen values in, a PDF of one edition out."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app import text
from app.agenda.models import Edition, Level
from app.agenda.rules.changes import MARK_WORDS
from app.agenda.rules.reading import WHOLE_EDITIONS, key_of
from app.agenda.rules.words import KIND_WORDS
from app.agenda.schemas.frozen import (
    AgendaValues,
    FrozenGuest,
    FrozenItem,
    FrozenPaper,
    FrozenProject,
    FrozenSection,
    hash_values,
    write_values,
)
from app.agenda.schemas.frozen import Mark as ItemMark
from app.clock import BERLIN
from app.documents import pdf
from app.documents.layout import DEMO, LIGHTS, Frame, Mark, checksum, clipped, run_of, typeset
from app.papers.models import PaperKind
from app.papers.rules.words import PAPER_KINDS, size_in_words
from app.templating import render

EDITION_NOTES: Mapping[Edition, str] = {
    Edition.NON_CONFIDENTIAL: "Diese Fassung enthält keine vertraulichen Punkte.",
    Edition.GUEST: "Diese Fassung enthält nur den Punkt, zu dem Sie eingeladen sind.",
    Edition.PUBLIC: "Diese Fassung enthält nur die öffentlichen Punkte.",
}

_NUMBERED = re.compile(r"\s*(\d{1,2}[.)])\s+(?=\S)")


@dataclass(frozen=True)
class Project:
    """A project below an item; ``as_of`` is a written date or empty."""

    mark: Mark
    name: str
    as_of: str


@dataclass(frozen=True)
class Clause:
    """One line of a proposed decision; ``ordinal`` is "1." where the line is numbered, else empty."""

    ordinal: str
    words: str


@dataclass(frozen=True)
class Item:
    """One row of the table, all in words; without minutes of its own (Ohne Aussprache) it shows no clock time.

    ``mark`` says what a supplement did to it, ``withdrawn_reason`` why it was withdrawn.
    """

    number: str
    title: str
    mark: str
    withdrawn_reason: str
    occasion: str
    clauses: tuple[Clause, ...]
    projects: tuple[Project, ...]
    kind: str
    confidential: bool
    presenter: str
    clock: str
    minutes: int
    guests: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A group of rows; it shows its clock time itself only where no item does."""

    number: str
    title: str
    clock: str
    minutes: int
    show_clock: bool
    standing: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Agenda:
    """What ``documents/agenda.html`` shows."""

    letterhead: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    heading: str
    body_name: str
    facts: tuple[tuple[str, str], ...]
    invitation: tuple[str, ...]
    caption: str
    sections: tuple[Section, ...]
    sum: str
    release: str
    notes: tuple[str, ...]
    papers: tuple[str, ...] = ()


def render_agenda(
    values: AgendaValues, *, kept_text: str = "", ics: bytes | None = None, patience: float = pdf.PATIENCE
) -> bytes:
    """The invitation with agenda as PDF/A-3a and PDF/UA-1, drawn from *values* of one edition.

    Equal arguments give equal bytes. Inside lie the canonical values as ``tagesordnung.json`` and, if given, the
    meeting's calendar file as ``sitzung.ics``. Of a kept document *kept_text* is the stored canonical text, whatever
    format it was written in: its hash stands in the footer. Version 0 is a draft and carries a watermark. *patience*
    and errors as in ``pdf.to_pdf``; ValueError for values that hold more than their edition may.
    """
    _require_no_more(values)
    canonical = kept_text or write_values(values)
    digest = hash_values(canonical)
    attachments = [pdf.Attached("tagesordnung.json", canonical.encode(), "Data", "Tagesordnung als Daten (JSON)")]
    if ics is not None:
        attachments.append(pdf.Attached("sitzung.ics", ics, "Supplement", "Termin der Sitzung (iCalendar)"))
    return pdf.to_pdf(
        agenda_html(values, digest),
        attachments=attachments,
        identifier=digest[:32],
        created=values.released_at or values.meeting.changed_at,
        patience=patience,
    )


def _require_no_more(values: AgendaValues) -> None:
    items = [item for section in values.sections for item in section.items]
    if values.edition is not Edition.FULL and any(_is_confidential(item) for item in items):
        raise ValueError("confidential items in an edition without them")
    papers = [*values.papers, *(paper for item in items for paper in item.papers)]
    if values.edition is not Edition.FULL and any(paper.level is Level.CONFIDENTIAL for paper in papers):
        raise ValueError("confidential papers in an edition without them")
    if values.edition is Edition.PUBLIC and any(item.level is not Level.PUBLIC for item in items):
        raise ValueError("other than public items in the public edition")
    if values.edition is Edition.GUEST and len(items) != 1:
        raise ValueError("a guest's edition is of one item")


def agenda_html(values: AgendaValues, digest: str) -> str:
    """The page that ``render_agenda`` sets; *digest* is the hash of the canonical values, 64 hexadecimal digits."""
    shown = typeset(values)
    return render("documents/agenda.html", {"document": _frame(shown, digest), "agenda": _agenda(shown)})


def _frame(values: AgendaValues, digest: str) -> Frame:
    meeting = values.meeting
    day = text.long_date(_day(meeting.starts_at))
    version = f"Version {values.version}" if values.version else "ENTWURF"
    edition = f"Fassung {_edition_word(values)}"
    return Frame(
        title=f"{text.one_line(_heading(values))} – {text.one_line(values.body.name)}",
        author=text.one_line(values.sender or (values.letterhead[0] if values.letterhead else values.body.name)),
        footer=run_of(clipped(values.reference, 80), version, edition, checksum(values.version, digest)),
        running=run_of(clipped(meeting.label, 60), clipped(values.body.name, 80), day),
        banner=DEMO if values.demo else "",
        draft=values.version == 0,
    )


def _agenda(values: AgendaValues) -> Agenda:
    sections = tuple(_section(section, timed=values.edition is not Edition.PUBLIC) for section in values.sections)
    planned = sum(section.minutes for section in values.sections)
    return Agenda(
        letterhead=values.letterhead or (values.body.name,),
        marks=_marks(values),
        heading=_heading(values),
        body_name=_body_name(values),
        facts=_facts(values),
        invitation=tuple(part.strip() for part in values.invitation.split("\n\n") if part.strip()),
        caption=_caption(values),
        sections=sections,
        sum=f"{planned} von {values.length_minutes} Minuten" if values.edition in WHOLE_EDITIONS else "",
        release=_release(values),
        notes=tuple(_notes(values)),
        papers=tuple(paper_words(paper) for paper in values.papers),
    )


def _marks(values: AgendaValues) -> tuple[tuple[str, str], ...]:
    marks = [("Absender", values.sender), ("Geschäftszeichen", values.reference)]
    if values.released_at is not None:
        marks.append(("Datum", text.long_date(_day(values.released_at))))
    supplement = " (Nachtrag)" if values.version > 1 else ""
    marks.append(("Version", f"{values.version or 'Entwurf'}{supplement}, {_edition_word(values)}"))
    return tuple((name, value) for name, value in marks if value)


def _heading(values: AgendaValues) -> str:
    if values.edition is Edition.PUBLIC:
        return f"Tagesordnung der {values.meeting.label}"
    return f"Einladung zur {values.meeting.label}"


def _edition_word(values: AgendaValues) -> str:
    return key_of(values.edition, values.guest).word


def _facts(values: AgendaValues) -> tuple[tuple[str, str], ...]:
    meeting = values.meeting
    facts = [
        ("Termin", _when(values)),
        ("Ort", meeting.place),
        ("Einlass", meeting.entry),
        ("Vorsitz", values.body.chair_title),
        ("Schwerpunktthema", meeting.main_topic),
        ("Nachtrag", values.supplement_reason),
    ]
    return tuple((name, value) for name, value in facts if value)


def _when(values: AgendaValues) -> str:
    start, end = values.meeting.starts_at, values.meeting.ends_at
    if _day(start) != _day(end):
        return text.span(start, end)
    return f"{text.weekday_date(_day(start))}, {text.span(start, end)}"


def _body_name(values: AgendaValues) -> str:
    name, short = values.body.name, values.body.short_name
    return name if not short or short in name else f"{name} ({short})"


def _caption(values: AgendaValues) -> str:
    points = text.counted(sum(len(section.items) for section in values.sections), "Punkt", "Punkte")
    has_projects = any(item.projects for section in values.sections for item in section.items)
    if values.as_of is None or not has_projects:
        return points
    return f"{points}; Projektstände zum Stichtag {text.long_date(values.as_of)}"


def _section(section: FrozenSection, *, timed: bool) -> Section:
    return Section(
        number=section.number,
        title=section.title,
        clock=text.time(section.starts_at),
        minutes=section.minutes,
        show_clock=timed and not any(_minutes(item) for item in section.items),
        standing=run_of(*section.standing),
        items=tuple(_item(item) for item in section.items),
    )


def _item(item: FrozenItem) -> Item:
    return Item(
        number=item.number,
        title=item.title,
        mark=MARK_WORDS[ItemMark.WITHDRAWN if item.withdrawn else item.mark],
        withdrawn_reason=item.withdrawn_reason,
        occasion="" if item.withdrawn else item.occasion,
        clauses=() if item.withdrawn else clauses_of(item.proposed_decision),
        projects=() if item.withdrawn else tuple(_project(project, item.title) for project in item.projects),
        kind=KIND_WORDS[item.kind],
        confidential=_is_confidential(item),
        presenter=item.presenter,
        clock=text.time(item.starts_at),
        minutes=_minutes(item),
        guests=tuple(guest_words(guest) for guest in item.guests),
        papers=() if item.withdrawn else tuple(paper_words(paper) for paper in item.papers),
    )


def paper_words(paper: FrozenPaper) -> str:
    """Anlage: Lageplan (Lageplan.pdf, 1,4 MB), vertraulich"""
    secret = ", vertraulich" if paper.level is Level.CONFIDENTIAL else ""
    return (
        f"{PAPER_KINDS[PaperKind(paper.kind)]}: {paper.title} ({paper.file_name}, {size_in_words(paper.size)}){secret}"
    )


def _minutes(item: FrozenItem) -> int:
    """What an item takes of the time; a withdrawn one shows no clock time."""
    return 0 if item.withdrawn else item.minutes


def guest_words(guest: FrozenGuest) -> str:
    """Impuls „Additive Fertigung“: Dr. Ada Beispiel, TU Berlin; Gast: … without a talk."""
    what = f"Impuls „{guest.topic}“" if guest.topic else "Gast"
    return f"{what}: {', '.join(part for part in (guest.name, guest.function) if part)}"


def clauses_of(proposed_decision: str) -> tuple[Clause, ...]:
    """A proposed decision by lines, numbered ones with their number apart."""
    return tuple(_clause(line) for line in proposed_decision.splitlines() if line.strip())


def _clause(line: str) -> Clause:
    numbered = _NUMBERED.match(line)
    return Clause(ordinal=numbered[1] if numbered else "", words=line[numbered.end() if numbered else 0 :].strip())


def _project(project: FrozenProject, item_title: str) -> Project:
    """An item named like its project does not name it twice."""
    stand = text.long_date(project.as_of) if project.as_of is not None else ""
    name = project.code if project.title == item_title else f"{project.code} {project.title}".strip()
    return Project(mark=LIGHTS[project.light], name=name, as_of=stand)


def _is_confidential(item: FrozenItem) -> bool:
    return item.level is Level.CONFIDENTIAL


def _release(values: AgendaValues) -> str:
    yes = values.approval
    if yes is not None:
        how = f" ({yes.how})" if yes.how else ""
        return f"Freigegeben durch {yes.by} am {text.long_date(yes.on)}{how}."
    return "Entwurf, noch nicht freigegeben." if values.version == 0 else ""


def _notes(values: AgendaValues) -> list[str]:
    notes = []
    if values.late_reason:
        notes.append(f"Versand nach Ablauf der Einladungsfrist. Grund: {values.late_reason}")
    if values.edition in EDITION_NOTES:
        notes.append(EDITION_NOTES[values.edition])
    return notes


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(BERLIN).date()
