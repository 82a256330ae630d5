"""Files on their way in and out: looked into and stored before any row promises them, orphans swept a day later."""

import datetime as dt
from collections.abc import Sequence

from app import clock, text
from app.db import Database
from app.errors import Invalid, Unavailable
from app.papers.queries import named_keys
from app.papers.rules.formats import media_type_of
from app.papers.rules.names import file_name
from app.papers.rules.refusals import Unfit
from app.papers.schemas import StoredFile, Upload
from app.storage import Storage

MOST_FILES = 20
SWEEP_JOB = "sweep_files"
KEPT = dt.timedelta(days=1)
"""So long a file may lie without a row; whoever puts it in has committed by then."""


class NotStored(Unavailable):
    """The disk refused a file: nothing was written."""

    sentence = (
        "Der Dateispeicher ist voll oder antwortet nicht. Es wurde nichts gespeichert; bitte geben Sie der "
        "Systemadministration Bescheid, und laden Sie die Dateien später noch einmal hoch."
    )


def store_uploads(storage: Storage, uploads: Sequence[Upload], *, limit_mb: int) -> list[StoredFile]:
    """Look into all *uploads*, then store them; to be called outside of any session.

    Invalid names every bad file with its reason (``files.0`` …), and then none is stored; NotStored if the disk
    refuses. What was stored before something else fails is an orphan, which the sweep takes away.
    """
    if not uploads:
        raise Invalid({"files": "Bitte wählen Sie mindestens eine Datei."})
    if len(uploads) > MOST_FILES:
        raise Invalid({"files": f"Bitte laden Sie höchstens {MOST_FILES} Dateien auf einmal hoch."})
    names, kinds, bad = [file_name(one.name) for one in uploads], [], {}
    for place, (upload, name) in enumerate(zip(uploads, names, strict=True)):
        try:
            kinds.append(_look(upload, name, limit_mb))
        except Unfit as why:
            bad[f"files.{place}"] = f"„{name}“ {why}."
    if bad:
        raise Invalid(bad, _summary(len(uploads), len(bad)))
    try:
        return [_store(storage, *one) for one in zip(uploads, names, kinds, strict=True)]
    except OSError as error:
        raise NotStored() from error


def sweep_files(database: Database, storage: Storage) -> int:
    """Take away stored files older than a day that no row names; how many.

    Safe beside people who upload: storing a file again makes it young, and the storage looks at its age once more,
    under its own lock, when it takes the file away.
    """
    before = clock.now() - KEPT
    keys = list(storage.older(before))
    with database.read() as session:
        named = named_keys(session, keys)
    return sum(storage.remove(key, before) for key in keys if key not in named)


def _look(upload: Upload, name: str, limit_mb: int) -> str:
    upload.file.seek(0)
    content = upload.file.read(limit_mb * 1024 * 1024 + 1)
    if len(content) > limit_mb * 1024 * 1024:
        raise Unfit(f"ist größer als {limit_mb} MB")
    return media_type_of(name, content)


def _store(storage: Storage, upload: Upload, name: str, media_type: str) -> StoredFile:
    upload.file.seek(0)
    content = upload.file.read()
    return StoredFile(key=storage.put(content), name=name, media_type=media_type, size=len(content))


def _summary(sent: int, bad: int) -> str:
    if sent == 1:
        return "Die Datei wurde nicht angenommen."
    return f"{text.counted(bad, 'Datei wurde', 'Dateien wurden')} nicht angenommen; deshalb ist keine gespeichert."
