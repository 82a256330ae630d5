"""What ``skip demo`` does before it serves: make the demo once, write the next agenda and its date, say where."""

import fcntl
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda.models import Edition
from app.agenda.queries import find_edition
from app.agenda.schemas.frozen import AgendaValues, edition, read_values
from app.agenda.service.values import agenda_values, default_as_of
from app.bodies.queries import find_body_by_short_name
from app.calendars.build import build_event
from app.calendars.feed import event_ics
from app.calendars.queries import load_meeting_row
from app.config import Settings
from app.db import Database, ident
from app.demo.making import PASSWORD, make_demo
from app.demo.seats import BODY_SHORT, PERSONAS, person_name
from app.documents.keeping import draw_agenda
from app.errors import Refused
from app.installation.queries import is_demo
from app.meetings.models import Meeting
from app.meetings.queries import find_next_meeting
from app.migrating import upgrade
from app.storage import open_storage

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """``made``: the data are new. ``files``: the agenda and its date, none where no meeting is ahead any more."""

    made: bool
    files: tuple[Path, ...]


def demo_settings(folder: Path, *, port: int) -> Settings:
    """The settings of the demo in *folder*. Refused where another database is configured."""
    path = folder / "demo.db"
    url = f"sqlite:///{path}"
    configured = Settings()
    if "database_url" in configured.model_fields_set and not _same(configured.database_url, path):
        raise Refused(
            "Die Demo schreibt nur in ihre eigene Datenbank, SKIP_DATABASE_URL nennt aber eine andere. "
            f"Entfernen Sie die Angabe, oder setzen Sie {url} ein."
        )
    return Settings(database_url=url, storage=str(folder / "demo" / "files"), base_url=f"http://127.0.0.1:{port}")


def prepare_demo(settings: Settings, *, progress: Progress = lambda _: None) -> DemoReport:
    """Make the demo where it is not there yet, bring it up to date, write agenda and date of the next meeting.

    A demo that is there is kept as it is. Refused for a database that is no demo, and while another one is made.
    """
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    with _alone(path.with_suffix(".lock")):
        made = not path.exists()
        if made:
            _make(path, settings, progress)
        database = Database(settings.database_url)
        try:
            if not made:
                _bring_up_to_date(database)
            progress("Tagesordnung der nächsten Sitzung als PDF")
            return DemoReport(made, _write_files(database, settings))
        finally:
            database.close()


def last_lines(report: DemoReport, settings: Settings) -> list[str]:
    """The end of the output: where the files are, the address, and as whom one can sign in."""
    width = max(len(persona.title) for persona in PERSONAS)
    names = max(len(person_name(persona.key)) for persona in PERSONAS)
    mails = max(len(persona.email) for persona in PERSONAS)
    lines = ["", "Alle Sachstände, Beschlüsse und Personen dieser Demo sind erfunden.", ""]
    words = ("Nächste Tagesordnung", "Termin") if report.files else ()
    lines += [f"{word + ':':<24}{file.resolve()}" for word, file in zip(words, report.files, strict=True)]
    lines += ["", "Anmelden als:"]
    lines += [
        f"  {persona.title:<{width}}  {persona.email:<{mails}}  {person_name(persona.key):<{names}}  {persona.sees}"
        for persona in PERSONAS
    ]
    return [*lines, "", f"{'Kennwort für alle:':<24}{PASSWORD}", f"{'Adresse:':<24}{settings.base_url}"]


def require_free_port(port: int) -> None:
    """Refuse a port on which something else listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refused(
                f"Port {port} ist belegt. Nehmen Sie einen anderen: „make demo PORT=8001“ oder „skip demo --port 8001“."
            ) from None


def _same(url: str, path: Path) -> bool:
    return url.startswith("sqlite:///") and Path(url.removeprefix("sqlite:///")).resolve() == path.resolve()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process makes the demo; the lock dies with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("Ein anderer Vorgang legt die Demo gerade an. Bitte warten Sie einen Moment.") from None
        yield


def _make(path: Path, settings: Settings, progress: Progress) -> None:
    """Build beside the final place and rename at the end, so that a killed run leaves nothing that is served."""
    unfinished = path.with_suffix(".unfinished")
    for name in _files_of(unfinished):
        name.unlink(missing_ok=True)
    database = Database(f"sqlite:///{unfinished}")
    try:
        progress("Leere Datenbank")
        upgrade(database)
        storage = open_storage(settings.storage)
        make_demo(database, settings, today=clock.today(), storage=storage, progress=progress)
        with database.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
    for name in _files_of(path)[1:]:
        name.unlink(missing_ok=True)
    unfinished.replace(path)


def _files_of(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))]


def _bring_up_to_date(database: Database) -> None:
    upgrade(database)
    with database.read() as session:
        if not is_demo(session):
            path = database.url.removeprefix("sqlite:///")
            raise Refused(f"{path} enthält keine Demo und wird nicht angerührt. Benennen Sie die Datei um.")


def _write_files(database: Database, settings: Settings) -> tuple[Path, ...]:
    """The next agenda as it stands, released or draft, and the meeting as a calendar file."""
    actor = system(clock.today(), "Demo")
    with database.read() as session:
        meeting = _next_meeting(session, actor)
        if meeting is None:
            return ()
        values = _values(session, actor, meeting)
        row = load_meeting_row(session, actor, ident(meeting))
    folder = Path(settings.storage).parent
    folder.mkdir(parents=True, exist_ok=True)
    pdf, ics = folder / "tagesordnung.pdf", folder / "sitzung.ics"
    pdf.write_bytes(draw_agenda(values))
    ics.write_bytes(event_ics(build_event(row, base_url=settings.base_url, demo=True)))
    return pdf, ics


def _next_meeting(session: Session, actor: Actor) -> Meeting | None:
    body = find_body_by_short_name(session, BODY_SHORT)
    return find_next_meeting(session, actor, body_id=ident(body)) if body else None


def _values(session: Session, actor: Actor, meeting: Meeting) -> AgendaValues:
    released = find_edition(session, ident(meeting), Edition.FULL)
    if released is not None:
        return read_values(released.content)
    as_of = default_as_of(session, meeting, clock.today())
    return edition(agenda_values(session, actor, meeting, as_of=as_of), Edition.FULL)
