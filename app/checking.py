"""``skip check``: what is configured, what works, and how to mend what does not."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app import clock, text
from app.config import Settings
from app.db import Database
from app.errors import SkipError
from app.jobs.queries import given_up
from app.migrating import current_revision, newest_revision
from app.outbox.models import MailState
from app.outbox.queries import count_by_state
from app.outbox.rules import STATE_WORDS, installation_mailbox, is_real
from app.outbox.smtp import Line, Unreachable, parse_server
from app.storage import Folder, open_storage

SECRET_LENGTH = 32
MAIL_PATIENCE_SECONDS = 10.0
_ENCRYPTED: Mapping[str, str] = {
    "tls": "verschlüsselt",
    "starttls": "verschlüsselt mit STARTTLS",
    "none": "unverschlüsselt",
}
_TO_LOOK_AT = (
    MailState.WAITING,
    MailState.SENDING,
    MailState.UNCERTAIN,
    MailState.REFUSED,
    MailState.GIVEN_UP,
    MailState.WITHHELD,
)
FREE_MEGABYTES = 500
SEARCH_PATIENCE = 1000
"""So many entries of the history may wait for the search before something is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: ``ok`` None is a remark; ``remedy`` says how to mend it."""

    name: str
    ok: bool | None
    words: str
    remedy: str = ""


def settings_lines(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Every setting as (variable, value, meaning); secrets and passwords are not shown."""
    for name, field in Settings.model_fields.items():
        held = getattr(settings, name)
        value = ", ".join(str(one) for one in held) if isinstance(held, tuple) else str(held)
        if "secret" in name:
            value = "(gesetzt)" if value else "(wird aus der Datei neben der Datenbank gelesen)"
        yield f"SKIP_{name.upper()}", _without_password(value) or "(leer)", field.description or ""


def check(settings: Settings) -> list[Finding]:
    """All findings, each from a check of its own; none of them changes anything but a probe file."""
    return [found for one in CHECKS for found in one(settings)]


def _check_database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database(settings.database_url)
        current = current_revision(database)
        database.close()
    except (SQLAlchemyError, OSError) as error:
        yield Finding(
            "Datenbank", False, f"antwortet nicht ({type(error).__name__})", "SKIP_DATABASE_URL und den Server prüfen"
        )
        return
    yield Finding("Datenbank", True, "SQLite" if settings.is_sqlite else "PostgreSQL")
    if current == newest_revision():
        yield Finding("Stand der Datenbank", True, current or "")
    else:
        yield Finding("Stand der Datenbank", False, f"{current or 'leer'} statt {newest_revision()}", "skip migrate")


@contextmanager
def _reading(settings: Settings) -> Iterator[Session | None]:
    """A session; None where the database does not answer or is not up to date, which another check tells."""
    database = Database(settings.database_url)
    try:
        up_to_date = current_revision(database) == newest_revision()
    except (SQLAlchemyError, OSError):
        up_to_date = False
    try:
        if up_to_date:
            with database.read() as session:
                yield session
        else:
            yield None
    finally:
        database.close()


def _check_secret(settings: Settings) -> Iterator[Finding]:
    if not settings.secret_key:
        yield Finding("Geheimnis", None, "liegt neben der Datenbank; für mehrere Rechner SKIP_SECRET_KEY setzen")
    elif len(settings.secret_key) < SECRET_LENGTH:
        yield Finding(
            "Geheimnis", False, "ist zu kurz", f"SKIP_SECRET_KEY mit mindestens {SECRET_LENGTH} Zeichen setzen"
        )
    else:
        yield Finding("Geheimnis", True, "gesetzt")


def _check_address(settings: Settings) -> Iterator[Finding]:
    if settings.base_url.endswith("/"):
        yield Finding("Adresse", False, "endet mit einem Schrägstrich", "SKIP_BASE_URL ohne / am Ende setzen")
    elif settings.uses_https or "127.0.0.1" in settings.base_url or "localhost" in settings.base_url:
        yield Finding("Adresse", True, settings.base_url)
    else:
        yield Finding("Adresse", False, "ist unverschlüsselt", "HTTPS davor setzen, SKIP_BASE_URL mit https://")


def _check_storage(settings: Settings) -> Iterator[Finding]:
    try:
        storage = open_storage(settings.storage)
        key = storage.put(b"skip check")
        storage.get(key)
    except (OSError, ValueError) as error:
        yield Finding("Dateien", False, f"{error}", "SKIP_STORAGE auf einen beschreibbaren Ordner setzen")
        return
    yield Finding("Dateien", True, f"Ordner {settings.storage}")
    if isinstance(storage, Folder):
        free = shutil.disk_usage(storage.root).free // 1024**2
        yield Finding("Platz", free >= FREE_MEGABYTES, f"{free} MB frei", "Platz schaffen oder SKIP_STORAGE verlegen")


def _check_pdf(_settings: Settings) -> Iterator[Finding]:
    from app.documents import pdf

    probe = '<html lang="de"><head><title>Probe</title></head><body><h1>Probe ≤ → ✓</h1></body></html>'
    try:
        content = pdf.to_pdf(probe, identifier="skip-check", created=clock.now())
    except SkipError as error:
        yield Finding("PDF", False, error.sentence, "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0")
    else:
        yield Finding("PDF", content.startswith(b"%PDF"), "eine Probeseite wurde mit eigenen Schriften gesetzt")


