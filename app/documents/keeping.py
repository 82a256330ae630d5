"""Rendered documents, kept for ever: frozen values become bytes once, and everybody is served those."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from sqlalchemy.exc import IntegrityError

from app import clock
from app.agenda import queries
from app.agenda.models import DocumentKind, KeptDocument
from app.agenda.schemas.changes import read_changes
from app.agenda.schemas.frozen import AgendaValues, read_values
from app.agenda.schemas.frozen_delta import read_delta
from app.calendars.build import event_of_frozen
from app.calendars.feed import event_ics
from app.db import Database
from app.documents import pdf
from app.documents.agenda import render_agenda
from app.documents.changes import render_changes
from app.documents.delta import render_delta
from app.documents.letter_values import read_letter
from app.documents.letters import render_letters
from app.documents.minutes import render_addendum, render_minutes
from app.errors import NotFound, SkipError
from app.minutes.schemas.frozen import read_addendum, read_minutes
from app.storage import Storage

_turns: dict[str, threading.Lock] = {}
_turns_guard = threading.Lock()


class Lost(SkipError):
    """The kept bytes are gone or damaged, and the ones rendered anew are not the same."""

    status = 500
    sentence = (
        "Die aufbewahrte Datei fehlt oder ist beschädigt. Das Dokument selbst ist unversehrt; "
        "bitte geben Sie der Systemadministration Bescheid: Sie kann die Datei aus der Sicherung zurückholen."
    )


def keep_pdf(database: Database, storage: Storage, values_hash: str, *, patience: float = pdf.PATIENCE) -> bytes:
    """The PDF of the frozen document or sent letter *values_hash*: the kept bytes, or rendered and kept now.

    No session is open while it renders. Of several who render the same at once the first to be kept wins, and all get
    its bytes. NotFound for an unknown hash, ``pdf.Busy`` after *patience* seconds behind other documents, Lost.
    """
    drawing, kept = _load(database, values_hash)
    if kept is None:
        with _turn(values_hash, patience):
            drawing, kept = _load(database, values_hash)
            if kept is None:
                drawn = drawing(patience)
                kept = _keep(database, values_hash, storage.put(drawn), len(drawn))
    return _bytes(storage, kept, drawing, patience)


def draw_agenda(values: AgendaValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The PDF of *values* that are not kept (a draft), with the meeting's calendar file inside."""
    return render_agenda(values, ics=event_ics(event_of_frozen(values)), patience=patience)


def _draw_kept_agenda(content: str, patience: float) -> bytes:
    values = read_values(content)
    return render_agenda(values, kept_text=content, ics=event_ics(event_of_frozen(values)), patience=patience)


def _draw_kept_changes(content: str, patience: float) -> bytes:
    return render_changes(read_changes(content), kept_text=content, patience=patience)


def _draw_kept_delta(content: str, patience: float) -> bytes:
    return render_delta(read_delta(content), kept_text=content, patience=patience)


def _draw_kept_letter(content: str, patience: float) -> bytes:
    return render_letters(read_letter(content), kept_text=content, patience=patience)


def _draw_kept_minutes(content: str, patience: float) -> bytes:
    return render_minutes(read_minutes(content), kept_text=content, patience=patience)


def _draw_kept_addendum(content: str, patience: float) -> bytes:
    return render_addendum(read_addendum(content), kept_text=content, patience=patience)


Draw = Callable[[str, float], bytes]
DRAW: Mapping[DocumentKind, Draw] = {
    DocumentKind.AGENDA: _draw_kept_agenda,
    DocumentKind.CHANGES: _draw_kept_changes,
    DocumentKind.DELTA: _draw_kept_delta,
    DocumentKind.MINUTES: _draw_kept_minutes,
    DocumentKind.ADDENDUM: _draw_kept_addendum,
}
"""How each kind becomes a PDF: from its stored text, with the patience of ``pdf.to_pdf``; equal texts, equal bytes."""


def _load(database: Database, values_hash: str) -> tuple[Callable[[float], bytes], str | None]:
    """How the values are drawn, and under which key their bytes are kept, if they are."""
    with database.read() as session:
        frozen = queries.find_frozen(session, values_hash)
        letter = queries.find_dispatched(session, values_hash) if frozen is None else None
        kept = queries.find_kept(session, values_hash)
    key = kept.file_key if kept else None
    if frozen is not None:
        return partial(DRAW[frozen.kind], frozen.content), key
    if letter is not None:
        return partial(_draw_kept_letter, letter.content), key
    raise NotFound()


def _keep(database: Database, values_hash: str, file_key: str, size: int) -> str:
    """Promise the bytes under *file_key*, unless another process promised some first; the key that counts."""
    try:
        with database.write() as session:
            found = queries.find_kept(session, values_hash)
            if found is None:
                found = KeptDocument(values_hash=values_hash, file_key=file_key, size=size, made_at=clock.now())
                session.add(found)
            return found.file_key
    except IntegrityError:
        with database.read() as session:
            kept = queries.find_kept(session, values_hash)
        if kept is None:
            raise
        return kept.file_key


def _bytes(storage: Storage, file_key: str, drawing: Callable[[float], bytes], patience: float) -> bytes:
    try:
        return storage.get(file_key)
    except OSError as error:
        drawn = drawing(patience)
        if storage.put(drawn) != file_key:
            raise Lost from error
        return drawn


@contextmanager
def _turn(values_hash: str, patience: float) -> Iterator[None]:
    """One thread at a time renders the same values; the others wait and then find them kept."""
    with _turns_guard:
        lock = _turns.setdefault(values_hash, threading.Lock())
    if not lock.acquire(timeout=patience):
        raise pdf.Busy
    try:
        yield
    finally:
        lock.release()
        with _turns_guard:
            if not lock.locked():
                _turns.pop(values_hash, None)
