"""The chair's speaking notes for word processors (DOCX), for offices that finish them by hand."""

from app.documents.layout import DEMO
from app.documents.office import Paper
from app.documents.speaking import ONLY, DutyLine, Notes, Sheet, Status, notes_of
from app.documents.speaking_values import SpeakingValues


def speaking_docx(values: SpeakingValues) -> bytes:
    """The same notes as the PDF, in the same order, one page for each item."""
    notes = notes_of(values)
    paper = Paper(
        title=notes.title,
        author=values.sender or values.body_name,
        subject=ONLY,
        created=values.changed_at,
        size=13,
    )
    paper.footer(notes.footer)
    if values.demo:
        paper.header(DEMO)
    paper.text(ONLY, bold=True)
    paper.title(notes.heading)
    paper.text(notes.body_name)
    paper.facts(notes.facts)
    _run(paper, notes)
    if notes.opening:
        paper.heading("Begrüßung", new_page=True)
        paper.points(notes.opening)
    for sheet in notes.sheets:
        _sheet(paper, sheet, notes.then_head)
    if notes.closing:
        paper.heading("Schluss", new_page=True)
        paper.points(notes.closing)
    return paper.content()


def _run(paper: Paper, notes: Notes) -> None:
    paper.heading("Ablauf")
    if not notes.rows:
        paper.text("Die Tagesordnung enthält noch keine Punkte.")
        return
    paper.text(f"Geplant sind {notes.sum}.", muted=True)
    rows = [(row.clock, row.number, row.title, row.to_decide, row.minutes) for row in notes.rows]
    paper.table(("Zeit", "TOP", "Gegenstand", "Was zu tun ist", "Dauer"), rows, (18, 15, 60, 48, 24))


def _sheet(paper: Paper, sheet: Sheet, then_head: str) -> None:
    paper.heading(f"TOP {sheet.number}: {sheet.title}", new_page=True)
    paper.facts(sheet.facts)
    paper.heading("Zu entscheiden", 2)
    paper.text(sheet.to_decide, bold=True)
    if sheet.why:
        paper.heading("Warum heute", 2)
        paper.points(sheet.why)
    if sheet.statuses:
        paper.heading("Stand der Projekte", 2)
        rows = [_state(one) for one in sheet.statuses]
        paper.table(("Projekt", then_head, "jetzt"), rows, (75, 45, 45))
    if sheet.duties:
        paper.heading("Offene Beschlüsse und Aufträge", 2)
        paper.table(("Beschluss oder Auftrag", "Stand", "Termin"), [_duty(one) for one in sheet.duties], (85, 35, 45))
    if sheet.clauses:
        paper.heading("Vorgeschlagener Wortlaut", 2)
        for clause in sheet.clauses:
            paper.text(f"{clause.ordinal} {clause.words}".strip())
    for name, lines in sheet.own:
        paper.heading(name, 2)
        paper.points(lines)


def _state(one: Status) -> tuple[str, str, str]:
    then = f"{one.then.shape} {one.then.word}" if one.then else "nicht gezeigt"
    now = f"{one.now.shape} {one.now.word}"
    return one.name, "\n".join(filter(None, (then, one.then_note))), "\n".join(filter(None, (now, one.now_note)))


def _duty(one: DutyLine) -> tuple[str, str, str]:
    return "\n".join(filter(None, (one.name, one.who))), one.state, one.due