def _check_mail(settings: Settings) -> Iterator[Finding]:
    """Mail server reached, encryption and sign-in accepted; nothing is sent."""
    if not settings.smtp_url:
        yield Finding(
            "Mail", None, "kein Mailserver eingestellt (SKIP_SMTP_URL); Mails werden geschrieben, nicht versandt"
        )
        return
    try:
        server = parse_server(settings.smtp_url)
    except ValueError as error:
        yield Finding("Mail", False, str(error), "SKIP_SMTP_URL=smtp://NAME:KENNWORT@SERVER:587")
        return
    line = Line(server, patience=MAIL_PATIENCE_SECONDS)
    try:
        line.open()
        with line:
            yield Finding("Mail", True, f"{server.host}:{server.port} nimmt Mails an, {_ENCRYPTED[server.encrypt]}")
    except Unreachable as error:
        yield Finding("Mail", False, str(error), "SKIP_SMTP_URL, Kennwort, Zertifikat und den Weg dorthin prüfen")
    if not is_real(installation_mailbox(settings)):
        words = "SKIP_MAIL_FROM fehlt; Mails über Konten und Mails von Gremien ohne eigenes Postfach bleiben liegen"
        yield Finding("Absender", None, words)


def _check_outbox(settings: Settings) -> Iterator[Finding]:
    """What waits, and what somebody has to look at."""
    with _reading(settings) as session:
        if session is None:
            return
        counts = count_by_state(session)
    told = [f"{counts[state]} {STATE_WORDS[state]}" for state in _TO_LOOK_AT if state in counts]
    yield Finding("Postausgang", None if told else True, "; ".join(told) or "nichts wartet")


def _check_jobs(settings: Settings) -> Iterator[Finding]:
    """What the worker gave up, kind by kind; regular work that succeeded since needs nobody any more."""
    from app.worker import GIVEN_UP, REGULAR

    with _reading(settings) as session:
        if session is None:
            return
        found = [one for one in given_up(session) if not (one.name in REGULAR and one.done_since)]
    for one in found:
        words, remedy = GIVEN_UP.get(one.name, (one.name, "das Protokoll von skip serve lesen"))
        times = f"{one.many}-mal aufgegeben, zuletzt am {text.moment(one.last_at)}"
        yield Finding("Hintergrundarbeiten", None, f"{words}: {times}", remedy)
    if not found:
        yield Finding("Hintergrundarbeiten", True, "nichts wurde aufgegeben")


def _check_answers(settings: Settings) -> Iterator[Finding]:
    """The mailbox of answers, opened without changing anything in it."""
    from app.invitations.fetching import check_mailbox

    if not settings.imap_url:
        yield Finding("Antworten", None, "kein Postfach (SKIP_IMAP_URL); Antworten nimmt „skip mail receive“")
        return
    try:
        yield Finding("Antworten", True, check_mailbox(settings.imap_url))
    except SkipError as error:
        yield Finding("Antworten", False, error.sentence, "SKIP_IMAP_URL=imaps://NAME:KENNWORT@SERVER/ORDNER")


def _check_texts(settings: Settings) -> Iterator[Finding]:
    from app.privacy.queries.texts import open_gaps
    from app.privacy.rules.texts import TITLES

    with _reading(settings) as session:
        found = {} if session is None else open_gaps(session)
    for name, missing in found.items():
        yield Finding(
            TITLES[name], None, f"{len(missing)} Angaben fehlen noch", f"unter /einstellungen/{name.value} eintragen"
        )


def _check_providers(settings: Settings) -> Iterator[Finding]:
    from app.credentials.providers import discover

    for provider in settings.oidc_providers:
        name = f"Anmeldung über {provider.label}"
        try:
            discover(provider)
        except SkipError:
            yield Finding(name, False, f"{provider.issuer} antwortet nicht wie erwartet", "SKIP_OIDC_PROVIDERS prüfen")
        else:
            yield Finding(name, True, f"{provider.issuer} antwortet")


def _check_search(settings: Settings) -> Iterator[Finding]:
    from app.search.service import behind

    with _reading(settings) as session:
        if session is None:
            return
        waiting = behind(session)
    if waiting > SEARCH_PATIENCE:
        words = f"{waiting} Einträge des Verlaufs sind noch nicht durchsuchbar"
        yield Finding("Suche", False, words, "läuft der Hintergrunddienst (skip serve)? Sonst: skip search rebuild")
    else:
        yield Finding("Suche", True, "kennt den Stand" if not waiting else f"{waiting} Einträge folgen gleich")


def _check_home(settings: Settings) -> Iterator[Finding]:
    if not settings.is_sqlite:
        return
    home: Path = settings.home
    writable = os.access(home if home.exists() else home.parent, os.W_OK)
    yield Finding("Ordner der Datenbank", writable, str(home), "Schreibrecht geben oder SKIP_DATABASE_URL ändern")


def _without_password(address: str) -> str:
    head, separator, tail = address.partition("://")
    if not separator or "@" not in tail:
        return address
    user, _, rest = tail.rpartition("@")
    return f"{head}://{user.split(':')[0]}:…@{rest}" if ":" in user else address


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _check_home,
    _check_database,
    _check_secret,
    _check_address,
    _check_storage,
    _check_pdf,
    _check_mail,
    _check_outbox,
    _check_jobs,
    _check_answers,
    _check_providers,
    _check_search,
    _check_texts,
)
