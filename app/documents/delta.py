"""The changes since the last meeting as an annex: frozen values in, a PDF with tables and charts out."""

import datetime as dt
from dataclasses import dataclass

from app import charts, text
from app.agenda.rules.delta_sums import SIGNS, Count, FieldSums, Row, field_sums
from app.agenda.schemas.frozen import hash_values
from app.agenda.schemas.frozen_delta import DeltaProject, DeltaValues, write_delta
from app.documents import pdf
from app.documents.layout import DEMO, LIGHTS, Frame, Mark, checksum, clipped, run_of, typeset
from app.projects.rules.words import PHASES
from app.templating import render

LONGEST_WORD, LONGEST_CODE = 18, 5
"""Letters of a word, and of a project's number, that fit the narrowest column of the tables of lines, however wide."""

_WORDS = {"rot": "rot", "gelb": "gelb", "gruen": "grün", "ohne": "keine Meldung"}


@dataclass(frozen=True)
class SumsRow:
    """A row of a table: its light (None = the sum) and its numbers as they are printed."""

    mark: Mark | None
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class FieldPart:
    """A main field: chart and table with the same numbers."""

    name: str
    caption: str
    chart: charts.Bars
    title: str
    description: str
    rows: tuple[SumsRow, ...]


@dataclass(frozen=True)
class MovedLine:
    """A project that came or went, and why; ``long`` as in ``ChangedLine``."""

    sign: str
    name: str
    field: str
    why: str
    long: bool


@dataclass(frozen=True)
class ChangedLine:
    """A project whose light or phase changed.

    ``long``: a word that may not fit its column, so that the row is hyphenated and broken where it must be. That costs
    a fifth of the time, and most rows do well without.
    """

    code: str
    title: str
    then: Mark
    now: Mark
    phase: str
    words: str
    long: bool


@dataclass(frozen=True)
class ChangedPart:
    """The changed projects of a main field, which their rows need not name one by one."""

    field: str
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True)
class DeltaSheet:
    """What ``documents/delta.html`` shows."""

    heading: str
    body_name: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    adds_up: bool
    fields: tuple[FieldPart, ...]
    moved: tuple[MovedLine, ...]
    changes: int
    changed: tuple[ChangedPart, ...]


def render_delta(values: DeltaValues, *, kept_text: str = "", patience: float = pdf.PATIENCE) -> bytes:
    """The annex as PDF/A-3a and PDF/UA-1; the canonical values lie inside as ``veraenderungen.json``.

    *kept_text* is the stored text of frozen values, whose hash stands in the footer. Equal arguments give equal bytes;
    version 0 is a draft and carries a watermark. Errors as in ``pdf.to_pdf``.
    """
    canonical = kept_text or write_delta(values)
    digest = hash_values(canonical)
    data = pdf.Attached("veraenderungen.json", canonical.encode(), "Data", "Veränderungen als Daten (JSON)")
    created = values.released_at or dt.datetime.combine(values.as_of, dt.time(12), dt.UTC)
    return pdf.to_pdf(
        delta_html(values, digest), attachments=[data], identifier=digest[:32], created=created, patience=patience
    )


def delta_html(values: DeltaValues, digest: str) -> str:
    """The page that ``render_delta`` sets; *digest* is the hash of the canonical values, 64 hexadecimal digits."""
    shown = typeset(values)
    return render("documents/delta.html", {"document": _frame(shown, digest), "sheet": _sheet(shown)})


def _frame(values: DeltaValues, digest: str) -> Frame:
    meeting = values.meeting
    version = f"Version {values.version}" if values.version else "ENTWURF"
    return Frame(
        title=f"Veränderungen seit der letzten Sitzung – {text.one_line(meeting.label)}",
        author=text.one_line(values.sender or values.body.name),
        footer=run_of(clipped(values.reference, 80), "Veränderungen", version, checksum(values.version, digest)),
        running=run_of(clipped(meeting.label, 60), clipped(values.body.name, 80), text.long_date(meeting.on)),
        banner=DEMO if values.demo else "",
        draft=values.version == 0,
    )


