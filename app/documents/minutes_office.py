"""The draft of minutes for word processors (DOCX), for offices that finish them by hand."""

from collections.abc import Sequence

from app.documents.agenda import Clause
from app.documents.layout import DEMO
from app.documents.minutes import Item, There, record_of
from app.documents.office import Paper
from app.minutes.schemas.frozen import MinutesValues
from app.text import joined

DRAFT = "Entwurf der Niederschrift, nicht genehmigt"


def minutes_docx(values: MinutesValues) -> bytes:
    """The same words as the PDF, in the same order; typed Markdown stays as it was typed."""
    record = record_of(values)
    paper = Paper(
        title=record.heading,
        author=values.sender or values.body.name,
        subject=DRAFT,
        created=values.made_at or values.meeting.changed_at,
    )
    paper.footer(f"{values.reference} · {DRAFT}" if values.reference else DRAFT)
    if values.demo:
        paper.header(DEMO)
    paper.text(DRAFT, bold=True)
    paper.title(record.heading)
    paper.text(record.body_name)
    paper.facts(record.facts)
    if record.seats or record.others:
        paper.heading("Anwesenheit")
        rows = [(seat.institution, _people(seat.there) or seat.absence) for seat in record.seats]
        rows += [(one.name, " ".join(part for part in (one.role, one.when) if part)) for one in record.others]
        paper.table(("Sitz oder Name", "Anwesend"), rows, (75, 90))
    _prose(paper, "Eröffnung", values.opening)
    notes = {item.id: item.note for section in values.sections for item in section.items}
    for section in record.sections:
        paper.heading(f"{section.number} {section.title}")
        if section.standing:
            paper.text(section.standing, muted=True)
        for item in section.items:
            _item(paper, item, notes[item.id])
    _prose(paper, "Schluss", values.closing)
    for line in record.signatures:
        paper.signature("", line)
    return paper.content()


def _people(there: Sequence[There]) -> str:
    return "\n".join(f"{one.name} ({', '.join(part for part in (one.role, one.when) if part)})" for one in there)


def _prose(paper: Paper, name: str, words: str) -> None:
    if words:
        paper.heading(name)
        _paragraphs(paper, words)


def _paragraphs(paper: Paper, words: str) -> None:
    for part in words.split("\n\n"):
        if part.strip():
            paper.text(part.strip())


def _clauses(paper: Paper, name: str, clauses: Sequence[Clause]) -> None:
    if clauses:
        paper.text(name, bold=True)
        for clause in clauses:
            paper.text(f"{clause.ordinal} {clause.words}".strip())


def _item(paper: Paper, item: Item, note: str) -> None:
    paper.heading(f"TOP {item.number} {item.title}", 2)
    paper.text(item.facts, muted=True)
    if item.guests:
        paper.text(f"Gäste: {joined(list(item.guests))}", muted=True)
    if item.excluded:
        paper.text(f"Nicht mitgewirkt: {item.excluded}", muted=True)
    if item.withdrawn:
        paper.text(item.withdrawn)
    _paragraphs(paper, note)
    _clauses(paper, "Beschlussvorschlag", item.proposed)
    result = item.result
    if result is not None:
        paper.text(": ".join(part for part in (result.number, result.outcome) if part), bold=True)
        if result.note:
            paper.text(result.note)
        _clauses(paper, "Wortlaut", result.wording)
        _clauses(paper, "Ziffern", result.clauses)
        if result.votes or result.quorum:
            paper.text(". ".join(part for part in (result.votes, result.quorum) if part))
    if item.actions:
        paper.text("Aufträge", bold=True)
        paper.points(item.actions)
