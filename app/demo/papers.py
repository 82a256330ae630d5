"""The invented papers of the demo: small real files that say themselves that they are invented."""

import io

from app.agenda.queries import projects_of_items
from app.agenda.queries.registrations import list_registrations
from app.agenda.service.paper_holders import MeetingPapers, RegistrationPapers
from app.agenda.service.papers import place_of, sorted_items
from app.db import ident
from app.demo.stage import INVENTED, Stage
from app.demo.topics import REGISTERED
from app.meetings.queries import lock_meeting
from app.papers.models import PaperKind
from app.papers.schemas import PaperIn, StoredFile, Upload
from app.papers.service.storing import store_uploads
from app.projects.service.papers import ProjectPapers
from app.storage import Storage

LIMIT_MB = 1
MARK = f"Beispiel, {INVENTED}. Kein Dokument des Landes Berlin."
DRAFT = (
    "Beschlussvorlage",
    MARK,
    "",
    "Gegenstand: Mehrkosten der überbetrieblichen Ausbildungsstätte",
    "Berichterstattung: Handwerkskammer",
    "Begründung: Die Baukosten sind gegenüber dem Antrag gestiegen.",
    "Finanzielle Auswirkungen: 2,6 Millionen Euro (erfunden)",
)
SHEET = "\r\n".join(
    (f"Hinweis;{MARK}", "Gewerk;Antrag (TEUR);jetzt (TEUR)", "Rohbau;4100;5300", "Technik;2700;3600", "")
)
NOTE = f"{MARK}\n\nAblauf der Sitzung: Bitte bringen Sie Ihre Anmeldung zum Einlass mit.\n"
RESULTS = "\r\n".join((f"Hinweis;{MARK}", "Teilprojekt;Stand", "Befragung;abgeschlossen", "Erprobung;läuft", ""))
PROJECT_NOTE = f"{MARK}\n\nKurzfassung des Antrags zur Ausbildungsstätte.\n"


def make_papers(stage: Stage, storage: Storage) -> None:
    """A Vorlage and an Anlage of one item, a note for the whole meeting; papers of a project and a registered topic."""
    meeting = lock_meeting(stage.session, stage.secretary(), ident(stage.meetings["next"]))
    project = stage.projects["2.24"]
    items = sorted_items(stage.session, stage.secretary(), meeting)
    links = projects_of_items(stage.session, [ident(one) for one in items])
    item = next(one for one in items if any(link.project_id == project.id for link in links.get(ident(one), ())))
    files = (
        (item, PaperKind.SUBMISSION, "Beschlussvorlage Ausbildungsstätte", "Beschlussvorlage.pdf", plain_pdf(DRAFT)),
        (item, PaperKind.ANNEX, "Kosten nach Gewerken", "Kosten_nach_Gewerken.csv", SHEET.encode()),
        (None, PaperKind.ANNEX, "Hinweise zum Ablauf", "Hinweise.txt", NOTE.encode()),
    )
    for owner, kind, title, name, content in files:
        stored = _stored(storage, name, content)
        holder = MeetingPapers(stage.session, stage.secretary(), meeting)
        holder.add(stored, PaperIn(kind=kind, title=title), place_of(meeting, owner))
    stored = _stored(storage, "Kurzfassung.txt", PROJECT_NOTE.encode())
    ProjectPapers(stage.session, stage.secretary(), project).add(stored, PaperIn(title="Kurzfassung des Antrags"))
    _of_a_registered_topic(stage, storage)


def _of_a_registered_topic(stage: Stage, storage: Storage) -> None:
    """The project lead whose topic still waits brought the first results along."""
    actor = stage.acting("projektleitung")
    registered = next(one for one in list_registrations(stage.session, actor) if one.title == REGISTERED)
    stored = _stored(storage, "Erste_Ergebnisse.csv", RESULTS.encode())
    RegistrationPapers(stage.session, actor, registered).add(stored, PaperIn(title="Erste Ergebnisse"))


def _stored(storage: Storage, name: str, content: bytes) -> list[StoredFile]:
    return store_uploads(storage, [Upload(name, io.BytesIO(content))], limit_mb=LIMIT_MB)


def plain_pdf(lines: tuple[str, ...]) -> bytes:
    """One page with *lines*, as foreign programs deliver them: it claims no standard."""
    shown = "".join(f"({_escaped(line)}) Tj T* " for line in lines).encode("cp1252", "replace")
    stream = b"BT /F1 11 Tf 16 TL 64 770 Td " + shown + b"ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        content
        + head
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            len(content),
        )
    )


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