def _sheet(values: DeltaValues) -> DeltaSheet:
    sums = field_sums(values.projects)
    rest = max((_most(one) for one in sums[1:]), default=0)
    shown = sums if len(sums) > 2 else sums[:1]
    changed = [project for project in values.projects if project.text] if values.then else []
    return DeltaSheet(
        heading="Veränderungen seit der letzten Sitzung",
        body_name=f"Anlage zur Tagesordnung der {values.meeting.label}, {values.body.name}",
        facts=_facts(values),
        heads=tuple(head for _, head in _columns(values)),
        adds_up=values.then is not None,
        fields=tuple(_field(values, one, rest if one.key else _most(one)) for one in shown if values.projects),
        moved=tuple(_moved(values)) if values.then else (),
        changes=len(changed),
        changed=_by_field(changed),
    )


def _facts(values: DeltaValues) -> tuple[tuple[str, str], ...]:
    then = f"{values.then.label} am {text.long_date(values.then.on)}" if values.then else "keine frühere Sitzung"
    return (
        ("Sitzung", f"{values.meeting.label} am {text.long_date(values.meeting.on)}"),
        ("Damals", then),
        ("Jetzt", f"Stand {text.long_date(values.as_of)}"),
    )


def _most(sums: FieldSums) -> int:
    return max(sums.total.counts[Count.THEN], sums.total.counts[Count.NOW])


def _columns(values: DeltaValues) -> list[tuple[Count, str]]:
    now = (Count.NOW, text.date(values.as_of))
    if values.then is None:
        return [now]
    return [
        (Count.THEN, text.date(values.then.on)),
        (Count.CAME, "+ Zugang"),
        (Count.WENT, "− Abgang"),
        (Count.TURNED_TO, "+ Wechsel hierher"),
        (Count.TURNED_FROM, "− Wechsel von hier"),
        now,
    ]


def _field(values: DeltaValues, sums: FieldSums, most: int) -> FieldPart:
    days = [(text.date(values.as_of), sums.by_light(Count.NOW))]
    if values.then:
        days.insert(0, (text.date(values.then.on), sums.by_light(Count.THEN)))
    told = (
        f"{day}: {text.joined([f'{number} {_WORDS[key]}' for key, number in counts.items()])}" for day, counts in days
    )
    return FieldPart(
        name=sums.name,
        caption=f"{sums.name}: Projekte je Ampel",
        chart=charts.bars(days, most),
        title=f"Ampeln: {sums.name}",
        description="; ".join(told),
        rows=tuple(_row(values, row) for row in sums.rows),
    )


def _row(values: DeltaValues, row: Row) -> SumsRow:
    numbers = [(SIGNS.get(count, ""), row.counts[count]) for count, _ in _columns(values)]
    return SumsRow(
        LIGHTS[row.light] if row.light_key else None,
        tuple(f"{sign}{number}" if number else "0" for sign, number in numbers),
    )


def _moved(values: DeltaValues) -> list[MovedLine]:
    came = [_moved_line("+", project) for project in values.projects if project.came]
    return came + [_moved_line("−", project) for project in values.projects if project.went]


def _moved_line(sign: str, project: DeltaProject) -> MovedLine:
    name = f"{project.code} {project.title}"
    return MovedLine(sign, name, project.field, project.move, _has_long_word(name, project.field, project.move))


def _by_field(projects: list[DeltaProject]) -> tuple[ChangedPart, ...]:
    """The projects by main field, in the order in which the fields first come."""
    fields = dict.fromkeys(project.field for project in projects)
    return tuple(
        ChangedPart(field, tuple(_changed(project) for project in projects if project.field == field))
        for field in fields
    )


def _has_long_word(*parts: str, longest: int = LONGEST_WORD) -> bool:
    return any(len(word) > longest for part in parts for word in part.replace("-", " ").split())


def _changed(project: DeltaProject) -> ChangedLine:
    return ChangedLine(
        code=project.code,
        title=project.title,
        then=LIGHTS[project.then_light],
        now=LIGHTS[project.now_light],
        phase=PHASES[project.now_phase] if project.now_phase else "",
        words=project.text,
        long=_has_long_word(project.title, project.text) or _has_long_word(project.code, longest=LONGEST_CODE),
    )
