"""The extract of one decision and the register of a year: plain values in, PDF out."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from pydantic import BaseModel

from app import text
from app.clock import BERLIN
from app.documents import pdf
from app.documents.decision_values import DecisionValues, ExtractValues, HouseValues, RegisterValues
from app.documents.layout import DEMO, LIGHTS, Frame, Mark, clipped, run_of, stand, typeset
from app.templating import render


@dataclass(frozen=True)
class ClauseText:
    """A clause as it is set: "1." and its sentence."""

    ordinal: str
    sentence: str


@dataclass(frozen=True)
class ProjectText:
    """A project with its light at that time; None where nobody knows."""

    words: str
    mark: Mark | None


@dataclass(frozen=True)
class Entry:
    """A decision as ``documents/_decision.html`` shows it; ``facts`` are terms with their values."""

    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    wording: str
    clauses: tuple[ClauseText, ...]
    projects: tuple[ProjectText, ...]
    note: str = ""

    @property
    def line(self) -> str:
        """The facts on one line, as the register tells them: most of them speak for themselves."""
        return run_of(*(f"{name}: {value}" if name in _NAMED else value for name, value in self.facts))


_NAMED = frozenset({"Anwesend", "Ersetzt", "Ersetzt durch", "Stand", "Quelle", "Grund"})


@dataclass(frozen=True)
class Extract:
    """What ``documents/extract.html`` shows."""

    letterhead: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    heading: str
    body_name: str
    reservation: str
    entry: Entry
    approval: str


@dataclass(frozen=True)
class Register:
    """What ``documents/register.html`` shows."""

    letterhead: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    heading: str
    body_name: str
    lead: str
    entries: tuple[Entry, ...]


def render_extract(values: ExtractValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The extract of one decision as PDF/A-3a and PDF/UA-1; a provisional one carries a watermark."""
    canonical = _canonical(values)
    return pdf.to_pdf(
        extract_html(values),
        attachments=[pdf.Attached("beschluss.json", canonical.encode(), "Data", "Beschluss als Daten (JSON)")],
        identifier=_digest(canonical)[:32],
        created=values.changed_at,
        patience=patience,
    )


def render_register(values: RegisterValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The register of a year as PDF/A-3a and PDF/UA-1, set as blocks: tables of 200 pages take minutes."""
    canonical = _canonical(values)
    return pdf.to_pdf(
        register_html(values),
        attachments=[pdf.Attached("beschluesse.json", canonical.encode(), "Data", "Beschlüsse als Daten (JSON)")],
        identifier=_digest(canonical)[:32],
        created=values.changed_at,
        patience=patience,
    )


def extract_html(values: ExtractValues) -> str:
    """The page that ``render_extract`` sets."""
    shown, one = typeset(values), values.decision
    heading = f"Auszug aus dem Beschlussregister: {one.number}"
    if one.place:
        heading = f"Auszug aus der Niederschrift der {one.place}"
    if values.provisional:
        heading = f"Vorläufiger Beschluss der {one.place}" if one.place else "Vorläufiger Beschluss"
    extract = Extract(
        letterhead=shown.house.letterhead or (shown.house.body,),
        marks=_marks(shown.house, ("Stand", text.long_date(values.made_at.astimezone(BERLIN).date()))),
        heading=text.clean(heading),
        body_name=_body_name(shown.house),
        reservation=shown.reservation,
        entry=_entry(shown.decision),
        approval=shown.approval,
    )
    frame = _frame(values.house, f"Auszug {one.number}", values.made_at, draft=values.provisional)
    return render("documents/extract.html", {"document": frame, "extract": extract})


def register_html(values: RegisterValues) -> str:
    """The page that ``render_register`` sets."""
    shown = typeset(values)
    count = len(values.decisions)
    register = Register(
        letterhead=shown.house.letterhead or (shown.house.body,),
        marks=_marks(shown.house, ("Stand", text.long_date(values.made_at.astimezone(BERLIN).date()))),
        heading=f"Beschlussregister {values.year}",
        body_name=_body_name(shown.house),
        lead=f"{text.counted(count, 'Beschluss', 'Beschlüsse')} des Jahres {values.year}, nach Datum und Nummer."
        if count
        else f"Für {values.year} sind keine Beschlüsse verzeichnet.",
        entries=tuple(_entry(one) for one in shown.decisions),
    )
    what = run_of(f"Beschlussregister {values.year}", values.edition)
    frame = _frame(values.house, what, values.made_at)
    return render("documents/register.html", {"document": frame, "register": register})


def _entry(one: DecisionValues) -> Entry:
    if one.void_reason:
        return Entry(one.number, "nicht vergeben", (("Grund", one.void_reason),), "", (), ())
    facts = (
        ("Beschlossen am", text.long_date(one.decided_on) if one.decided_on else ""),
        ("Sitzung", one.place),
        ("Ergebnis", one.outcome),
        ("Beschlossen", one.taking),
        ("Anwesend", one.present),
        ("Beschlussfähigkeit", one.quorum),
        ("Vertraulichkeit", one.level),
        ("Ersetzt", one.replaces),
        ("Ersetzt durch", one.replaced_by),
        ("Stand", one.state),
        ("Quelle", one.source),
    )
    return Entry(
        number=one.number,
        title=one.title,
        facts=tuple((name, value) for name, value in facts if value),
        wording=one.wording,
        clauses=tuple(ClauseText(f"{clause.position}.", _sentence(clause)) for clause in one.clauses),
        projects=tuple(
            ProjectText(f"{project.code} {project.title}", LIGHTS[project.light] if project.known else None)
            for project in one.projects
        ),
        note="" if one.wording or one.clauses else "Ohne eigenen Wortlaut.",
    )


def _sentence(clause: object) -> str:
    verb, whom, words, due = (getattr(clause, name) for name in ("verb", "whom", "text", "due_on"))
    head = f"{verb} {whom}" if whom else verb
    return f"{head}: {words}{f' (bis {text.date(due)})' if due else ''}"


def _marks(house: HouseValues, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    marks = (("Absender", house.sender), ("Geschäftszeichen", house.reference), *more)
    return tuple((name, value) for name, value in marks if value)


def _body_name(house: HouseValues) -> str:
    named = not house.short_name or house.short_name in house.body
    return house.body if named else f"{house.body} ({house.short_name})"


def _frame(house: HouseValues, what: str, made_at: dt.datetime, *, draft: bool = False) -> Frame:
    return Frame(
        title=f"{text.one_line(what)} – {text.one_line(house.body)}",
        author=text.one_line(house.sender or (house.letterhead[0] if house.letterhead else house.body)),
        footer=run_of(
            clipped(house.reference, 80),
            "ENTWURF" if draft else "",
            clipped(what, 80),
            stand(made_at),
        ),
        running=run_of(clipped(what, 80), clipped(house.body, 80)),
        banner=DEMO if house.demo else "",
        draft=draft,
    )


def _canonical(values: BaseModel) -> str:
    return json.dumps(values.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()
